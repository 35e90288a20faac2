"""The loop that claims due resources and runs their reconcilers, in any number of threads and processes.

There is no leader and nothing is shared but the store. Whatever goes wrong with one resource is logged, backed off and
tried again, as often as ``giving_up`` says; nothing ends the loop but ``stop``.
"""

import logging
import os
import random as randomness
import socket
import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import wait
from dataclasses import dataclass, field, replace

from bot import log_context, metrics, tracing
from bot.clock import Clock
from bot.controller import giving_up
from bot.controller.context import AnyContext, AnyReconciler, Context, NotReady, OutOfTime
from bot.controller.engine_status import Failing
from bot.controller.history import Standing
from bot.controller.kind import AnyKind
from bot.controller.lanes import Lane, Lanes, Pool, Room, whole_lane
from bot.controller.model import Claim, Done, Key, Outcome, Registration, RequeueAfter, StaleClaim
from bot.controller.ports import Heartbeats, ResourceStore
from bot.controller.wakeup import Bell
from bot.errors import Interrupted, NoIdentity, NotItsTurn, Throttled, TunesmithError, Unavailable
from bot.tracing import SpanKind

log = logging.getLogger(__name__)

_LONG = 30.0
"""Seconds from which on a wait is spread."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How the loop takes its time. All in seconds but ``lanes``."""

    lanes: Lanes = field(default_factory=Lanes)
    """Steps in hand at once in this process."""
    lease: float = 30.0
    """How long a resource is ours after a claim or a save: the longest that a killed process delays it. A kind whose
    steps go longer between two saves has a lease of its own."""
    busy: float = 0.2
    """Between two looks at the store while there is something to do."""
    idle: float = 1.0
    """Between two looks after a while without anything: how late another process's news may be seen."""
    away: float = 5.0
    """Between two looks while the store does not answer; it begins with ``busy``."""
    first_retry: float = 1.0
    """After the first failure of a step; doubled for each further one."""
    last_retry: float = 300.0
    """The longest wait between two tries of a failing step."""
    last_throttle: float = 60.0
    """The longest wait that throttles add up to, when none of them asks for more."""
    beat: float = 5.0
    """Between two heartbeats."""
    drain: float = 18.0
    """How long the steps in hand may go on when the process is to end: less than the process has in all."""


