"""The threads in which Bolt runs listeners once they have acknowledged."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class ListenerThreads(ThreadPoolExecutor):
    """A pool that knows what is in hand: what was acknowledged to Slack is done before the process ends."""

    def __init__(self, threads: int) -> None:
        super().__init__(threads, thread_name_prefix="listener")
        self._in_hand: set[Future[Any]] = set()
        self._guard = threading.Lock()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run it in one of the threads."""
        future = super().submit(fn, *args, **kwargs)
        with self._guard:
            self._in_hand.add(future)
        future.add_done_callback(self._done)
        return future

    def _done(self, future: Future[Any]) -> None:
        with self._guard:
            self._in_hand.discard(future)

    def drain(self, seconds: float) -> int:
        """Wait until nothing is in hand, so long at most, and return how much still is."""
        with self._guard:
            in_hand = set(self._in_hand)
        _, left = wait(in_hand, timeout=seconds)
        return len(left)
