"""One listing of a region's customization jobs per interval, however many are followed.

A job with nothing new may sleep for minutes, so no news may be lost: the jobs that have some are written down before
what was seen is kept (docs/effects.md), and making them due is repeated harmlessly.

A job that starts registers the poll; a job that finds the observations old ensures it again, so it does not matter
when a poll ends just as another job starts.
"""

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple, TypeAlias

from bot.clock import Clock
from bot.controller.context import Context
from bot.controller.documents import dump, load
from bot.controller.effects import Effect, passing
from bot.controller.keep_alive import KeepAlive
from bot.controller.model import Document, Done, Key, Outcome, Registration, RequeueAfter, Resource
from bot.controller.ports import ResourceStore
from bot.controller.schema import OfRegion, schema_of_region
from bot.errors import Throttled
from bot.jobs import cadence
from bot.jobs.model import JobObservation
from bot.jobs.ports import Customization, Observations
from bot.jobs.record import KIND as JOB
from bot.jobs.record import SCHEMA as JOBS
from bot.jobs.record import JobStatus
from bot.jobs.transitions import RUNNING

KIND = "poll"

_CLOCK = "@clock"
"""The observation that holds Bedrock's time of the listing and ours; no job name begins with ``@``."""

_SKEW = timedelta(hours=1)
"""Bedrock's clock and ours may differ: the listing begins this much earlier."""

_HELD_UP = "@held-up"
"""The observation that says until when Bedrock is not to be asked: the listing was throttled."""

_SHORTEST = 1.0
"""Seconds between the end of a listing and the next, however long it took."""
_SLOWEST = 300.0
"""Seconds between two listings of an account that goes on throttling us."""

log = logging.getLogger(__name__)


PUT_OBSERVATIONS = Effect(
    "observations",
    "keeping what was seen",
    "jobs that are not due yet: their names were written down before, and the next poll makes them so",
)


@dataclass(slots=True)
class PollStatus:
    """What a poll has to remember between two listings."""

    to_enqueue: list[str] = field(default_factory=list)
    """The names of jobs with news that are to be made due."""
    slowed: int = 0
    """How often in a row the listing was throttled."""


SCHEMA = schema_of_region(KIND, PollStatus)
_PollContext: TypeAlias = Context[OfRegion, PollStatus]


def registration(region: str) -> Registration:
    """Return the poll of the region, to be registered with the first job that is started there."""
    return SCHEMA.wanted(region, OfRegion(region))


def ensure(store: ResourceStore, region: str) -> None:
    """Have the region polled: add the poll, or bring it back when it was done."""
    wanted = registration(region)
    if store.register(wanted):
        return
    resource = store.get(wanted.key)
    if resource and resource.done:
        # Writing the spec, even the same, is what brings a done resource back into the work queue.
        store.amend(wanted.key, lambda spec: spec)


@dataclass(frozen=True, slots=True)
class Listed:
    """What the last listing said of one job (None: nothing), and when it was made by our clock."""

    observation: JobObservation | None
    at: datetime


def last_listing(observations: Observations, region: str, name: str) -> Listed | None:
    """Return what the last listing of the region said of the job, or None when there has been none."""
    clock, seen = observations.get(region, _CLOCK, name)
    if clock is None:
        return None
    at = datetime.fromisoformat(clock["at"])
    if not seen:
        return Listed(None, at)
    return Listed(load(JobObservation, {**seen, "seen_at": clock["seen_at"]}), at)


def listed_at(observations: Observations, region: str) -> datetime | None:
    """Return when the region was listed last, by the clock of whoever did; None when it never was."""
    [clock] = observations.get(region, _CLOCK)
    return datetime.fromisoformat(clock["at"]) if clock else None


def running_arns(store: ResourceStore, region: str) -> frozenset[str]:
    """Return the ARNs of the followed jobs that run in the region."""
    return frozenset(each.status.arn for each in _running(store, region) if each.status.arn)


def is_held_up(observations: Observations, region: str, now: datetime) -> bool:
    """Return whether the region's listing is throttled: an old one is then no reason to ask about each job alone."""
    [known] = observations.get(region, _HELD_UP)
    return known is not None and now < datetime.fromisoformat(known["until"])