class Controller:
    """Follows every resource that is due and whose kind it has a reconciler for.

    Args:
        store: where the resources are.
        reconcilers: by kind. Kinds that are not in it are left to other processes.
        clock: for leases within this process.
        pace: how long everything lasts.
        kinds: what the kinds of these reconcilers declare: their leases and lanes, which are never given up.
        random: 0 up to 1, for jitter.
        standing: resources that are always there: registered again with each beat, since a store may be emptied or
            replaced while we run, and due at once where it may have forgotten something.
        heartbeats: where to say that this process is at work.
        name: of this process, for the heartbeats.
        bell: by which it sleeps between two looks: whoever changes resources in this process may ring it.
    """

    def __init__(  # noqa: PLR0913 -- what it works with, each by name
        self,
        store: ResourceStore,
        reconcilers: Mapping[str, AnyReconciler],
        clock: Clock,
        pace: Pace | None = None,
        *,
        kinds: Mapping[str, AnyKind],
        random: Callable[[], float] = randomness.random,
        standing: Sequence[Registration] = (),
        heartbeats: Heartbeats | None = None,
        name: str | None = None,
        bell: Bell | None = None,
    ) -> None:
        self._store = store
        self._reconcilers = dict(reconcilers)
        self._clock = clock
        self._pace = pace or Pace()
        self._random = random
        self._standing = Standing(store, standing)
        self._heartbeats = heartbeats
        self._name = name or process_name()
        self._kinds = {name: kinds[name] for name in self._reconcilers}
        self._rooms = [self._whole(lane) for lane in Lane]
        self._bell = bell or Bell(clock)
        self._stop = threading.Event()
        self._trouble = 0  # how often in a row the store did not answer
        self._beaten = float("-inf")
        self._turned = self._heard = clock.monotonic()

    def silence(self) -> float:
        """Return for how many seconds the store has not both answered and taken what this process wrote."""
        return self._clock.monotonic() - self._heard

    def still_for(self) -> float:
        """Return the seconds since the loop last began a turn: many mean that it is stuck."""
        return self._clock.monotonic() - self._turned

    def wake(self) -> None:
        """Look at the store at once: something was just registered in this process."""
        self._bell.ring()

    def tick(self, limit: int | None = None) -> int:
        """Claim what is due, run it in the calling thread, and return how many steps that were: a turn for tests.

        ``limit`` is how many of each lane at most.

        Raises:
            Unavailable: the store did not answer the claim.
        """
        rooms = self._rooms
        if limit is not None:
            rooms = [replace(room, free=min(limit, room.free)) for room in rooms]
        claims = self._store.claim_for(rooms)
        self._heard = self._clock.monotonic()
        for claim in claims:
            self._turn(claim)
        return len(claims)

    def run(self, stop: threading.Event) -> int:
        """Follow until ``stop`` is set (and ``wake`` called, to be quick), then finish what is in hand.

        Returns:
            How many steps were still in hand when the patience ended: their leases lapse and other processes take
            them. Their threads go on, so that a process that has to end should then do so by ``os._exit``.
        """
        self._stop = stop
        quiet = self._pace.busy
        pools = [Pool(lane, whole, self.wake) for lane, whole in zip(Lane, self._rooms, strict=True)]
        while not stop.is_set():
            self._turned = self._clock.monotonic()
            claimed = self._look(pools)
            # Each look is a call to the store. While nothing is due they grow rarer: what is asked for in this process
            # rings the bell, so that only what other processes register waits for the next look.
            quiet = self._pace.busy if claimed else min(quiet * 1.25, self._pace.idle)
            away = self._backoff(self._trouble, self._pace.busy, self._pace.away)
            self._bell.sleep(away if self._trouble else quiet)
        return self._drain(pools)

    def _whole(self, lane: Lane) -> Room:
        """Return all the room of a lane; those that go first stand in front."""
        kinds = {name: kind for name, kind in self._kinds.items() if kind.lane is lane}
        return whole_lane(
            self._pace.lanes.of(lane),
            {name: kind.lease or self._pace.lease for name, kind in kinds.items()},
            {name: kind.shared_by for name, kind in kinds.items() if kind.shared_by},
        )

    # Claiming

    def _look(self, pools: Sequence[Pool]) -> bool:
        """Say that we are at work, claim, and have it done; one more ``_trouble`` when the store does not answer."""
        try:
            self._beat()
            rooms = [pool.room() for pool in pools]
            claims = self._store.claim_for(rooms)
        except TunesmithError as away:
            self._report_trouble(away)
        except Exception:
            log.exception("Claiming failed; trying again")
        else:
            self._trouble, self._heard = 0, self._clock.monotonic()
            metrics.count(metrics.TICKS, "ok")
            for pool, room in zip(pools, rooms, strict=True):
                pool.take(room, [each for each in claims if pool.has(each.resource.key.kind)], self._turn)
            return bool(claims)
        self._trouble += 1
        metrics.count(metrics.TICKS, "away")
        return False

    def _beat(self) -> None:
        """Say that we are at work, and see to it that what stands is there, now and then."""
        now = self._clock.monotonic()
        if now - self._beaten < self._pace.beat:
            return
        if self._heartbeats:
            self._heartbeats.beat(self._name)
        self._standing.see_to_it()
        # Last of all: a beat that fails half-way is made again with the next look, and not after a whole interval.
        self._beaten = now

    def _report_trouble(self, error: TunesmithError) -> None:
        # At each failure, and not at the first alone: how often and how long is what the log's register counts.
        log.warning("The store takes nothing right now; trying again: %s %s", error.sentence, error.detail)

    def _drain(self, pools: Sequence[Pool]) -> int:
        _, left = wait([future for pool in pools for future in pool.close()], timeout=self._pace.drain)
        for future in left:
            log.warning("A step did not end within %s s: %s", self._pace.drain, future)
        return len(left)

    # One step

    def _turn(self, claim: Claim) -> None:
        """Run one step and give the resource back. Nothing of what goes wrong gets out."""
        key, begun = claim.resource.key, self._clock.monotonic()
        whose = log_context.whose(claim.resource.spec)
        trace = log_context.trace_of(str(key))
        told = {"tunesmith.kind": key.kind, "tunesmith.resource": str(key), "tunesmith.trace": trace}
        with (
            log_context.about(resource=str(key), trace=trace, **whose),
            tracing.span(f"turn {key.kind}", SpanKind.CONSUMER, told, parent=tracing.asker(key)),
        ):
            self._step(key, claim)
        metrics.observe(metrics.STEPS, self._clock.monotonic() - begun, key.kind)

    def _step(self, key: Key, claim: Claim) -> None:
        try:
            kind = self._kinds[key.kind]
            context: AnyContext = Context(
                self._store, claim, self._clock, kind.schema, self._stop.is_set, kind.effects
            )
            self._reconcile(context)
        except StaleClaim:
            log.info("%s is another process's now", key)
        except TunesmithError as error:
            log.warning("%s could not be given back, and waits for its lease to end: %s", key, error.sentence)
        except Exception:
            log.exception("%s could not be given back, and waits for its lease to end", key)
        else:
            soon = context.wanted_in()
            if soon < self._pace.idle:
                self._bell.ring_in(soon)

    def _reconcile(self, context: AnyContext) -> None:
        giving_up.begin_again(context.engine, context.generation)
        try:
            outcome = self._reconcilers[context.key.kind](context)
        except StaleClaim:
            raise
        except NotReady as later:
            context.finish(RequeueAfter(later.seconds))
        except OutOfTime:
            context.finish(RequeueAfter(0))
        except Throttled as error:
            self._slow_down(context, error)
        except (Unavailable, NoIdentity) as error:
            tracing.failed(error)
            self._put_off(context, error, giving_up.waited)
        except Exception as error:
            log.exception("%s failed; it is tried again", context.key)
            tracing.failed(error)
            self._fail(context, error)
        else:
            giving_up.settle(context.engine)
            context.finish(self._spread(context, outcome))

    def _spread(self, context: AnyContext, outcome: Outcome) -> Outcome:
        """Take up to a tenth off a long wait, so that what began together, or waited out an outage, spreads out.

        Never later than was asked for, and nothing of what must not wait.
        """
        if isinstance(outcome, Done) or outcome.seconds < _LONG:
            return outcome
        if self._kinds[context.key.kind].lane is Lane.URGENT:
            return outcome
        return RequeueAfter(outcome.seconds * (1 - self._random() / 10))

    def _slow_down(self, context: AnyContext, throttled: Throttled) -> None:
        """Give the resource back for later. A throttle is no failure: it is counted by itself, and never as a try."""
        context.revert()
        times = giving_up.throttled(context.engine.failing, context.now())
        delay = throttled.retry_after
        if not isinstance(throttled, NotItsTurn):
            delay = max(delay, self._backoff(times, self._pace.first_retry, self._pace.last_throttle))
        # It comes from a process that ends, and not from a vendor that needs patience: nobody else has to wait for
        # that.
        if isinstance(throttled, Interrupted):
            log.info("%s is given back: another process goes on with it", context.key)
            metrics.count(metrics.RETRIES, context.key.kind, "interrupted")
            context.finish(RequeueAfter(0))
            return
        metrics.count(metrics.RETRIES, context.key.kind, "throttled")
        log.info("%s is slowed down for %.1f s: %s", context.key, delay, throttled.sentence)
        context.finish(RequeueAfter(delay))

    def _fail(self, context: AnyContext, error: Exception) -> None:
        """Put the resource off, or end it when it has failed too often. Whoever tells of it has told by then."""
        context.revert()
        failing = context.engine.failing
        failures = giving_up.failures(failing, context.generation) + 1
        most = giving_up.TRIES + (0 if context.told_of_its_end else giving_up.GRACE)
        if failures < most or self._kinds[context.key.kind].ends_spending(context.wanted, context.saved):
            self._put_off(context, error, giving_up.failed)
            return
        metrics.count(metrics.RETRIES, context.key.kind, "given_up")
        log.error("%s is given up after %d failures in a row: %s", context.key, failures, _words(error))
        failing.tries, failing.error, failing.gave_up = failures, _words(error), context.generation
        context.end()

    def _put_off(self, context: AnyContext, error: Exception, count: Callable[[Failing, float], int]) -> None:
        """Give the resource back for later with what was last saved: a step that failed half-way proves nothing."""
        context.revert()
        giving_up.begin_again(context.engine, context.generation)
        times = count(context.engine.failing, context.now())
        context.engine.failing.error = _words(error)
        delay = self._backoff(times, self._pace.first_retry, self._pace.last_retry)
        metrics.count(metrics.RETRIES, context.key.kind, "failed" if count is giving_up.failed else "away")
        # Of a vendor that is away this may be the only word: the log writes it once for all who meet it.
        level = logging.WARNING if isinstance(error, (Unavailable, NoIdentity)) else logging.INFO
        log.log(level, "%s is put off for %.1f s after try %s: %s", context.key, delay, times, _words(error))
        context.finish(RequeueAfter(delay))

    def _backoff(self, times: int, first: float, last: float) -> float:
        """Return how long to wait after so many failures: doubling, up to the last, less a random half."""
        # The exponent is bounded since a float is: an outage of days would overflow it. Half of the wait is left to
        # chance, or all that failed together in an outage would be tried together again, each time.
        return min(last, first * 2.0 ** min(times - 1, 30)) * (0.5 + self._random() / 2)


def _words(error: Exception) -> str:
    return error.sentence if isinstance(error, TunesmithError) else repr(error)


def process_name() -> str:
    """Return a name that no other process has."""
    # A container has the same host name and process ID after each restart: the random end tells them apart.
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:6]}"
