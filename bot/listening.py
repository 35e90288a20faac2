"""The threads in which Bolt runs listeners, and those in which what they have acknowledged is done."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import partial
from typing import Any, ParamSpec, TypeVar, cast

from bot import tracing
from bot.errors import Unavailable

P = ParamSpec("P")
T = TypeVar("T")

COMPUTING = 3
"""Of what was acknowledged, how much is worked on at once while all of it computes. Python computes in one thread at a
time: more of them would answer nobody sooner, and each acknowledgement would wait for its turn among them."""
MOST = 500
"""Presses, commands and events in hand at once: at the slowest, each waiting five seconds for Slack in one of twenty
threads, what came last is done after two minutes. Each holds its whole payload, and is lost with the process."""
WAITING = 0.5
"""Seconds after which what is still in hand is taken to wait for AWS or Redis, so that it holds up nobody. What waits
for Slack says so at once (``waiting``): a reply takes a tenth of a second, and a form has three to be open."""

_HERE = threading.local()
"""Whose thread this is, where it is one that does what was acknowledged."""


@contextmanager
def waiting() -> Iterator[None]:
    """Have somebody else begin while this thread waits for another machine, if it is one that is counted."""
    workers: _Workers | None = getattr(_HERE, "workers", None)
    if workers is None:
        yield
        return
    workers.leave()
    try:
        yield
    finally:
        workers.come_back()


class ListenerThreads(ThreadPoolExecutor):
    """A pool that knows what is in hand: what was acknowledged to Slack is done before the process ends.

    What comes after an acknowledgement has threads of its own: however much of it waits, the next delivery finds a
    thread that acknowledges it.
    """

    def __init__(
        self, threads: int, clock: Callable[[], float] = time.monotonic, *, most: int = MOST
    ) -> None:
        """``most`` is how much may be in hand before what comes is turned away, about."""
        super().__init__(threads, thread_name_prefix="listener")
        self._most = most
        self._work = _Workers(threads, clock)
        self._in_hand: set[Future[Any]] = set()
        self._guard = threading.Lock()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run it in one of the threads; at once, where that is what was acknowledged already.

        Raises:
            Unavailable: not even what only acknowledges gets its turn any more. Bolt fails the delivery then.
        """
        if self._work.is_here:
            future: Future[T] = Future()
            future.set_result(fn(*args, **kwargs))
            return future
        self._check(2 * self._most)
        if not tracing.is_on():
            return self._kept(super().submit(fn, *args, **kwargs))
        within = cast("Callable[[], T]", tracing.carried(partial(fn, *args, **kwargs)))
        return self._kept(super().submit(within))

    def later(self, work: Callable[[], object]) -> None:
        """Do what was acknowledged, in its turn; what is done already goes on with it.

        Raises:
            Unavailable: too much is in hand. Whoever pressed is to be told, since Slack sends a press once.
        """
        if self._work.is_here:
            work()
        else:
            self.check_room()
            self._kept(self._work.add(tracing.carried(work)))

    def check_room(self) -> None:
        """Return when more may be taken in.

        Raises:
            Unavailable: too much is in hand. An event is not to be acknowledged then: Slack sends it again.
        """
        self._check(self._most)

    def _check(self, most: int) -> None:
        with self._guard:
            in_hand = len(self._in_hand)
        if in_hand >= most:
            raise Unavailable(
                "I have so much in hand that I did not take this up.",
                hint="Try again in a minute.",
                detail=f"{in_hand} deliveries in hand",
            )

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


class _Workers:
    """Threads that do what is given, first come, first served: few at once of what computes, many of what waits."""

    def __init__(self, threads: int, clock: Callable[[], float]) -> None:
        self._threads, self._clock = threads, clock
        self._change = threading.Condition()
        self._queue: deque[tuple[Future[None], Callable[[], object]]] = deque()
        self._begun: dict[int, float] = {}
        self._started = False

    @property
    def is_here(self) -> bool:
        """Whether this thread is one of them."""
        return getattr(_HERE, "workers", None) is self

    def add(self, work: Callable[[], object]) -> Future[None]:
        future: Future[None] = Future()
        with self._change:
            self._queue.append((future, work))
            if not self._started:
                self._started = True
                for number in range(self._threads):
                    threading.Thread(target=self._run, name=f"press_{number}", daemon=True).start()
            self._change.notify()
        return future

    def leave(self) -> None:
        """Count this thread no more: it computes nothing for a while."""
        with self._change:
            self._begun.pop(threading.get_ident(), None)
            self._change.notify()

    def come_back(self) -> None:
        """Count it again, at once: what is begun is ended before anything else is begun."""
        with self._change:
            self._begun[threading.get_ident()] = self._clock()

    def _run(self) -> None:
        _HERE.workers = self
        me = threading.get_ident()
        while True:
            future, work = self._next(me)
            try:
                work()
            except BaseException as error:  # noqa: BLE001 -- as a pool does: the thread goes on
                future.set_exception(error)
            else:
                future.set_result(None)
            # Whatever was read for it would stay for as long as this thread has nothing to do.
            del future, work

    def _next(self, me: int) -> tuple[Future[None], Callable[[], object]]:
        with self._change:
            self._begun.pop(me, None)
            while not self._queue or (patience := self._until_room()):
                self._change.wait(patience if self._queue else None)
            self._begun[me] = self._clock()
            return self._queue.popleft()

    def _until_room(self) -> float:
        """Return the seconds until one more may be begun, if none of those in hand ends; 0: now."""
        now = self._clock()
        computing = sorted(now - at for at in self._begun.values() if now - at < WAITING)
        return WAITING - computing[-1] if len(computing) >= min(COMPUTING, self._threads) else 0.0
