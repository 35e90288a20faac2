"""One listing of a region's customization jobs per interval, however many are followed.

======================  ==========================================================================================
A crash right after …   leaves
======================  ==========================================================================================
the listing             nothing: the next poll lists again
putting observations    jobs that are not poked yet; they look by themselves at their own interval
poking                  nothing: pokes are repeated harmlessly
======================  ==========================================================================================

A job that starts registers the poll; a job that finds the observations old ensures it again, so it does not matter
when a poll ends just as another job starts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bot.clock import Clock
from bot.following.desks.jobs import progress_of
from bot.following.model import Again, Document, Done, Key, Outcome, Registration, Thing
from bot.following.ports import Observations, ThingStore
from bot.following.step import Step
from bot.jobs.documents import dump, load
from bot.jobs.model import JobObservation
from bot.jobs.ports import Customization
from bot.jobs.record import KIND as JOB
from bot.jobs.transitions import RUNNING

KIND = "poll"

_CLOCK = "@clock"
"""The observation that holds Bedrock's time of the listing and ours; no job name begins with ``@``."""

_SKEW = timedelta(hours=1)
"""Bedrock's clock and ours may differ: the listing begins this much earlier."""

_YOUNG = timedelta(minutes=2)
_QUICK = 15.0
"""Seconds between listings while a job is young: people watch the first two minutes."""


def registration(region: str) -> Registration:
    """Return the poll of the region, to be registered with the first job that is started there."""
    return Registration(Key(KIND, region), {"v": 1, "region": region})


def ensure(store: ThingStore, region: str) -> None:
    """Have the region polled: add the poll, or bring it back when it was done."""
    wanted = registration(region)
    if store.register(wanted):
        return
    thing = store.get(wanted.key)
    if thing and thing.done:
        store.amend(wanted.key, lambda spec: spec)


@dataclass(frozen=True, slots=True)
class Listed:
    """What the last listing said of one job (None: nothing), and when it was made by our clock."""

    observation: JobObservation | None
    at: datetime


def last_listing(observations: Observations, region: str, name: str) -> Listed | None:
    """Return what the last listing of the region said of the job, or None when there has been none."""
    clock = observations.get(region, _CLOCK)
    if clock is None:
        return None
    at = datetime.fromisoformat(clock["at"])
    seen = observations.get(region, name)
    if not seen:
        return Listed(None, at)
    return Listed(load(JobObservation, {**seen, "seen_at": clock["seen_at"]}), at)


class PollReconciler:
    """Lists, puts what was seen, and makes what changed due at once."""

    def __init__(
        self,
        customization: Customization,
        observations: Observations,
        store: ThingStore,
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

    def __call__(self, step: Step) -> Outcome:
        """List once, or end when nothing is followed in the region."""
        region = step.spec["region"]
        tracked = self._tracked(region)
        if not tracked:
            return Done()
        seen = self._customization.list_since(region, self._oldest(tracked.values()) - _SKEW)
        changed = self._observations.put(region, self._documents(seen, tracked))
        self._store.poke(*(tracked[name].key for name in changed if name in tracked))
        return Again(self._next(tracked.values()))

    def _tracked(self, region: str) -> dict[str, Thing]:
        """The jobs that run in the region, by name."""
        jobs = (thing for thing in self._store.of_kind(JOB) if not thing.done)
        return {
            thing.spec["plan"]["job_name"]: thing
            for thing in jobs
            if thing.spec["plan"]["region"] == region and progress_of(thing).phase in RUNNING
        }

    def _oldest(self, things: Iterable[Thing]) -> datetime:
        return min(self._created(thing) for thing in things)

    def _created(self, thing: Thing) -> datetime:
        progress = progress_of(thing)
        known = [progress.intent_at, progress.observation.created if progress.observation else None]
        return min((each for each in known if each), default=self._clock.now())

    def _documents(self, seen: Iterable[JobObservation], tracked: Iterable[str]) -> dict[str, Document]:
        # Bedrock's time of the listing is kept apart: it always differs, and would make everything look changed.
        # A followed job that is not in the listing has an empty document, in place of an old one.
        documents: dict[str, Document] = {}
        now = self._clock.now()
        latest = now
        for observation in seen:
            document = dump(observation)
            del document["seen_at"]
            documents.setdefault(observation.name, document)
            latest = observation.seen_at
        documents = {key: {} for key in tracked} | documents
        documents[_CLOCK] = {"at": now.isoformat(), "seen_at": latest.isoformat()}
        return documents

    def _next(self, things: Iterable[Thing]) -> float:
        now = self._clock.now()
        young = any(now - self._created(thing) < _YOUNG for thing in things)
        interval = min(self._interval, _QUICK) if young else self._interval
        return interval * self._random.uniform(0.9, 1.1)
