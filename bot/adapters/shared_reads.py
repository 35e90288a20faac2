"""One read for all who want the same at the same time: a read that begins after they asked is as good as their own."""

import threading
from collections import defaultdict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from datetime import datetime
from typing import Generic, TypeVar

T = TypeVar("T")


class _Read(Generic[T]):
    """A read that has not begun: who comes until then takes part in it."""

    def __init__(self, since: datetime) -> None:
        self.since = since
        self.outcome: Future[T] = Future()


class SharedReads(Generic[T]):
    """Joins reads of the same place. Whoever asks while one is under way takes part in the next, and begins none.

    So of any number who ask at once, two reads are made: nobody is given what was read before they asked.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next: dict[Hashable, _Read[T]] = {}
        self._turns: dict[Hashable, threading.Lock] = {}
        self._wanted: dict[Hashable, int] = defaultdict(int)

    def get(self, place: Hashable, since: datetime, read: Callable[[datetime], T]) -> T:
        """Return what ``read`` gives, called with the earliest ``since`` of all who take part.

        Raises:
            Exception: whatever the read raised, to everybody who took part.
        """
        following = self._join(place, since)
        if following is not None:
            return following.outcome.result()
        try:
            # Behind the read that is under way, which began before this one was asked for.
            with self._turns[place]:
                return self._made(place, read)
        finally:
            self._leave(place)

    def _join(self, place: Hashable, since: datetime) -> _Read[T] | None:
        """Take part in the next read of the place and return it, or None: then it is the caller's to make."""
        with self._lock:
            following = self._next.get(place)
            if following is not None:
                following.since = min(following.since, since)
                return following
            self._next[place] = _Read(since)
            self._turns.setdefault(place, threading.Lock())
            self._wanted[place] += 1
            return None

    def _made(self, place: Hashable, read: Callable[[datetime], T]) -> T:
        with self._lock:
            mine = self._next.pop(place)  # from here on nobody takes part any more
        try:
            result = read(mine.since)
        # Whatever it is, or those who take part would wait for ever.
        except BaseException as error:
            mine.outcome.set_exception(error)
            raise
        mine.outcome.set_result(result)
        return result

    def _leave(self, place: Hashable) -> None:
        with self._lock:
            self._wanted[place] -= 1
            if not self._wanted[place]:
                del self._wanted[place], self._turns[place]
