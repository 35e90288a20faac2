"""A record as the rules see it: system texts and turns with their places, whichever of the two formats it is in."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Self

from bot.profiles.model import RecordFormat

Json = dict[str, Any]
"""A JSON object."""


class Written(float):
    """A number with a point or an exponent, and how it stands in the file: a price of ``0.10`` is none of ``0.1``."""

    __slots__ = ("digits",)

    digits: str

    def __new__(cls, digits: str) -> Self:
        """Return the number that the digits say, with them."""
        number = super().__new__(cls, digits)
        number.digits = digits
        return number


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the record and its place in it."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One message. ``role`` is empty when it is missing or no string.

    ``reasoning`` is what an answer was thought out with: it is learned and counted as texts are, and is none of the
    answer. ``others`` are the blocks that are neither, such as pictures, as JSON written in one way; empty without any.
    """

    path: str
    role: str
    texts: tuple[Text, ...]
    reasoning: tuple[Text, ...] = ()
    others: str = ""

    def said(self) -> str:
        """Return all that it says: its text, and with it what it holds that is none, so that no other says the same."""
        text = "\n".join(each.text for each in self.texts)
        return (
            _BESIDE.join([text, *(each.text for each in self.reasoning), self.others]) if self._more else text
        )

    @property
    def _more(self) -> bool:
        return bool(self.reasoning or self.others)


@dataclass(frozen=True, slots=True)
class Record:
    """One record, read tolerantly: what has the wrong type is left out here and named by the shape rules."""

    line: int
    value: Json
    system: tuple[Text, ...]
    turns: tuple[Turn, ...]

    def texts(self) -> Iterator[Text]:
        """Yield every text, the system's first; reasoning too."""
        yield from self.system
        for turn in self.turns:
            yield from turn.texts
            yield from turn.reasoning

    def system_prompt(self) -> str | None:
        """Return the system prompt as one text, or None."""
        return "\n".join(each.text for each in self.system) if self.system else None

    def turn_texts(self) -> list[str]:
        """Return the text of each turn; several blocks are joined by line breaks."""
        return ["\n".join(each.text for each in turn.texts) for turn in self.turns]

    def said(self) -> list[str]:
        """Return what each turn says, pictures and reasoning included; of texts alone the same as ``turn_texts``."""
        return [turn.said() for turn in self.turns]

    def words(self) -> bytes | None:
        """Return the words that near copies are told by; None of a record in which they stand beside pictures."""
        if any(turn.others for turn in self.turns):
            return None
        return joined([*self.turn_texts(), *(each.text for turn in self.turns for each in turn.reasoning)])

    def prompt_and_answer(self) -> tuple[int, int]:
        """Return digests of everything before the last turn and of the last turn, equal only for what says the same.

        Meant for records without errors, whose roles are known by their order. An answer that was thought out in two
        ways is no two answers: reasoning counts with what goes before.
        """
        said = self.said()
        before: list[object] = [self.system_prompt(), *said[:-1]]
        if self.turns and self.turns[-1].reasoning:
            before.append(tuple(each.text for each in self.turns[-1].reasoning))
        return hash(tuple(before)), hash(said[-1] if said else "")


_BESIDE = "\x1f"
"""Between a text and what stands beside it: ASCII's unit separator, white space to whoever shows it."""


def joined(texts: Iterable[str]) -> bytes:
    """Return the texts as one in UTF-8, lone surrogates replaced, with a character between that no rule is about."""
    return "\x01".join(texts).encode("utf-8", "replace")


def alike(text: str) -> str:
    """Return a text as it is told apart from others where copies are sought: not by case and white space."""
    return " ".join(text.casefold().split())


def read(line: int, value: Json, record_format: RecordFormat) -> Record:
    """Return the record at ``line`` as the rules see it."""
    messages = value.get("messages")
    turns = [
        _turn(index, message)
        for index, message in enumerate(messages if isinstance(messages, list) else [])
        if isinstance(message, dict)
    ]
    wants_blocks = record_format is RecordFormat.BEDROCK_CONVERSATION
    system = value.get("system")
    if isinstance(system, list) is not wants_blocks:
        system = None
    return Record(line, value, _texts("system", system), tuple(turns))


def _turn(index: int, message: Json) -> Turn:
    path = f"messages[{index}]"
    role, content = message.get("role"), message.get("content")
    place = f"{path}.content"
    reasoning, others = _beside_texts(place, content) if isinstance(content, list) else ((), "")
    return Turn(path, role if isinstance(role, str) else "", _texts(place, content), reasoning, others)


def _beside_texts(path: str, content: list[Any]) -> tuple[tuple[Text, ...], str]:
    """Return the reasoning among the blocks, and those that are no text at all."""
    reasoning: list[Text] = []
    others: list[Any] = []
    for index, block in enumerate(content):
        if isinstance(block, dict) and isinstance(block.get("text"), str):
            continue
        text = reasoning_of(block)
        if text is None:
            others.append(block)
        else:
            reasoning.append(Text(f"{path}[{index}].reasoningContent.reasoningText.text", text))
    return tuple(reasoning), json.dumps(others, sort_keys=True) if others else ""


def reasoning_of(block: Any) -> str | None:
    """Return the text of a block of reasoning, None of any other block."""
    try:
        text = block["reasoningContent"]["reasoningText"]["text"]
    except (KeyError, TypeError, IndexError):
        return None
    return text if isinstance(text, str) else None


def _texts(path: str, content: Any) -> tuple[Text, ...]:
    if isinstance(content, str):
        return (Text(path, content),)
    if not isinstance(content, list):
        return ()
    return tuple(
        Text(f"{path}[{index}].text", block["text"])
        for index, block in enumerate(content)
        if isinstance(block, dict) and isinstance(block.get("text"), str)
    )