class PollReconciler:
    """Lists, puts what was seen, and makes what changed due at once."""

    def __init__(
        self,
        customization: Customization,
        observations: Observations,
        store: ResourceStore,
        clock: Clock,
        random: Random,
        interval: float,
    ) -> None:
        """``interval`` is seconds between listings; each is jittered by ten percent."""
        self._customization = customization
        self._observations = observations
        self._store = store
        self._clock = clock
        self._random = random
        self._interval = interval

    def __call__(self, context: _PollContext) -> Outcome:
        """List once, or end when nothing is followed in the region."""
        region, began = context.spec.region, self._clock.monotonic()
        tracked = self._tracked(region)
        if not tracked:
            return Done()
        # One listing from the oldest job that is followed on: its pages cost less than a question about each job.
        since = min(each.created(self._clock.now()) for each in tracked.values()) - _SKEW
        try:
            with KeepAlive(context):  # a listing takes its time where the account is busy
                seen = self._customization.list_since(region, since)
        except Throttled as error:
            return self._slow_down(context, region, error)
        context.status.slowed = 0
        self._publish(context, region, self._documents(seen, tracked), tracked)
        now = self._clock.now()
        wait = min(cadence.wait(each.status, now, self._interval) for each in tracked.values())
        # From one listing's beginning to the next one's, else a slow account would be looked at more rarely than it was
        # set.
        took = self._clock.monotonic() - began
        return RequeueAfter(max(self._jittered(wait) - took, _SHORTEST))

    def _publish(
        self,
        context: _PollContext,
        region: str,
        documents: Mapping[str, Document],
        tracked: "Mapping[str, _Tracked]",
    ) -> None:
        """Keep what changed and make its jobs due: theirs too that an earlier poll has not come to."""
        # Only what changed is written and made due: with a thousand jobs most listings bring news of a few.
        changed = self._observations.changed(region, documents)
        news = set(context.status.to_enqueue) | (tracked.keys() & set(changed))
        if news:
            context.status.to_enqueue = sorted(news)
            context.save()
        # Put before anything is made due: a job that looks at once must find the news, or it sleeps on for minutes.
        with passing(PUT_OBSERVATIONS):
            self._observations.put(region, {name: documents[name] for name in changed})
        self._store.enqueue_now(*(tracked[name].key for name in sorted(news & tracked.keys())))
        context.status.to_enqueue = []

    def _tracked(self, region: str) -> "dict[str, _Tracked]":
        """The jobs that run in the region, by name."""
        return {each.name: each for each in _running(self._store, region)}

    def _slow_down(self, context: _PollContext, region: str, error: Throttled) -> RequeueAfter:
        """List half as often, and have no job ask for itself meanwhile: a thousand questions help nobody."""
        context.status.slowed += 1
        slower = self._interval * 2.0 ** min(context.status.slowed, 10)
        wait = self._jittered(max(error.retry_after, min(slower, _SLOWEST)))
        # Beyond the next listing by an interval, else jobs would ask for themselves in the moment before it is there.
        until = self._clock.now() + timedelta(seconds=wait + self._interval)
        self._observations.put(region, {_HELD_UP: {"until": until.isoformat()}})
        log.info("The listing of %s is made again in %.0f s: %s", region, wait, error.sentence)
        return RequeueAfter(wait)

    def _documents(self, seen: Iterable[JobObservation], tracked: Collection[str]) -> dict[str, Document]:
        # Bedrock's time of the listing is kept apart: it always differs, and would make everything look changed.
        # A followed job that is not in the listing has an empty document, in place of an old one. Others have none: a
        # job that is being started must be news to the first listing that can make it due.
        documents: dict[str, Document] = {}
        now = self._clock.now()
        latest = now
        for observation in seen:
            latest = observation.seen_at
            if observation.name in tracked and observation.name not in documents:
                document = dump(observation)
                del document["seen_at"]
                documents[observation.name] = document
        documents = {name: {} for name in tracked} | documents
        documents[_CLOCK] = {"at": now.isoformat(), "seen_at": latest.isoformat()}
        return documents

    def _jittered(self, seconds: float) -> float:
        return seconds * self._random.uniform(0.9, 1.1)


class _Tracked(NamedTuple):
    """A followed job."""

    key: Key
    name: str
    status: JobStatus

    def created(self, now: datetime) -> datetime:
        """When it was created, or at the earliest; now when nobody knows."""
        seen = self.status.observation
        known = [self.status.intent_at, seen.created if seen else None]
        return min((each for each in known if each), default=now)


def _running(store: ResourceStore, region: str) -> list[_Tracked]:
    # All regions' jobs are read for one region's listing: one read, where an index by region would be one more thing to
    # keep in step at every write.
    jobs = (job for each in store.unfinished(JOB) if (job := _tracked(each, region)))
    return [each for each in jobs if each.status.phase in RUNNING]


def _tracked(resource: Resource, region: str) -> _Tracked | None:
    """Return the job of that region, or None: of another one, or one that its kind cannot read.

    That it cannot be read is told by its own reconciler, and the others go on.
    """
    try:
        plan, status = JOBS.spec_of(resource).plan, JOBS.status_of(resource)
    except ValueError:  # pydantic's, too
        log.warning("%s cannot be read, and is left out of the listing", resource.key)
        return None
    return _Tracked(resource.key, plan.job_name, status) if plan.region == region else None
