"""A conversation as a list of turns under another name than ``messages``, or told by other names than its.

``{"conversations": [{"role": "user", "content": ...}]}``, ``{"dialogue": [{"speaker": "bot", "text": ...}]}``, and
lists of question and answer: ``{"conversation": [{"human": ..., "assistant": ...}]}``.
"""

from typing import Any

from bot.datasets.formats import pairs
from bot.datasets.formats.dialogue import Dialogue, Format, NotConvertible, dropped, lift_system, text_of
from bot.datasets.formats.messages import is_text_block
from bot.datasets.formats.roles import speaker
from bot.datasets.formats.sharegpt import SHAREGPT
from bot.datasets.leftovers.leftover import Leftover, moved
from bot.datasets.records import Json
from bot.wording import quoted

LISTS = (
    "conversations",
    "conversation",
    "dialogue",
    "dialog",
    "chat",
    "turns",
    "conversation_turns",
    "history",
)
"""What such lists are called."""
_SPEAKERS = ("role", "from", "speaker", "author", "sender")
_TEXTS = ("content", "value", "text", "message")
_SYSTEMS = ("system", "system_prompt", "system_message")


def _list_of(row: Json) -> tuple[str, list[Json]] | None:
    """Return the one list of turns and its key; None when there is none, or more than one."""
    if "messages" not in row and row.keys().isdisjoint(LISTS):
        return None
    found = [(key, row[key]) for key in LISTS if _is_objects(row.get(key))]
    if "messages" in row:
        told = row["messages"]
        found = (
            [("messages", told)] if not found and _is_objects(told) and all(map(_is_sharegpt, told)) else []
        )
    return found[0] if len(found) == 1 else None


def _is_objects(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, dict) for each in value)


def _is_sharegpt(turn: Json) -> bool:
    return "from" in turn and "value" in turn and "role" not in turn and "content" not in turn


def _keys_of(turn: Json) -> tuple[str, str] | None:
    """Return which key says who speaks and which what is said; None when that is not plain."""
    who = [key for key in _SPEAKERS if key in turn]
    what = [key for key in _TEXTS if key in turn]
    return (who[0], what[0]) if len(who) == 1 and len(what) == 1 else None


def _is_turn_list(row: Json) -> bool:
    found = _list_of(row)
    if found is None or SHAREGPT.recognise(row):
        return False
    return all(_keys_of(turn) is not None for turn in found[1])


def _is_pair_list(row: Json) -> bool:
    found = _list_of(row)
    return found is not None and found[0] != "messages" and all(map(pairs.is_pair, found[1]))


def _read_turns(row: Json) -> Dialogue:
    key, listed = _list_of(row) or ("", [])
    turns: list[tuple[str, str]] = []
    lost: list[Leftover] = []
    for index, turn in enumerate(listed):
        who, what = _keys_of(turn) or ("", "")
        role = speaker(turn[who])
        if role is None:
            raise NotConvertible(f"there is a turn from {quoted(str(turn[who])[:40])}")
        turns.append((role, _text(turn[what], what)))
        lost += dropped(turn, (who, what), (key, index), role)
    return _finished(row, key, turns, lost)


def _read_pairs(row: Json) -> Dialogue:
    key, listed = _list_of(row) or ("", [])
    turns: list[tuple[str, str]] = []
    lost: list[Leftover] = []
    system: str | None = None
    for index, pair in enumerate(listed):
        said = pairs.read(pair)
        if said.system is not None and said.system.strip():
            if index:
                raise NotConvertible("a system prompt stands in the middle of the conversation")
            system = said.system
        turns += said.turns
        lost += moved(said.dropped, (key, index))
    return _finished(row, key, [("system", system), *turns] if system else turns, lost)


def _finished(row: Json, key: str, turns: list[tuple[str, str]], lost: list[Leftover]) -> Dialogue:
    names = [name for name in _SYSTEMS if row.get(name) is not None]
    if len(names) > 1:
        raise NotConvertible(f"both {quoted(names[0])} and {quoted(names[1])} may be the system prompt")
    given = text_of(row[names[0]], names[0]) if names else None
    system, turns = lift_system(turns, given)
    return Dialogue(system, tuple(turns), (*lost, *dropped(row, (key, *names))))


def _text(value: Any, what: str) -> str:
    if isinstance(value, list) and value and all(is_text_block(block) for block in value):
        return "\n".join(block["text"] for block in value)
    return text_of(value, what)


TURN_LIST = Format(
    "turn-list", "a list of turns under another name than `messages`", _is_turn_list, _read_turns
)
PAIR_LIST = Format("pair-list", "a list of questions and answers", _is_pair_list, _read_pairs)
