"""The threads in which Bolt runs listeners, and those in which what they have acknowledged is done."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class ListenerThreads(ThreadPoolExecutor):
    """A pool that knows what is in hand: what was acknowledged to Slack is done before the process ends.

    What comes after an acknowledgement has threads of its own: however much of it waits, the next delivery finds a
    thread that acknowledges it.
    """

    def __init__(self, threads: int) -> None:
        super().__init__(threads, thread_name_prefix="listener")
        self._work = ThreadPoolExecutor(threads, thread_name_prefix="press")
        self._in_hand: set[Future[Any]] = set()
        self._guard = threading.Lock()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run it in one of the threads."""
        return self._kept(super().submit(fn, *args, **kwargs))

    def later(self, work: Callable[[], None]) -> None:
        """Do what was acknowledged, when one of the other threads is free."""
        self._kept(self._work.submit(work))

    def _kept(self, future: Future[T]) -> Future[T]:
        with self._guard:
            self._in_hand.add(future)
        future.add_done_callback(self._done)
        return future

    def _done(self, future: Future[Any]) -> None:
        with self._guard:
            self._in_hand.discard(future)

    def drain(self, seconds: float) -> int:
        """Wait until nothing is in hand, so long at most, and return how much still is."""
        ends = time.monotonic() + seconds
        while True:
            with self._guard:
                in_hand = set(self._in_hand)
            left = ends - time.monotonic()
            if not in_hand or left <= 0:
                return len(in_hand)
            # What ends may have left something for later.
            wait(in_hand, timeout=left, return_when=FIRST_COMPLETED)
