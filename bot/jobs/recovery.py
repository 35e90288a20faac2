"""Customization jobs that the store has forgotten: found by their tags, and followed again where they were told."""

import logging
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.clock import Clock
from bot.controller.model import Key, Registration
from bot.controller.ports import ResourceStore
from bot.jobs import poll
from bot.jobs.adoption import FollowWish, plan_of
from bot.jobs.cards import JobRecovered
from bot.jobs.model import JobObservation, JobSettings
from bot.jobs.ports import Customization
from bot.jobs.purchase import FORM as JOB_PLAN
from bot.jobs.record import KIND as JOB
from bot.jobs.record import SCHEMA, JobSpec
from bot.jobs.terms import unpriced
from bot.pricing.book import PriceBook
from bot.profiles.registry import PROFILES, profile_of
from bot.spending import tags
from bot.spending.archive import PlanKeeper
from bot.spending.comparing import LOOK_BACK, Looked, compare, matters
from bot.spending.recovery import Found
from bot.spending.tags import Origin
from bot.spending.votes import PATIENCE

_ENDED = frozenset({"Completed", "Failed", "Stopped"})
_BEFORE = timedelta(hours=1)
"""What was said of a job is looked for from so long before on: Slack's clock is another."""
_PLANNED = timedelta(seconds=2 * PATIENCE)
"""How long before its creation a job may have been planned, and its card be posted: people decide twice."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LostJobs:
    """Compares a region's jobs with the store."""

    customization: Customization
    store: ResourceStore
    plans: PlanKeeper
    prices: PriceBook
    settings: JobSettings
    clock: Clock

    def look(self, region: str, strangers: Collection[str]) -> Looked:
        """Compare; ``strangers`` are the ARNs that were none of our business the last time."""
        since = self.clock.now() - LOOK_BACK
        return compare(
            lambda: [each for each in self.customization.list_since(region, since) if matters(each, _ENDED)],
            lambda: set(self._known()),
            strangers,
            lambda seen: self._one(region, seen),
        )

    def _known(self) -> Iterator[str]:
        """The ARNs of what is followed: as a job that was started, or one that was made elsewhere."""
        for resource in self.store.of_kind(JOB):
            # Either may be missing: the word `None` is no ARN, and matches nothing in the listing.
            yield str(SCHEMA.spec_of(resource).adopted)
            yield str(SCHEMA.status_of(resource).arn)

    def _one(self, region: str, seen: JobObservation) -> list[Found] | None:
        """Return what there is to be told of one job; None when it is none of ours."""
        marked = self.customization.tags(region, seen.arn)
        origin = tags.origin(marked) if tags.is_ours(marked, self.settings.bot) else None
        if origin is None:
            return None
        if self.store.get(Key(JOB, origin.digest[:12])):
            return None  # it is followed, though not among the last thousand, or is just being written down
        kept = self.plans.find(region, JOB_PLAN, origin.digest)
        spec = kept or self._rebuilt(region, seen, origin)
        if spec is None or spec.plan.profile not in PROFILES:
            log.warning("%s is tagged as ours, and trains a base that there is no profile of", seen.arn)
            return None
        log.warning("%s was forgotten; it is followed again", seen.arn)
        news = JobRecovered(seen.name, region, spec.plan.channel, with_plan=kept is not None)
        # The poll with it: after a store was lost nothing stands that would list its region.
        resources = (self._registration(spec, seen, origin), poll.registration(region))
        if kept is None:
            return [Found(news, resources, spec.plan.channel, spec.plan.owner)]
        return [Found(news, resources)]

    def _rebuilt(self, region: str, seen: JobObservation, origin: Origin) -> JobSpec | None:
        """Return what can be told without the plan, or None when there is no profile of what is trained."""
        how = self.customization.describe(region, seen.arn)
        profile = profile_of(how.base_model) if how else None
        # A plan has its region from its profile: by another's it would be looked for where it is not.
        if how is None or profile is None or profile.region != region:
            return None
        plan = plan_of(seen, how, profile, FollowWish(seen.name, origin.owner, origin.channel))
        plan = replace(plan, dataset_id=origin.dataset_id, known_as=origin.digest)
        return JobSpec(plan=plan, asked_at=seen.created, terms=unpriced(plan, self.prices, self.settings))

    def _registration(self, spec: JobSpec, seen: JobObservation, origin: Origin) -> Registration:
        """Return the job to be followed. What people wanted of it since its start is lost, and not guessed."""
        followed = replace(
            spec,
            asked_at=seen.created - _PLANNED - _BEFORE,
            thread_ts=None if origin.opened else origin.thread_ts,
            adopted=seen.arn,
            stop=None,
            found_again=self.clock.now(),
        )
        return SCHEMA.wanted(spec.plan.id, followed)
