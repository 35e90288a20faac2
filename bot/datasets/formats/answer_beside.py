"""Messages that end with a question, and its answer in a field beside them: the answer is the last turn."""

from bot.datasets.formats import messages, pairs
from bot.datasets.formats.dialogue import Dialogue, Format
from bot.datasets.records import Json


def _answers(row: Json) -> list[str]:
    return [
        name for name in row if pairs.is_answer(name) and isinstance(row[name], str) and row[name].strip()
    ]


def _is_answer_beside(row: Json) -> bool:
    turns = row.get("messages")
    if not isinstance(turns, list) or not turns or not isinstance(turns[-1], dict):
        return False
    return messages.role_of(turns[-1]) == "user" and len(_answers(row)) == 1


def _read(row: Json) -> Dialogue:
    [answer] = _answers(row)
    asked = messages.read({key: value for key, value in row.items() if key != answer})
    return Dialogue(asked.system, (*asked.turns, ("assistant", row[answer])), asked.dropped)


ANSWER_BESIDE = Format(
    "answer-beside-messages", "messages with the answer in a field beside them", _is_answer_beside, _read
)
