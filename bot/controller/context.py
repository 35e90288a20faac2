"""A claim in the hands of a reconciler: what is wanted, what was done, and how long it may go on."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from bot.clock import Clock
from bot.controller.crash_points import crash_point
from bot.controller.model import Claim, Document, Done, Key, Outcome, Registration, RequeueAfter, StaleClaim
from bot.controller.ports import ResourceStore


class NotReady(Exception):
    """Stop here, keep the status as it stands, and come back after ``seconds``: the step cannot go on before.

    Reconcilers may raise it too; it is no error and is not counted as one.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"in {seconds:.1f} s")
        self.seconds = seconds


class OutOfTime(Exception):
    """The lease is too short for what comes next: give the resource back, so that whoever claims it has a full one."""


Reconciler = Callable[["Context"], Outcome]
"""Brings the world nearer to ``step.spec`` and says when to look again. Level-triggered: it may be run at any time,
any number of times, and may be cut off anywhere. Raise ``Unavailable`` or ``Throttled`` freely: the loop backs off."""


class Context:
    """One turn of a reconciler at one resource.

    Attributes:
        key: Which resource it is.
        spec: What people want of it. A copy: changing it changes nothing.
        status: What has been done about it, by name; change it and ``save``, or return an outcome, which saves too.
        told_of_its_end: Whether people know that it is given up, should this step fail.
    """

    def __init__(
        self, store: ResourceStore, claim: Claim, clock: Clock, stopping: Callable[[], bool] = lambda: False
    ) -> None:
        self._store = store
        self._claim = claim
        self._clock = clock
        self._stopping = stopping
        self._come_back: float | None = None
        # The end of the claim's lease on two clocks, the store's less ours: by it `wanted_in` reads due times without
        # asking the store.
        self._ahead = (claim.resource.due_at or 0.0) - claim.lease_ends
        self._news = False
        self.told_of_its_end = False
        self.key: Key = claim.resource.key
        self.spec: Document = _copy(claim.resource.spec)
        self.status: dict[str, Any] = _copy(claim.resource.status)

    @property
    def saved(self) -> Document:
        """The status as it was last written."""
        return self._claim.resource.status

    @property
    def generation(self) -> int:
        """Which version of the spec this step works on."""
        return self._claim.resource.generation

    @property
    def lease(self) -> float:
        """Seconds that the lease lasts from each save."""
        return self._claim.lease

    @property
    def stopping(self) -> bool:
        """Whether the process is about to end: long steps should save what they have and return ``RequeueAfter(0)``."""
        return self._stopping()

    def now(self) -> float:
        """Return the store's time in seconds since the epoch: the one clock that all processes share."""
        return self._store.now()

    def era(self) -> str:
        """Return a word that changes when the store may have forgotten its last writes."""
        return self._store.era()

    def come_back_in(self, seconds: float) -> None:
        """Have the resource looked at again after so long at the latest, whatever the reconciler's outcome says.

        For what could not be done now and must not keep the rest from being done.
        """
        self._come_back = min(seconds, self._come_back) if self._come_back is not None else seconds

    @property
    def comes_back(self) -> bool:
        """Whether ``come_back_in`` was called: something waits for its turn, and the resource is looked at then."""
        return self._come_back is not None

    def wanted_in(self) -> float:
        """Return in about how many seconds the store has something to do with this, or with what it registered.

        Negative when it is due already, endless when it is done.
        """
        if self._news:
            return 0.0
        due_at = self._claim.resource.due_at
        return float("inf") if due_at is None else due_at - self._ahead - self._clock.monotonic()

    def save(self, also: Sequence[Registration] = ()) -> None:
        """Write the status, register other resources with it in the same write, and renew the lease.

        Raises:
            StaleClaim: another process has the resource now. Let it pass through: nothing more may be done.
            Unavailable: the store did not answer.
        """
        self._commit(self.status, None, also)

    def finish(self, outcome: RequeueAfter | Done, status: Document | None = None) -> None:
        """Write the status (or another one) and give the resource back. The loop does this after each reconciler."""
        if self._come_back is not None:
            sooner = isinstance(outcome, Done) or outcome.seconds > self._come_back
            outcome = RequeueAfter(self._come_back) if sooner else outcome
        self._commit(self.status if status is None else status, outcome, ())

    def end(self, status: Document) -> None:
        """Write this status and end the resource, whatever waits for its turn: it is given up."""
        self._commit(status, Done(), ())

    def seconds_left(self) -> float:
        """Return how long the lease still lasts, by this process's monotonic clock; negative once it is over."""
        return self._claim.lease_ends - self._clock.monotonic()

    def ensure_time(self, seconds: float) -> None:
        """Ask before each effect on the outside: a process that was frozen must not act after its lease.

        Args:
            seconds: the longest that the effect may take, its time-outs included.

        Raises:
            OutOfTime: the lease ends before that; the loop gives the resource back at once.
            ValueError: no lease of this kind is ever that long: a defect, and no reason to come back at once.
        """
        if seconds > self.lease:
            raise ValueError(
                f"{self.key} has a lease of {self.lease} s, too short for an effect of {seconds} s"
            )
        if self.seconds_left() < seconds:
            raise OutOfTime

    def _commit(self, status: Document, outcome: Outcome | None, also: Sequence[Registration]) -> None:
        crash_point("before-commit")
        self._claim = self._store.commit(self._claim, status, outcome, also)
        # What was registered with it may be due at once, and only this process knows: others see it a look later.
        self._news = self._news or bool(also)
        crash_point("after-commit")


def _copy(document: Document) -> dict[str, Any]:
    """Return what the store would give back. By way of JSON: much quicker than a deep copy, and done at each save."""
    copied: dict[str, Any] = json.loads(json.dumps(dict(document)))
    return copied


__all__ = ["Context", "NotReady", "OutOfTime", "Reconciler", "StaleClaim"]
