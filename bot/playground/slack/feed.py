"""What the page is told as it happens, and the condition on which every waiter waits."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from bot.playground.slack.state import Json

_KEPT = 5_000


@dataclass(frozen=True)
class Change:
    """One event for the page; ``only`` is the person it is for, or None for everybody who may see ``channel``."""

    seq: int
    body: Json
    only: str | None = None


class Feed:
    """A numbered list of changes. All methods are called with the store's lock held, or take it themselves."""

    def __init__(self, lock: threading.RLock, first: int) -> None:
        self.changed = threading.Condition(lock)
        self._changes: deque[Change] = deque(maxlen=_KEPT)
        self._first = first
        self.seq = first
        self.closed = False

    def add(self, kind: str, *, only: str | None = None, **data: object) -> None:
        """Tell the page of a change and wake everybody who waits."""
        with self.changed:
            self.seq += 1
            self._changes.append(Change(self.seq, {"seq": self.seq, "type": kind, **data}, only))
            self.changed.notify_all()

    def since(self, seq: int) -> list[Change] | None:
        """Return the changes after ``seq``, or None when some of them are no longer kept."""
        with self.changed:
            oldest = self._changes[0].seq - 1 if self._changes else self.seq
            if seq < oldest or seq > self.seq:
                return None
            return [change for change in self._changes if change.seq > seq]

    def wait(self, predicate: Callable[[], bool], timeout: float) -> bool:
        """Wait until the predicate holds (looked at after each change); return whether it did."""
        with self.changed:
            return self.changed.wait_for(lambda: self.closed or predicate(), timeout) and predicate()

    def poke(self) -> None:
        """Have every waiter look again."""
        with self.changed:
            self.changed.notify_all()

    def close(self) -> None:
        """Let every waiter go."""
        with self.changed:
            self.closed = True
            self.changed.notify_all()
