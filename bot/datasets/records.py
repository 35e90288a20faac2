"""A record as the rules see it: system texts and turns with their places, whichever of the two formats it is in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.profiles.model import RecordFormat

Json = dict[str, Any]
"""A JSON object."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the record and its place in it."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One message. ``role`` is empty when it is missing or no string."""

    path: str
    role: str
    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """One record, read tolerantly: what has the wrong type is left out here and named by the shape rules."""

    line: int
    value: Json
    system: tuple[Text, ...]
    turns: tuple[Turn, ...]

    def texts(self) -> Iterator[Text]:
        """Yield every text, the system's first."""
        yield from self.system
        for turn in self.turns:
            yield from turn.texts

    def system_prompt(self) -> str | None:
        """Return the system prompt as one text, or None."""
        return "\n".join(each.text for each in self.system) if self.system else None

    def turn_texts(self) -> list[str]:
        """Return the text of each turn; several blocks are joined by line breaks."""
        return ["\n".join(each.text for each in turn.texts) for turn in self.turns]

    def prompt_and_answer(self) -> tuple[int, int]:
        """Return digests of everything before the last turn and of the last turn, equal only for equal texts.

        Meant for records without errors, whose roles are known by their order.
        """
        texts = self.turn_texts()
        return hash((self.system_prompt(), *texts[:-1])), hash(texts[-1] if texts else "")


def joined(texts: Iterable[str]) -> bytes:
    """Return the texts as one in UTF-8, lone surrogates replaced, with a character between that no rule is about."""
    return "\x01".join(texts).encode("utf-8", "replace")


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
    role = message.get("role")
    return Turn(
        path, role if isinstance(role, str) else "", _texts(f"{path}.content", message.get("content"))
    )


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
