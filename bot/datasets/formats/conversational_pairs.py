"""A question and an answer in two fields, each a list of messages: TRL's conversational prompt and completion."""

from typing import Any

from bot.datasets.formats import messages, pairs
from bot.datasets.formats.dialogue import Dialogue, Format, NotConvertible, dropped
from bot.datasets.leftovers.leftover import Leftover, moved
from bot.datasets.records import Json
from bot.wording import quoted


def _is_messages(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(each, dict) and "role" in each and "content" in each for each in value)
    )


def _parts(row: Json) -> tuple[str, str] | None:
    """Return the keys of question and answer, when the question is a list of messages and each has one key."""
    if "messages" in row:
        return None
    questions, answers = pairs.question_names(row), pairs.answer_names(row)
    if len(questions) != 1 or len(answers) != 1 or not _is_messages(row[questions[0]]):
        return None
    return questions[0], answers[0]


def _is_conversational(row: Json) -> bool:
    return _parts(row) is not None


def _read(row: Json) -> Dialogue:
    asked, answer = _parts(row) or ("", "")
    said = _answered(row[answer], answer)
    talk = {key: value for key, value in row.items() if key in ("system", "tools", "functions")}
    read = messages.read(talk | {"messages": [*row[asked], *said]})
    lost = [each for one in read.dropped for each in _placed(one, row, asked, answer)]
    return Dialogue(read.system, read.turns, (*lost, *dropped(row, (asked, answer, *talk))))


def _placed(each: Leftover, row: Json, asked: str, answer: str) -> tuple[Leftover, ...]:
    """Return a leftover of the joined messages with its place in the row."""
    name, *steps = each.steps
    if name != "messages" or not isinstance(steps[0], int):
        return (each,)
    index = steps[0] - len(row[asked])
    if index < 0:
        return moved([each], (asked,), 1)
    return moved([each], (answer, index) if isinstance(row[answer], list) else (answer,), 2)


def _answered(value: Any, name: str) -> list[Json]:
    if isinstance(value, str):
        return [{"role": "assistant", "content": value}]
    if isinstance(value, dict) and "role" in value:
        return [value]
    if _is_messages(value):
        return list(value)
    raise NotConvertible(f"{quoted(name)} is neither a text nor a list of messages")


CONVERSATIONAL_PAIR = Format(
    "conversational-pair", "TRL's conversational prompt and completion", _is_conversational, _read
)
