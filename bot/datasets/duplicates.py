"""Remembers records by digest, to know copies and contradictions when they come by."""

from dataclasses import dataclass
from enum import Enum

REMEMBERED = 1 << 17
"""Records that are remembered, more than any base takes. A longer file is refused for its length anyway."""


class Kind(Enum):
    """What a record is to those before it."""

    NEW = "new"
    COPY = "copy"
    CONTRADICTION = "contradiction"


@dataclass(frozen=True, slots=True)
class Seen:
    """The kind, and for a contradiction the line on which the prompt stood first."""

    kind: Kind
    first_line: int = 0


NEW = Seen(Kind.NEW)
_COPY = Seen(Kind.COPY)


class Memory:
    """Digests of 64 bits: the chance that two different ones of 20,000 records meet is 1 in 90 billion."""

    def __init__(self) -> None:
        self._rows: set[int] = set()
        self._prompts: dict[int, int] = {}

    def see(self, line: int, prompt: int, answer: int) -> Seen:
        """Return what the record with these digests is to those before it, and remember it."""
        row = hash((prompt, answer))
        if len(self._rows) >= REMEMBERED:
            return _COPY if row in self._rows else NEW
        first = self._prompts.get(prompt)
        if first is None:  # a new prompt is no copy, and most are new
            self._prompts[prompt] = line
            self._rows.add(row)
            return NEW
        if row in self._rows:
            return _COPY
        self._rows.add(row)
        return NEW if first == line else Seen(Kind.CONTRADICTION, first)
