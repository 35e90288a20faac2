"""What Bedrock tells of jobs by itself, by way of a queue: a reason to look at a region sooner, and nothing else.

AWS delivers events on a best-effort basis, and whoever may write to the queue may write anything. So no event is
believed: one about a job that is followed has the region's poll made due, which lists, and so finds what is true. What
is lost, repeated, late or forged costs at most a listing. A flood costs no more than one in ``SPACING`` seconds, and no
question about a single job at all: those are only asked about jobs of which the listing has news. A batch job is in no
such listing: its own resource is made due, as seldom.

Nothing is kept: a crash anywhere here leaves a look that comes when the poll is due anyway.
"""

import logging
import math
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from bot import metrics
from bot.clock import Clock
from bot.controller.model import Key
from bot.controller.ports import ResourceStore
from bot.errors import TunesmithError
from bot.jobs import poll
from bot.jobs.nudges import Nudges
from bot.jobs.ports import Observations

PATIENCE = 20
"""Seconds that a queue is waited for at most: the longest that SQS takes
(docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html, WaitTimeSeconds)."""
SPACING = 5.0
"""Seconds between two listings of a region for which events are the reason, in all processes together. AWS publishes
no rate for these calls; bot/jobs/cadence.py asks as often when a job is young."""
AGAIN = 10.0
"""Seconds after an event at which the region is looked at once more: a listing may lag behind it."""
FRESH = 5.0
"""Seconds for which it is remembered which jobs are followed, so that a flood does not read them all for each ten."""
MANY = 100
"""Jobs that were told of and that nobody follows, which are looked for once more: a flood takes no more room."""
SOONEST, LATEST = 5.0, 60.0
"""Seconds until a queue that cannot be read is tried again, at first and at most."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Notice:
    """One message of the queue."""

    receipt: str
    """By which it is taken out of the queue."""
    job_arn: str = ""
    """The job that it is about; empty when it is no event of that kind."""


class Events(Protocol):
    """The queue of one region. Both methods raise our own errors."""

    def receive(self, seconds: int) -> Sequence[Notice]:
        """Wait so many seconds at most, and return some of what is there, none when nothing came.

        What is not forgotten within half a minute comes again, to whichever process asks.
        """

    def forget(self, notices: Sequence[Notice]) -> None:
        """Take them out of the queue; one that cannot be taken out comes again."""


def _none() -> Mapping[str, Key]:
    return {}


class EventWatch:
    """Reads one region's queue in a thread of its own, and has the region looked at.

    ``batches`` returns what follows each batch job that runs there, by the job's ARN.
    """

    def __init__(
        self,
        events: Events,
        store: ResourceStore,
        observations: Observations,
        clock: Clock,
        region: str,
        batches: Callable[[], Mapping[str, Key]] = _none,
    ) -> None:
        self._events = events
        self._store = store
        self._observations = observations
        self._clock = clock
        self._region = region
        self._batches = batches
        self._nudges = Nudges(store, clock, SPACING)
        self._followed: frozenset[str] = frozenset()
        self._followed_batches: Mapping[str, Key] = {}
        self._known_at = float("-inf")
        self._unknown: frozenset[str] = frozenset()
        """Jobs that were told of and that nobody followed by then: one may just be being started."""
        self._looked_at = float("-inf")
        # When the region is to be looked at, by our monotonic clock; None: for no reason of ours.
        self._soon: float | None = None
        self._again: float | None = None
        self._wait = SOONEST

    def run(self, stop: threading.Event) -> None:
        """Read until ``stop`` is set, and what is being waited for then is left. Nothing that goes wrong ends it."""
        while not stop.is_set():
            wait = self.attempt()
            if wait:
                stop.wait(wait)

    def attempt(self) -> float:
        """Read once, and return the seconds until it is tried again: none, unless something is wrong. Never raises."""
        try:
            self.turn()
        except TunesmithError as error:
            # At each try: the log writes it once, tells the operator of what lasts, and tells when it is over.
            log.warning("No events of jobs in %s, which are polled: %s", self._region, error.sentence)
        except Exception:
            log.exception("Reading events of jobs in %s failed; it goes on", self._region)
        else:
            self._wait = SOONEST
            return 0.0
        wait, self._wait = self._wait, min(LATEST, self._wait * 2)
        return wait

    def turn(self) -> None:
        """Wait for messages, have the region looked at when one is about a job of ours, and forget them all."""
        notices = self._events.receive(self._patience())
        if self._take(notices):
            now = self._clock.monotonic()
            self._soon = now if self._soon is None else self._soon
            self._again = now + AGAIN
        self._look()
        self._nudges.go_on()
        if notices:
            # Last: had the store been away, they would come again.
            self._events.forget(notices)

    def _patience(self) -> int:
        anew = self._known_at + FRESH if self._unknown else None
        moments = (self._soon, self._again, anew, self._nudges.next_at())
        due = min((each for each in moments if each is not None), default=None)
        if due is None:
            return PATIENCE
        return min(PATIENCE, max(0, math.ceil(due - self._clock.monotonic())))

    def _take(self, notices: Sequence[Notice]) -> bool:
        """Return whether one is about a job that is followed, or was and nobody knew by then.

        What is about a job that nobody follows is judged once more by the next reading: its start may be on its way.
        """
        is_stale = self._is_stale()
        found, foreign = self._sort_out(self._unknown if is_stale else ())
        told, unknown = self._sort_out(each.job_arn for each in notices if each.job_arn)
        waiting = [*dict.fromkeys(unknown if is_stale else (*self._unknown, *unknown))]
        self._unknown = frozenset(waiting[:MANY])
        for _ in (*foreign, *waiting[MANY:]):
            metrics.count(metrics.JOB_EVENTS, "foreign")
        for each in notices:
            if not each.job_arn:
                metrics.count(metrics.JOB_EVENTS, "malformed")
                log.warning(
                    "A message in the queue of %s is no event of Bedrock's and is put away", self._region
                )
        return found or told

    def _sort_out(self, arns: Iterable[str]) -> tuple[bool, list[str]]:
        """Note which batch jobs they are; return whether one is a job that is followed, and those that nobody knows."""
        ours, unknown = False, list[str]()
        for arn in arns:
            if arn in self._jobs():
                ours = True
            elif batch := self._followed_batches.get(arn):
                self._nudges.want(batch)
            else:
                unknown.append(arn)
                continue
            metrics.count(metrics.JOB_EVENTS, "taken")
        return ours, unknown

    def _jobs(self) -> frozenset[str]:
        """Return the jobs that are followed. What is followed besides is read with them."""
        if self._is_stale():
            self._followed = poll.running_arns(self._store, self._region)
            self._followed_batches = self._batches()
            self._known_at = self._clock.monotonic()
        return self._followed

    def _is_stale(self) -> bool:
        return self._clock.monotonic() - self._known_at >= FRESH

    def _look(self) -> None:
        """Have the region looked at if that is due, and not again right after a look."""
        now = self._clock.monotonic()
        if self._again is not None and now >= self._again:
            self._soon, self._again = now if self._soon is None else self._soon, None
        if self._soon is None or now < self._soon:
            return
        if poll.is_held_up(self._observations, self._region, self._clock.now()):
            # Bedrock asked for patience: what is new is found when it may be asked again.
            self._soon = self._again = None
            return
        left = max(self._looked_at + SPACING - now, self._since_listing())
        if left > 0:
            self._soon = now + left
            return
        self._store.enqueue_now(poll.registration(self._region).key)
        self._looked_at, self._soon = now, None

    def _since_listing(self) -> float:
        """Return the seconds until another listing may follow the last one, whichever process made that."""
        at = poll.listed_at(self._observations, self._region)
        if at is None:
            return 0.0
        left = (at + timedelta(seconds=SPACING) - self._clock.now()).total_seconds()
        return min(left, SPACING)  # a clock of another machine may be ahead of ours
