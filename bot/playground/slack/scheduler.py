"""Work that is due later on the stand-in's clock: a test advances its clock and calls ``tick``."""

import heapq
import itertools
import threading
from collections.abc import Callable

_LONGEST_NAP = 30.0  # s; how long the thread sleeps when nothing is due, so that a changed clock is noticed


class Scheduler:
    """Runs each job once, at the earliest when the clock (seconds since the epoch) has reached its time."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._wake = threading.Condition()
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="slack-scheduler", daemon=True)

    def start(self) -> None:
        """Begin to run jobs as real time passes."""
        self._thread.start()

    def stop(self) -> None:
        """Run no more jobs."""
        with self._wake:
            self._stopped = True
            self._wake.notify_all()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def at(self, when: float, job: Callable[[], None]) -> None:
        """Run the job at a time in seconds since the epoch."""
        with self._wake:
            heapq.heappush(self._due, (when, next(self._numbers), job))
            self._wake.notify_all()

    def tick(self, ahead: float = 0.0) -> int:
        """Run everything that is due within ``ahead`` seconds, in this thread; return how many jobs ran."""
        ran = 0
        while (job := self._take(ahead)) is not None:
            job()
            ran += 1
        return ran

    def _take(self, ahead: float) -> Callable[[], None] | None:
        with self._wake:
            if self._stopped or not self._due or self._due[0][0] > self._now() + ahead:
                return None
            return heapq.heappop(self._due)[2]

    def _run(self) -> None:
        while True:
            self.tick()
            with self._wake:
                if self._stopped:
                    return
                nap = self._due[0][0] - self._now() if self._due else _LONGEST_NAP
                if nap > 0:
                    self._wake.wait(min(nap, _LONGEST_NAP))
