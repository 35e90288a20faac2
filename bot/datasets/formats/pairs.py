"""Rows with a question and an answer in two fields, told by their names: prompt/completion, Alpaca, Dolly, tables.

Case, spaces and hyphens in names do not count. Two names for one part are a guess, which is left to a person.
"""

import json
import re
from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple

from bot.datasets.formats.dialogue import Dialogue, Format, NotConvertible, dropped, text_of
from bot.datasets.leftovers.bookkeeping import is_empty
from bot.datasets.records import Json, Written
from bot.wording import quoted

_QUESTIONS = (
    "prompt", "question", "query", "user", "user_message", "user_input", "user_prompt", "human", "input_text", "inputs",
)  # fmt: skip
_ANSWERS = (
    "completion", "response", "answer", "output", "assistant", "assistant_message", "assistant_response", "reply",
    "output_text", "targets", "target", "target_text", "gpt", "bot",
)  # fmt: skip
_CONTEXTS = ("input", "context")
"""Beside a question: what it is about. ``input`` alone is a question."""

_SYSTEMS = ("system", "system_prompt", "system_message")
_HISTORY = ("history",)
"""LLaMA-Factory's: turns that went before, as pairs of question and answer."""


class _Parts(NamedTuple):
    """The keys of the row that hold its parts, as they are written there."""

    questions: list[str]
    contexts: list[str]
    answers: list[str]
    systems: list[str]
    histories: list[str]


_KNOWN = frozenset((*_QUESTIONS, *_ANSWERS, *_CONTEXTS, *_SYSTEMS, *_HISTORY, "instruction"))
_LONGEST = 40
"""Characters of a name that may be one of these, spaces included."""

_BREAKS = re.compile(r"[\s_-]+")


def _parts(names: Collection[str]) -> _Parts:
    return _parts_of(tuple(names))


@lru_cache(maxsize=16)
def _parts_of(names: tuple[str, ...]) -> _Parts:
    """Return the parts. Each row is asked about a dozen times, and the rows of a table have the same thousand names."""
    folded: dict[str, list[str]] = {}
    for name in names:
        if len(name) <= _LONGEST and (known := _BREAKS.sub("_", name.strip().lower())) in _KNOWN:
            folded.setdefault(known, []).append(name)

    def those(*wanted: str) -> list[str]:
        return [name for each in wanted for name in folded.get(each, [])]

    questions = those(*_QUESTIONS, "instruction") or those("input")
    contexts = [name for name in those(*_CONTEXTS) if name not in questions]
    return _Parts(questions, contexts, those(*_ANSWERS), those(*_SYSTEMS), those(*_HISTORY))


def doubt(names: Collection[str]) -> str:
    """Return why a table with these columns cannot be read without a guess; empty when it can."""
    parts = _parts(names)
    if len(set(names)) < len(names):
        return "two columns have the same name"
    missing = [what for what, found in (("question", parts[0]), ("answer", parts[2])) if not found]
    if missing:
        return f"none of them says that it is the {' or the '.join(missing)}"
    return _rivals(parts)


def _rivals(parts: _Parts) -> str:
    for found, what in zip(parts, ("question", "context", "answer", "system prompt", "history"), strict=True):
        if len(found) > 1:
            return f"both {quoted(found[0][:40])} and {quoted(found[1][:40])} may be the {what}"
    return ""


def is_pair(row: Json) -> bool:
    """Tell a row with a question and an answer in fields of their own."""
    if "messages" in row or "conversations" in row:
        return False
    parts = _parts(row)
    return bool(parts.questions and parts.answers)


def _is_alpaca(row: Json) -> bool:
    return is_pair(row) and _parts(row).questions[0].strip().lower() == "instruction"


def read(row: Json) -> Dialogue:
    """Return what a row with a question and an answer says.

    Raises:
        NotConvertible: something would be lost or guessed.
    """
    answer = _parts(row).answers[0]
    asked = question(row)
    unused = tuple(each for each in asked.dropped if each.steps != (answer,))
    return Dialogue(asked.system, (*asked.turns, ("assistant", _said(row, answer))), unused)


def question_names(row: Json) -> list[str]:
    """Return the fields that are called as questions are."""
    return _parts(row).questions


def answer_names(row: Json) -> list[str]:
    """Return the fields that are called as answers are."""
    return _parts(row).answers


def is_answer(name: str) -> bool:
    """Tell a field that is called as answers are."""
    return bool(_parts([name]).answers)


def question(row: Json) -> Dialogue:
    """Return what the row asks, after which turns and under which system prompt; an answer that it has is left aside.

    What is left aside is in ``dropped``, as is all else that the question does not hold.

    Raises:
        NotConvertible: no field, or more than one, says that it is the question.
    """
    parts = _parts(row)
    rivals = _rivals(parts)
    if rivals:
        raise NotConvertible(rivals)
    if not parts.questions:
        raise NotConvertible("no field says that it is the question")
    name = parts.questions[0]
    told = (_said(row, name), *(_said(row, each) for each in parts.contexts if not is_empty(row[each])))
    earlier = [_earlier(row, each) for each in parts.histories if not is_empty(row[each])]
    given = [_said(row, each) for each in parts.systems if not is_empty(row[each])]
    turns = (*(turn for each in earlier for turn in each), ("user", "\n\n".join(told)))
    used = (name, *parts.contexts, *parts.systems, *parts.histories)
    return Dialogue(given[0] if given else None, turns, dropped(row, used))


def _said(row: Json, name: str) -> str:
    """Return the text of a field; a number is the text that it is written as, ``0`` like any other.

    Raises:
        NotConvertible: it is something else. What true or false should read like is a guess.
    """
    value = row[name]
    if isinstance(value, Written):
        return value.digits
    if isinstance(value, int | float) and not isinstance(value, bool):
        return json.dumps(value)
    return text_of(value, name)


def _earlier(row: Json, name: str) -> list[tuple[str, str]]:
    """Return the turns of a history.

    Raises:
        NotConvertible: it is no list of pairs of texts.
    """
    turns: list[tuple[str, str]] = []
    for pair in row[name] if isinstance(row[name], list) else [None]:
        if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(each, str) for each in pair):
            raise NotConvertible(f"{quoted(name[:40])} is no list of pairs of a question and its answer")
        turns += [("user", pair[0]), ("assistant", pair[1])]
    return turns


PROMPT_COMPLETION = Format("prompt-completion", "the prompt/completion format", is_pair, read)
ALPACA = Format("alpaca", "the Alpaca format", _is_alpaca, read)
