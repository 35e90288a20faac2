"""All jobs of a region, ours or not, looked at when somebody wants to see them; those they choose become followed.

======================  ==========================================================================================
A crash right after …   leaves
======================  ==========================================================================================
the listing             nothing: it is listed again
registering a job       (it comes in one write with what was settled) a followed job, and no wish that is left
======================  ==========================================================================================
"""

from datetime import timedelta

from bot.clock import Clock
from bot.controller.context import Context
from bot.controller.model import Done, Outcome, Registration
from bot.jobs import poll
from bot.jobs.adoption import FollowWish, plan_of
from bot.jobs.model import JobSettings
from bot.jobs.ports import Customization
from bot.jobs.record import SCHEMA as JOBS
from bot.jobs.record import JobSpec
from bot.jobs.terms import unpriced
from bot.pricing.book import PriceBook
from bot.profiles.registry import profile_of
from bot.unmanaged.model import KIND, MOST, UnmanagedJobsSpec, UnmanagedJobsStatus

__all__ = ["KIND", "UnmanagedJobsReconciler"]

_LOOK_BACK = timedelta(days=90)


class UnmanagedJobsReconciler:
    """Looks once, and is done until somebody wants to see it again."""

    def __init__(
        self, customization: Customization, prices: PriceBook, settings: JobSettings, clock: Clock
    ) -> None:
        self._customization = customization
        self._prices = prices
        self._settings = settings
        self._clock = clock

    def __call__(self, context: Context[UnmanagedJobsSpec, UnmanagedJobsStatus]) -> Outcome:
        """List the region, and bring into being what is to be followed."""
        spec, status = context.spec, context.status
        now = self._clock.now()
        seen = self._customization.list_since(spec.region, now - _LOOK_BACK)
        status.at, status.jobs = now, tuple(seen[:MOST])
        for wish in spec.follow:
            if wish.name not in status.settled:
                self._settle(context, wish)
        return Done()

    def _settle(self, context: Context[UnmanagedJobsSpec, UnmanagedJobsStatus], wish: FollowWish) -> None:
        region = context.spec.region
        found = self._job(region, wish)
        context.status.settled[wish.name] = found if isinstance(found, str) else ""
        context.save([found, poll.registration(region)] if isinstance(found, Registration) else [])

    def _job(self, region: str, wish: FollowWish) -> Registration | str:
        """Return the job to be followed, or why it cannot be."""
        seen = self._customization.get(region, wish.name)
        how = self._customization.describe(region, wish.name)
        if seen is None or how is None:
            return f"Bedrock knows no job of that name in {region}."
        profile = profile_of(how.base_model)
        if profile is None or profile.region != region:
            return "It trains a base model that I have no profile of."
        plan = plan_of(seen, how, profile, wish)
        terms = unpriced(plan, self._prices, self._settings)
        spec = JobSpec(plan=plan, asked_at=self._clock.now(), terms=terms, adopted=seen.arn)
        return JOBS.wanted(plan.id, spec)
