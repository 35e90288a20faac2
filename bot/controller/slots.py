"""How many files one process has in hand at once, and how much disk they may take; the rest stand in line."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from bot.clock import Clock
from bot.errors import Refused

COPIES: Final = 2.5
"""How often a file's size is taken on the disk at most: itself, a corrected copy, and what is made beside it."""
SPARE: Final = 256 * 1024 * 1024
"""Bytes of the disk that are left for everybody else."""
FORGOTTEN: Final = 30.0
"""Seconds after which one that does not ask again is no longer waited for."""


class Busy(Exception):
    """There is no place yet. ``place`` is which it is in line, from 1; ``seconds``, when to ask again."""

    def __init__(self, place: int) -> None:
        super().__init__(f"{ordinal(place)} in line")
        self.place = place
        self.seconds = min(2.0 + place, 10.0)


@dataclass(slots=True)
class _Waiting:
    size: int
    asked: float


class Slots:
    """Places for files that are worked on in this process, taken in the order in which they were asked for.

    Args:
        count: how many there are; 0: any number.
        clock: for those who do not come back.
        free: how many bytes the disk has left; None: enough.
    """

    def __init__(self, count: int, clock: Clock, free: Callable[[], int] | None = None) -> None:
        self._count = count
        self._clock = clock
        self._free = free
        self._lock = threading.Lock()
        self._taken: dict[str, int] = {}
        self._waiting: dict[str, _Waiting] = {}

    @contextmanager
    def taken(self, who: str, size: int) -> Iterator[None]:
        """Have a place for a file of so many bytes, as long as the context lasts.

        Raises:
            Busy: it is not its turn yet.
            Refused: the disk has no room for it, though nothing else is in hand.
        """
        # Reserved by what it may come to need and not by what it takes now: files grow while they are unpacked and
        # judged.
        need = int(size * COPIES)
        with self._lock:
            self._take(who, need)
        try:
            yield
        finally:
            with self._lock:
                self._taken.pop(who, None)

    def _take(self, who: str, need: int) -> None:
        now = self._clock.monotonic()
        self._waiting = {
            key: each for key, each in self._waiting.items() if now - each.asked < FORGOTTEN or key == who
        }
        # A dictionary keeps the order of arrival, and asking again moves nobody.
        self._waiting.setdefault(who, _Waiting(need, now)).asked = now
        before = list(self._waiting).index(who)
        has_room = self._has_room(need)
        if not has_room and not self._taken:
            del self._waiting[who]
            raise Refused(
                "My disk has no room for this file.",
                hint="The operator makes some; send the file again then.",
            )
        # Those in front have the free places first, even one for which the disk has no room yet: else small files
        # overtake a large one for ever.
        if (self._count and before >= self._count - len(self._taken)) or not has_room:
            raise Busy(before + 1)
        del self._waiting[who]
        self._taken[who] = need

    def _has_room(self, need: int) -> bool:
        """Return whether it fits beside what the others may still write."""
        return self._free is None or need + sum(self._taken.values()) + SPARE <= self._free()


def ordinal(number: int) -> str:
    """Return ``1st``, ``2nd``, ``12th``."""
    teens = 10 <= number % 100 <= 20
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
