"""Remembers records by digest, to know copies and contradictions when they come by."""

from array import array
from dataclasses import dataclass
from enum import Enum

REMEMBERED = 1 << 16
"""Different records that are remembered, some 130 bytes each: three times what any base takes. A file of more is
refused for its length anyway, copies or not."""


class SeenKind(Enum):
    """What a record is to those before it."""

    NEW = "new"
    COPY = "copy"
    CONTRADICTION = "contradiction"


@dataclass(frozen=True, slots=True)
class Seen:
    """The kind, and for a contradiction the line on which the prompt stood first."""

    kind: SeenKind
    first_line: int = 0


NEW = Seen(SeenKind.NEW)
_COPY = Seen(SeenKind.COPY)


class Memory:
    """Digests of 64 bits: the chance that two different ones of 20,000 records meet is 1 in 90 billion.

    Most prompts stand once: their answer's digest lies in an array, at a fifth of what a set of rows would take.
    """

    def __init__(self) -> None:
        self._prompts: dict[int, int] = {}
        self._lines = array("q")
        self._answers = array("q")
        self._others: set[int] = set()

    def see(self, line: int, prompt: int, answer: int) -> Seen:
        """Return what the record with these digests is to those before it, and remember it."""
        place = self._prompts.get(prompt)
        if place is None:
            if self._has_room():
                self._prompts[prompt] = len(self._lines)
                self._lines.append(line)
                self._answers.append(answer)
            return NEW
        row = hash((prompt, answer))
        if answer == self._answers[place] or row in self._others:
            return _COPY
        if not self._has_room():
            return NEW
        self._others.add(row)
        first = self._lines[place]
        # Several records may stand on one line, and that it contradicts itself helps nobody to find them.
        return NEW if first == line else Seen(SeenKind.CONTRADICTION, first)

    def _has_room(self) -> bool:
        return len(self._lines) + len(self._others) < REMEMBERED
