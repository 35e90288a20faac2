"""ShareGPT: ``{"conversations": [{"from": "human", "value": ...}, {"from": "gpt", "value": ...}]}``."""

from bot.datasets.formats.dialogue import Dialogue, Format, NotConvertible, dropped, lift_system, text_of
from bot.datasets.formats.roles import speaker
from bot.datasets.records import Json
from bot.wording import quoted


def _is_sharegpt(row: Json) -> bool:
    turns = row.get("conversations")
    return isinstance(turns, list) and all(isinstance(turn, dict) and "from" in turn for turn in turns)


def _read(row: Json) -> Dialogue:
    turns: list[tuple[str, str]] = []
    lost = [*dropped(row, ("conversations", "system"))]
    for index, turn in enumerate(row["conversations"]):
        role = speaker(turn["from"])
        if role is None:
            raise NotConvertible(f"there is a turn from {quoted(str(turn['from'])[:40])}")
        turns.append((role, text_of(turn.get("value"), "value")))
        lost += dropped(turn, ("from", "value"), ("conversations", index), role)
    given = row.get("system")
    system, turns = lift_system(turns, None if given is None else text_of(given, "system"))
    return Dialogue(system, tuple(turns), tuple(lost))


SHAREGPT = Format("sharegpt", "the ShareGPT format", _is_sharegpt, _read)
