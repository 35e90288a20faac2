"""Calls as boundaries: named and counted alike in every run, so that it can be disturbed at exactly one of them."""

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Side = Literal["before", "after"]


@dataclass(frozen=True, slots=True, order=True)
class Boundary:
    """The ``ordinal``-th call of that name while people were at that chapter of their journey; 1 is the first."""

    chapter: str
    name: str
    ordinal: int

    def __str__(self) -> str:
        return f"{self.chapter}: {self.name} #{self.ordinal}"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is done at one call. ``kill`` ends the process that called, ``cut`` resets its connection.

    ``before``: the call never reaches the server. ``after``: the server acted, and its answer is lost. ``delay`` waits
    ``seconds`` and goes on; ``answer`` answers in the server's place; ``pause`` freezes the process for ``seconds``
    (SIGSTOP) with the call under way and then lets it go on. ``happen`` does ``happening`` to the playground and goes
    on.
    """

    kind: Literal["kill", "cut", "delay", "answer", "pause", "happen"]
    side: Side = "before"
    seconds: float = 0.0
    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    happening: "Happening | None" = None


Happening = Callable[[Any], None]
"""What is done to a playground. (Its type would be circular here.)"""

Scheme = Callable[[Boundary, int], Fault | None]
"""What to do at a boundary that a replica (by number) has reached; None: nothing."""


def undisturbed(_boundary: Boundary, _replica: int) -> Fault | None:
    """Do nothing."""
    return None


class Register:
    """Names and counts the calls of all replicas."""

    def __init__(self) -> None:
        self.scheme: Scheme = undisturbed
        self.met: list[Boundary] = []
        self.disturbed: list[tuple[Boundary, Fault]] = []
        """What was done, in order."""
        self.happen: Callable[[Happening], None] = lambda _happening: None
        """How a happening is done; the playground sets it."""
        self._chapter = "start"
        self._counts: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()

    @property
    def chapter(self) -> str:
        """What people are at."""
        return self._chapter

    @chapter.setter
    def chapter(self, name: str) -> None:
        with self._lock:
            self._chapter = name

    def meet(self, name: str, replica: int) -> Fault | None:
        """Count a call and return what is to be done at it."""
        with self._lock:
            self._counts[self._chapter, name] += 1
            boundary = Boundary(self._chapter, name, self._counts[self._chapter, name])
            self.met.append(boundary)
            fault = self.scheme(boundary, replica)
            if fault:
                self.disturbed.append((boundary, fault))
            return fault
