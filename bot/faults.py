"""Faults that last: each is told once when it begins and once when it is over, and counted in between.

A token that was revoked, a Redis that is away or one record that cannot be read fails every step that meets it, many
times a second. What is the same fault is decided by its key; that it is over is seen by nobody meeting it any more,
since steps that fail are tried again ever more slowly and nobody tells of the end.
"""

import threading
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

QUIET = 60.0
"""Seconds without the fault after which it is over, at the least."""
QUIETEST = 900.0
"""And at the most: the loop's own longest wait between two tries is five minutes."""
SELDOM = 3600.0
"""The same for what somebody has to mend: it does not pass by itself, and is met whenever somebody tries, which may be
seldom."""
PATIENCE = 3.0
"""A fault that came every so many seconds may stay away so many times as long before it counts as over."""
REMINDER = 3600.0
"""Seconds after which a fault that goes on is told again."""
MOST = 500
"""Faults that are remembered at once; of more than that each is told as a new one."""


class What(StrEnum):
    """What is to be told of a fault."""

    BEGAN = "began"
    GOES_ON = "goes on"
    OVER = "over"


class News(str):
    """What people are told of a fault, and ``about`` which: each process tells it in the words that it met first."""

    __slots__ = ("about",)
    about: str

    def __new__(cls, text: str, about: str) -> Self:
        """Return the text; ``about`` is the same for what is the same news, whichever process has it."""
        made = super().__new__(cls, text)
        made.about = about
        return made


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault as it stands: since and until when it was met, by a monotonic clock in seconds, and how often."""

    key: str
    text: str
    since: float
    last: float
    times: int
    serious: bool = False
    """Whether somebody should hear of it who does not read the log."""

    @property
    def minutes(self) -> float:
        """How long it has lasted."""
        return (self.last - self.since) / 60


@dataclass(slots=True)
class _Open:
    text: str
    since: float
    last: float
    told: float
    serious: bool
    is_outage: bool
    is_by_hand: bool
    times: int = 1
    gap: float = 0.0
    ended: bool = False

    @property
    def quiet(self) -> float:
        """Seconds without it after which it is over."""
        if self.is_by_hand and self.times == 1:
            return SELDOM  # nobody knows yet how often it is met
        return min(SELDOM if self.is_by_hand else QUIETEST, max(QUIET, PATIENCE * self.gap))

    def fault(self, key: str) -> Fault:
        return Fault(key, self.text, self.since, self.last, self.times, self.serious)


class FaultRegister:
    """The faults of one process. Safe to use from several threads."""

    def __init__(self) -> None:
        self._open: dict[str, _Open] = {}
        self._lock = threading.Lock()

    def meet(
        self,
        key: str,
        text: str,
        now: float,
        *,
        serious: bool = False,
        is_outage: bool = False,
        is_by_hand: bool = False,
    ) -> bool:
        """Count a fault, and return whether it is a new one.

        Args:
            key: the same for what has the same cause.
            text: how it is told at its end.
            now: by a monotonic clock, in seconds.
            serious: whether somebody should hear of it who does not read the log.
            is_outage: whether its end is told even if it was met once.
            is_by_hand: whether somebody has to mend it, so that it is not over while nobody happens to meet it; its
                end is told, too.
        """
        with self._lock:
            known = self._open.get(key)
            if known is None:
                if len(self._open) < MOST:
                    self._open[key] = _Open(text, now, now, now, serious, is_outage, is_by_hand)
                return True
            known.ended = False
            known.times += 1
            known.serious = known.serious or serious
            known.gap = max(known.gap, now - known.last)
            known.last = now
            return False

    def end(self, key: str, now: float) -> None:
        """Note that what failed works again, by somebody who tried: it is over at the next look, unless met anew."""
        with self._lock:
            if known := self._open.get(key):
                known.ended, known.last = True, now

    def look(self, now: float) -> list[tuple[What, Fault]]:
        """Return what there is to tell: faults that go on for long, and those that are over, which are forgotten.

        A fault that was met once is over without a word, unless it is an outage or to be mended by hand.
        """
        told: list[tuple[What, Fault]] = []
        with self._lock:
            for key, known in list(self._open.items()):
                if known.ended or now - known.last > known.quiet:
                    del self._open[key]
                    if known.times > 1 or known.is_outage or known.is_by_hand:
                        told.append((What.OVER, known.fault(key)))
                elif now - known.told >= REMINDER and known.last > known.told:
                    known.told = now
                    told.append((What.GOES_ON, known.fault(key)))
        return told

    def open(self) -> int:
        """Return how many are not over."""
        with self._lock:
            return len(self._open)

    def lasting(self, longer_than: float) -> list[Fault]:
        """Return the serious faults that were met over more than so many seconds: what passed sooner is no news."""
        with self._lock:
            return [
                each.fault(key)
                for key, each in self._open.items()
                if each.serious and each.last - each.since > longer_than
            ]
