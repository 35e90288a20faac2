"""Holding a resource through a step that takes longer than its lease: a model that thinks, a file that is large.

A longer lease would do too, but it is also how long a killed process delays everybody; so the lease stays short and
is renewed from a thread while the step waits for something. Whatever is waited for must end by a time-out of its
own: a step that hangs for ever would be held for ever.
"""

import logging
import threading
from types import TracebackType
from typing import Self

from bot.clock import Clock
from bot.controller.context import AnyContext
from bot.controller.model import StaleClaim
from bot.errors import Interrupted, Unavailable

log = logging.getLogger(__name__)


class KeepAlive:
    """Renews a turn's lease, as a context manager. What the step changes meanwhile is written when it saves itself.

    A claim that is lost meanwhile shows at the context's next save, which raises ``StaleClaim`` as ever.

    Args:
        context: what to hold.
        every: seconds between two renewals; a third of the lease when not given.
        patience: seconds for which ``keep`` lets a step go on once the process is about to end, by ``clock``. What is
            cut off and done anew by another process is paid for twice, and somebody watches it.
        clock: needed for patience alone.
    """

    def __init__(
        self,
        context: AnyContext,
        every: float | None = None,
        *,
        patience: float = 0.0,
        clock: Clock | None = None,
    ) -> None:
        self._context = context
        self._patience = patience
        self._clock = clock
        self._lets_go: float | None = None
        self._every = every if every is not None else context.lease / 3
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._renew, name=f"hold-{context.key}", daemon=True)

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End: the step is its own again."""
        self._over.set()
        # Joined, and not only told: the thread may be in the middle of a save, and two saves at once would each make
        # the other's claim stale.
        self._thread.join()

    def keep(self) -> None:
        """Renew the lease now if half of it is over: what a step does that is called back while it waits.

        Raises:
            Interrupted: the process is about to end, so that this is the moment to let go.
        """
        if self._context.stopping and self._has_to_go():
            raise Interrupted
        if self._context.seconds_left() < self._context.lease / 2:
            self._context.renew()

    def _has_to_go(self) -> bool:
        if self._clock is None or not self._patience:
            return True
        now = self._clock.monotonic()
        self._lets_go = now + self._patience if self._lets_go is None else self._lets_go
        return now >= self._lets_go

    def _renew(self) -> None:
        while not self._over.wait(self._every):
            try:
                self._context.renew()
            except StaleClaim:
                return
            # Not given up: a lease outlasts three renewals, and should it end, the next save says so.
            except Unavailable as away:
                log.warning("%s: its lease was not renewed: %s", self._context.key, away.sentence)
