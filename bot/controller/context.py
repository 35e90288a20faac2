"""A claim in the hands of a reconciler: what is wanted, what was done, and how long it may go on."""

import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any, Generic, TypeAlias, TypeVar

from bot.clock import Clock
from bot.controller.crash_points import crash_point
from bot.controller.effects import BEGUN, DONE, REFUSED, Effect, EffectRecord, Proof, entry_name, passing
from bot.controller.engine_status import EngineStatus
from bot.controller.model import Claim, Document, Done, Key, Outcome, Registration, RequeueAfter, StaleClaim
from bot.controller.ports import ResourceStore
from bot.controller.schema import Schema, Spec, Status
from bot.errors import Misconfigured, NoIdentity, Refused, Unavailable, UnknownOutcome

R = TypeVar("R")

TOLD = 1.0
"""Seconds for which a step goes on by the store's time as it was told: most steps ask for it several times."""


class NotReady(Exception):
    """Stop here, keep the status as it stands, and come back after ``seconds``: the step cannot go on before.

    Reconcilers may raise it too; it is no error and is not counted as one.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"in {seconds:.1f} s")
        self.seconds = seconds


class OutOfTime(Exception):
    """The lease is too short for what comes next: give the resource back, so that whoever claims it has a full one."""


class Context(Generic[Spec, Status]):
    """One turn of a reconciler at one resource.

    Attributes:
        key: Which resource it is.
        status: What has been done about it; change it and ``save``, or return an outcome, which saves too.
        engine: What the engine itself keeps of it: its messages, its effects, what goes wrong.
        told_of_its_end: Whether people know that it is given up, should this step fail.
    """

    def __init__(
        self,
        store: ResourceStore,
        claim: Claim,
        clock: Clock,
        schema: Schema[Spec, Status],
        stopping: Callable[[], bool] = lambda: False,
        effects: Collection[Effect] | None = None,
    ) -> None:
        """``effects`` are those that its kind declares; None: any may be done."""
        self._effects = effects
        self._store = store
        self._claim = claim
        self._clock = clock
        self._schema = schema
        self._stopping = stopping
        self._come_back: float | None = None
        # The end of the claim's lease on two clocks, the store's less ours: by it `wanted_in` reads due times without
        # asking the store.
        self._ahead = (claim.resource.due_at or 0.0) - claim.lease_ends
        self._read_at = claim.lease_ends - claim.lease
        self._told, self._told_at = 0.0, float("-inf")
        self._news = False
        self._commits = threading.RLock()  # a step that takes long is renewed from a thread of its own
        self._spec: Spec | None = None
        self._status: Status | None = None
        self.engine = EngineStatus.of(claim.resource.status)
        self.told_of_its_end = False
        self.born = ""
        """The store's era in which it was written down, where its reconciler knows that."""
        self.key: Key = claim.resource.key

    @property
    def spec(self) -> Spec:
        """What people want of it."""
        if self._spec is None:
            self._spec = self._schema.spec_of(self._claim.resource)
        return self._spec

    @property
    def status(self) -> Status:
        """What has been done about it."""
        if self._status is None:
            self._status = self._schema.status_of(self._claim.resource)
        return self._status

    @status.setter
    def status(self, status: Status) -> None:
        self._status = status

    @property
    def is_new(self) -> bool:
        """Whether nothing has ever been written down of it."""
        return self._schema.name not in self.saved

    def revert(self) -> None:
        """Forget what was changed and not saved: a step that failed half-way proves nothing."""
        self._status, self.engine = None, EngineStatus.of(self.saved)

    @property
    def wanted(self) -> Document:
        """What people want of it, as it is stored: for what is said of a resource whatever its kind."""
        return self._claim.resource.spec

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

    @property
    def age(self) -> float:
        """Seconds since what people want of it was read: what they want since then, the next step sees."""
        return self._clock.monotonic() - self._read_at

    def now(self) -> float:
        """Return the store's time in seconds since the epoch: the one clock that all processes share.

        It was told within the last second; what has passed since then is by this process's monotonic clock.
        """
        since = self._clock.monotonic() - self._told_at
        if not 0 <= since < TOLD:
            self._told, self._told_at, since = self._store.now(), self._clock.monotonic(), 0.0
        return self._told + since

    def era(self, *, at_once: bool = False) -> str:
        """Return a word that changes when the store may have forgotten its last writes, as the store has it."""
        return self._store.era(at_once=at_once)

    def remembers_all(self) -> bool:
        """Return whether the store cannot have forgotten anything of it: its era lasts, and the store says so now."""
        return bool(self.born) and self.born == self.era(at_once=True)

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
        with self._commits:
            self._commit(self._stored(), None, also)

    def renew(self) -> None:
        """Renew the lease, from whatever thread: what was changed and not saved is not written.

        Raises:
            StaleClaim, Unavailable: as ``save`` does.
        """
        with self._commits:
            self._commit(self.saved, None, ())

    def finish(self, outcome: RequeueAfter | Done) -> None:
        """Write the status and give the resource back. The loop does this after each reconciler."""
        if self._come_back is not None:
            sooner = isinstance(outcome, Done) or outcome.seconds > self._come_back
            outcome = RequeueAfter(self._come_back) if sooner else outcome
        self._commit(self._stored(), outcome, ())

    def end(self) -> None:
        """Write the status and end the resource, whatever waits for its turn: it is given up."""
        self._commit(self._stored(), Done(), ())

    def record(self, effect: Effect, item: str = "") -> EffectRecord:
        """Return how far an effect is, to be read, or to have its ``detail`` changed."""
        return self.engine.effects.setdefault(entry_name(effect, item), EffectRecord())

    def once(
        self,
        effect: Effect,
        call: Callable[[], R],
        *,
        item: str = "",
        look: Callable[[], R | None] | None = None,
        also: Sequence[Registration] = (),
    ) -> R:
        """Do an effect unless it is done, and return its result, new or from the ledger: something that JSON can hold.

        What is harmless to repeat is done without a write of its own: its result goes with the next save. Before all
        else the intent is written, and with it ``also`` is registered; the result is written as soon as it is known.

        Args:
            effect: one that the kind declares.
            call: does it.
            item: what it is about, when the effect has several in one resource.
            look: returns the result when the other side has it already; asked before each attempt.
            also: what is registered in the same write as the intent.

        Raises:
            UnknownOutcome: nobody knows whether it is done; the ledger says that it is begun, and the next claim tells.
            NotReady: an earlier attempt may still show, so that none is made.
            Throttled, Unavailable, NoIdentity: it is certainly not done.
            Refused, Misconfigured: it is not done, and the ledger says so; another ``once`` tries again.
            ValueError: the kind does not declare it: a defect.
        """
        record = self.record(effect, item)
        result: R
        if record.state == DONE:
            result = record.result
            return result
        if self._effects is not None and effect not in self._effects:
            raise ValueError(f"{self.key.kind} does not declare the effect {effect.name}")
        if effect.proof is Proof.REPEAT:
            self.ensure_time(effect.longest)
            record.result = result = _passed(effect, call)
            record.state = DONE
            return result
        if look and (found := look()) is not None:
            return self._done(record, found)
        return self._done(record, self._attempt(effect, record, call, also))

    def _attempt(
        self, effect: Effect, record: EffectRecord, call: Callable[[], R], also: Sequence[Registration]
    ) -> R:
        now = self.now()
        # An attempt in the future was made before the store's clock was set back: waiting could take for
        # ever then.
        if record.at is not None and 0 <= now - record.at < effect.grace:
            raise NotReady(record.at + effect.grace - now)
        before = replace(record)
        record.state, record.at, record.tries, record.error = BEGUN, now, record.tries + 1, ""
        self.save(also)
        try:
            # Asked again, since the save may have taken as long as its time-outs.
            self.ensure_time(effect.longest)
            return _passed(effect, call)
        # Its time and count stay: it may be done, and the next claim looks before it tries again.
        except UnknownOutcome:
            raise
        except OutOfTime:
            # Not saved here: the loop does, when it gives the resource back.
            record.at, record.tries = before.at, before.tries
            raise
        except (Unavailable, NoIdentity):
            record.at, record.tries = before.at, before.tries  # certainly not done
            self.save()
            raise
        except (Refused, Misconfigured) as refusal:
            record.state, record.at, record.error = REFUSED, None, refusal.sentence
            self.save()
            raise

    def leave(self, effect: Effect, why: str, item: str = "") -> None:
        """Write down that an effect is not tried any more, and why."""
        record = self.record(effect, item)
        record.state, record.error = REFUSED, why
        self.save()

    def _done(self, record: EffectRecord, result: R) -> R:
        record.state, record.result = DONE, result
        self.save()
        return result

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

    def _stored(self) -> Document:
        return self._schema.stored(self._status, self.engine, self.saved)

    def _commit(self, status: Document, outcome: Outcome | None, also: Sequence[Registration]) -> None:
        crash_point("before-commit")
        self._claim = self._store.commit(self._claim, status, outcome, also)
        # What was registered with it may be due at once, and only this process knows: others see it a look later.
        self._news = self._news or bool(also)
        crash_point("after-commit")


def _passed(effect: Effect, call: Callable[[], R]) -> R:
    with passing(effect):
        return call()


AnyContext: TypeAlias = Context[Any, Any]
"""A turn at a resource of whatever kind: the engine's own helpers know none."""

Reconciler: TypeAlias = Callable[[Context[Spec, Status]], Outcome]
"""Brings the world nearer to what its context's ``spec`` wants and says when to look again. Level-triggered: it may be
run at any time, any number of times, and may be cut off anywhere. Raise ``Unavailable`` or ``Throttled`` freely: the
loop backs off."""

AnyReconciler: TypeAlias = Callable[[AnyContext], Outcome]


__all__ = ["AnyContext", "AnyReconciler", "Context", "NotReady", "OutOfTime", "Reconciler", "StaleClaim"]
