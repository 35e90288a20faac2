"""Customization jobs that the store has forgotten: found by their tags, and followed again where they were told."""

import logging
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.clock import Clock
from bot.errors import TunesmithError
from bot.following.kinds import poll
from bot.following.kinds.sweeps.found import Found
from bot.following.model import Key, Registration
from bot.following.ports import ThingStore
from bot.jobs import tags
from bot.jobs.documents import dump
from bot.jobs.elsewhere import FollowWish, plan_of, profile_of
from bot.jobs.model import JobObservation, JobPlan, JobSettings
from bot.jobs.ports import Customization
from bot.jobs.record import KIND as JOB
from bot.jobs.record import JobSpec
from bot.jobs.tags import Origin
from bot.jobs.terms import unpriced
from bot.pricing.book import PriceBook

AT_ONCE = 20
"""Forgotten jobs that are taken up in one turn: each costs three calls, and a turn has a lease."""
_LOOK_BACK = timedelta(days=30)
"""How old a job may be: none was ever seen to run for a week."""
_RECENT = timedelta(days=6)
"""How long after its end a forgotten job is still told: less than the store keeps one that it knows."""
_ENDED = frozenset({"Completed", "Failed", "Stopped"})
_BEFORE = timedelta(hours=1)
"""What was announced of a job is looked for from so long before its creation on: Slack's clock is another."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at a region's jobs found, who is none of our business, and whether there may be more to find."""

    found: list[Found]
    strangers: list[str]
    more: bool


@dataclass(frozen=True, slots=True)
class JobSweep:
    """Compares a region's jobs with the store."""

    customization: Customization
    store: ThingStore
    prices: PriceBook
    settings: JobSettings
    clock: Clock

    def look(self, region: str, strangers: Collection[str]) -> "Looked":
        """Compare. Trouble with one job keeps nobody from the next; without a listing nothing is found.

        ``strangers`` are the ARNs that were none of our business the last time: they are not asked about again.
        """
        try:
            jobs = self.customization.list_since(region, self.clock.now() - _LOOK_BACK)
        except TunesmithError as error:
            log.warning("The jobs of %s could not be listed: %s %s", region, error.sentence, error.detail)
            return Looked([], sorted(strangers), more=False)
        known = set(self._known())
        open_jobs = [each for each in jobs if _matters(each) and each.arn not in known]
        unknown = [each for each in open_jobs if each.arn not in strangers]
        found: list[Found] = []
        strange = {each.arn for each in open_jobs} & set(strangers)
        for seen in unknown[:AT_ONCE]:
            one = self._one(region, seen)
            if one is None:
                strange.add(seen.arn)
            else:
                found += one
        return Looked(found, sorted(strange), more=len(unknown) > AT_ONCE)

    def _known(self) -> Iterator[str]:
        """The ARNs of what is followed: as a job that was started, or one that was made elsewhere."""
        for thing in self.store.of_kind(JOB):
            yield str(thing.spec.get("adopted"))
            yield str(thing.status.get("job", {}).get("arn"))

    def _one(self, region: str, seen: JobObservation) -> list[Found] | None:
        """Return what there is to be told of one job; None when it is none of ours."""
        try:
            marked = self.customization.tags(region, seen.arn)
            origin = tags.origin(marked) if tags.is_ours(marked, self.settings.bot) else None
            if origin is None:
                return None
            if self.store.get(Key(JOB, origin.digest[:12])):
                return []  # its creation is just being written down
            plan = self._plan(region, seen, origin)
        except TunesmithError as error:
            log.warning("%s could not be looked at: %s %s", seen.arn, error.sentence, error.detail)
            return []
        if plan is None:
            log.warning("%s is tagged as ours, and trains a base that there is no profile of", seen.arn)
            return None
        log.warning("%s was forgotten; it is followed again", seen.arn)
        line = f"I had lost track of the job `{seen.name}` in {region}, and follow it again in <#{plan.channel}>."
        return [Found(line, (self._registration(plan, seen, origin), poll.registration(region)))]

    def _plan(self, region: str, seen: JobObservation, origin: Origin) -> JobPlan | None:
        how = self.customization.describe(region, seen.arn)
        profile = profile_of(how.base_model) if how else None
        if how is None or profile is None or profile.region != region:
            return None
        plan = plan_of(seen, how, profile, FollowWish(seen.name, origin.owner, origin.channel))
        return replace(plan, dataset_id=origin.dataset_id, known_as=origin.digest)

    def _registration(self, plan: JobPlan, seen: JobObservation, origin: Origin) -> Registration:
        spec = JobSpec(
            plan=plan,
            asked_at=seen.created - _BEFORE,
            thread_ts=origin.thread_ts,
            adopted=seen.arn,
            terms=unpriced(plan, self.prices, self.settings),
            found_again=self.clock.now(),
        )
        return Registration(Key(JOB, plan.id), dump(spec))


def _matters(seen: JobObservation) -> bool:
    """It runs, as far as anybody knows, or has ended a short while ago."""
    if seen.status not in _ENDED:
        return True
    return seen.ended is not None and seen.seen_at - seen.ended < _RECENT
