"""What ends a loop's sleep: a bell, and a store that rings it, so that what a person just asked for begins at once."""

import heapq
import threading
from collections.abc import Callable, Sequence
from typing import Any

from bot import tracing
from bot.clock import Clock
from bot.controller.model import Claim, Document, Done, Key, Registration, RequeueAfter, Resource
from bot.controller.ports import ResourceStore
from bot.log_context import note_resource


class Bell:
    """Wakes the one thread that sleeps by it, at once or at a moment that was set before.

    A moment that passes while nobody sleeps ends the next sleep at once.
    """

    def __init__(self, clock: Clock) -> None:
        """``clock``'s monotonic side is what moments are told by."""
        self._clock = clock
        self._stirred = threading.Event()
        self._lock = threading.Lock()
        self._rung = False
        self._moments: list[float] = []

    def ring(self) -> None:
        """End the sleep at once."""
        # Before the sleeper is stirred, who would find that nothing was rung and sleep on.
        self._rung = True
        self._stirred.set()

    def ring_in(self, seconds: float) -> None:
        """End the sleep so many seconds from now, or sooner."""
        with self._lock:
            # Kept as moments, and not as timers: a thread for each resource that is due soon would be hundreds of them.
            heapq.heappush(self._moments, self._clock.monotonic() + seconds)
        self._stirred.set()

    def sleep(self, seconds: float) -> None:
        """Sleep until the bell rings, for so many seconds at most."""
        ends = self._clock.monotonic() + seconds
        while not self._rung:
            left = min(ends, self._soonest()) - self._clock.monotonic()
            if left <= 0 or not self._stirred.wait(left):
                break
            # Stirred without being rung: a moment was set that may come before the end. Sleep on until then.
            self._stirred.clear()
        # Cleared at the end and not at the beginning: a ring before the sleep must end it.
        self._rung = False
        self._forget_what_is_past()

    def _soonest(self) -> float:
        with self._lock:
            return self._moments[0] if self._moments else float("inf")

    def _forget_what_is_past(self) -> None:
        with self._lock:
            while self._moments and self._moments[0] <= self._clock.monotonic():
                heapq.heappop(self._moments)


class WakingStore:
    """A ``ResourceStore``; after each change the loop looks at the store at once.

    Without it nothing is lost: the loop looks by itself a little later, and so do other processes.
    """

    def __init__(self, store: ResourceStore, wake: Callable[[], None]) -> None:
        self._store = store
        self._wake = wake
        self.get = store.get
        self.of_kind = store.of_kind
        self.of_kinds = store.of_kinds
        self.unfinished = store.unfinished
        self.claim = store.claim
        self.claim_for = store.claim_for
        self.now = store.now
        self.era = store.era

    def commit(
        self,
        claim: Claim,
        status: Document,
        outcome: RequeueAfter | Done | None,
        also: Sequence[Registration] = (),
    ) -> Claim:
        """Write the status. What is registered beside it is claimed by whoever looks next."""
        tracing.carry(*(each.key for each in also))
        return self._store.commit(claim, status, outcome, also)

    def register(self, registration: Registration) -> bool:
        """Add the resource and wake the loop."""
        tracing.carry(registration.key)
        added = self._store.register(registration)
        note_resource(registration.key)
        if added:
            self._wake()
        return added

    def register_sole(self, sole: str, make: Callable[[], Registration]) -> bool:
        """Add the resource, of which there may be only one, and wake the loop."""

        def made() -> Registration:
            registration = make()
            tracing.carry(registration.key)
            return registration

        added = self._store.register_sole(sole, made)
        if added:
            self._wake()
        return added

    def amend(
        self, key: Key, change: Callable[[dict[str, Any]], Document], sole: str = ""
    ) -> Resource | None:
        """Change the spec and wake the loop."""
        tracing.carry(key)
        resource = self._store.amend(key, change, sole)
        note_resource(key)
        self._wake()
        return resource

    def enqueue_now(self, *keys: Key) -> None:
        """Make resources due and wake the loop."""
        tracing.carry(*keys)
        self._store.enqueue_now(*keys)
        if keys:
            self._wake()
