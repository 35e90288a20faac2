"""Rows with a question and an answer in two fields, told by their names: prompt/completion, Alpaca, Dolly, tables.

Case, spaces and hyphens in names do not count. Two names for one part are a guess, which is left to a person.
"""

import re
from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple

from bot.datasets.formats.dialogue import Dialogue, Format, NotConvertible, dropped, text_of
from bot.datasets.records import Json

_QUESTIONS = ("prompt", "question", "query", "user", "user_message", "human")
_ANSWERS = ("completion", "response", "answer", "output", "assistant", "assistant_message", "reply")
_CONTEXTS = ("input", "context")
"""Beside an ``instruction``: what it is about. ``input`` alone is a question."""

_SYSTEMS = ("system", "system_prompt", "system_message")


class _Parts(NamedTuple):
    """The keys of the row that hold its parts, as they are written there."""

    questions: list[str]
    contexts: list[str]
    answers: list[str]
    systems: list[str]


_KNOWN = frozenset((*_QUESTIONS, *_ANSWERS, *_CONTEXTS, *_SYSTEMS, "instruction"))
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

    questions = those(*_QUESTIONS)
    if "instruction" in folded and not questions:
        return _Parts(those("instruction"), those(*_CONTEXTS), those(*_ANSWERS), those(*_SYSTEMS))
    questions += those("instruction") + ([] if questions else those("input"))
    return _Parts(questions, [], those(*_ANSWERS), those(*_SYSTEMS))


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
    for found, what in zip(parts, ("question", "context", "answer", "system prompt"), strict=True):
        if len(found) > 1:
            return f"both `{found[0][:40]}` and `{found[1][:40]}` may be the {what}"
    return ""


def _is_pair(row: Json) -> bool:
    if "messages" in row or "conversations" in row:
        return False
    parts = _parts(row)
    return bool(parts.questions and parts.answers)


def _is_alpaca(row: Json) -> bool:
    return _is_pair(row) and _parts(row).questions[0].strip().lower() == "instruction"


def _read(row: Json) -> Dialogue:
    parts = _parts(row)
    asked, answer = question(row), parts.answers[0]
    used = (parts.questions[0], answer, *parts.contexts, *parts.systems)
    answered = ("assistant", text_of(row[answer], answer))
    return Dialogue(asked.system, (*asked.turns, answered), dropped(row, used))


def is_answer(name: str) -> bool:
    """Tell a field that is called as answers are."""
    return bool(_parts([name]).answers)


def question(row: Json) -> Dialogue:
    """Return what the row asks, and under which system prompt; an answer that it may have is left aside.

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
    text = text_of(row[name], name)
    for each in parts.contexts:
        context = text_of(row[each] or "", each)
        text = f"{text}\n\n{context}" if context.strip() else text
    given = [row[each] for each in parts.systems if row[each] is not None]
    return Dialogue(text_of(given[0], parts.systems[0]) if given else None, (("user", text),))


PROMPT_COMPLETION = Format("prompt-completion", "the prompt/completion format", _is_pair, _read)
ALPACA = Format("alpaca", "the Alpaca format", _is_alpaca, _read)
