"""All jobs of a region, ours or not, looked at when somebody wants to see them; those they choose become followed.

======================  ==========================================================================================
A crash right after …   leaves
======================  ==========================================================================================
the listing             nothing: it is listed again
registering a job       (it comes in one write with what was settled) a followed job, and no wish that is left
======================  ==========================================================================================
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.clock import Clock
from bot.controller.context import Context
from bot.controller.model import Done, Outcome, Registration
from bot.errors import Misconfigured, Refused
from bot.jobs import poll
from bot.jobs.adoption import FollowWish, plan_of
from bot.jobs.model import JobObservation, JobSettings
from bot.jobs.ports import Customization
from bot.jobs.record import SCHEMA as JOBS
from bot.jobs.record import JobSpec
from bot.jobs.terms import unpriced
from bot.pricing.book import PriceBook
from bot.profiles.registry import profile_of
from bot.spending.comparing import Neighbours
from bot.spending.tags import BOT, is_tunesmiths
from bot.unmanaged.model import KIND, MOST, UnmanagedJobsSpec, UnmanagedJobsStatus
from bot.wording import quoted

__all__ = ["KIND", "UnmanagedJobsReconciler"]

_LOOK_BACK = timedelta(days=90)
_ASKED_AT_ONCE = 20
"""Jobs of which one look asks whose they are, the newest: somebody waits for it."""

log = logging.getLogger(__name__)


class UnmanagedJobsReconciler:
    """Looks once, and is done until somebody wants to see it again."""

    def __init__(
        self,
        customization: Customization,
        neighbours: Neighbours,
        prices: PriceBook,
        settings: JobSettings,
        clock: Clock,
    ) -> None:
        self._customization = customization
        self._neighbours = neighbours
        self._prices = prices
        self._settings = settings
        self._clock = clock

    def __call__(self, context: Context[UnmanagedJobsSpec, UnmanagedJobsStatus]) -> Outcome:
        """List the region, and bring into being what is to be followed."""
        spec, status = context.spec, context.status
        now = self._clock.now()
        seen = self._customization.list_since(spec.region, now - _LOOK_BACK)
        listed = seen[:MOST]
        status.bots = self._bots(spec.region, listed, status.bots)
        # Another bot's is shown to nobody here, but to whoever chose it: they read why it is not followed.
        chosen = {wish.name for wish in spec.follow}
        status.at = now
        status.jobs = tuple(
            each
            for each in listed
            if each.name in chosen or not self._is_anothers(status.bots.get(each.arn, ""))
        )
        for wish in spec.follow:
            if wish.name not in status.settled:
                self._settle(context, wish)
        return Done()

    def _settle(self, context: Context[UnmanagedJobsSpec, UnmanagedJobsStatus], wish: FollowWish) -> None:
        region = context.spec.region
        found = self._job(region, wish)
        context.status.settled[wish.name] = found if isinstance(found, str) else ""
        context.save([found, poll.registration(region)] if isinstance(found, Registration) else [])

    def _bots(
        self, region: str, listed: Sequence[JobObservation], known: Mapping[str, str]
    ) -> dict[str, str]:
        """Return whose the jobs are, as far as it is known: tags are a call each, and those of a job stay."""
        found = {each.arn: known[each.arn] for each in listed if each.arn in known}
        try:
            for each in [each for each in listed if each.arn not in found][:_ASKED_AT_ONCE]:
                found[each.arn] = self._bot_of(region, each.arn)
        except Misconfigured as denied:
            log.info("Whose the jobs of %s are is not known: %s", region, denied.sentence)
        return found

    def _bot_of(self, region: str, arn: str) -> str:
        marked = self._customization.tags(region, arn)
        return marked.get(BOT, "") if is_tunesmiths(marked) else ""

    def _is_anothers(self, bot: str) -> bool:
        """Return whether a job is another bot's, which is at work and looks after it."""
        return bot not in ("", self._settings.bot) and self._neighbours.at_work(bot)

    def _job(self, region: str, wish: FollowWish) -> Registration | str:
        """Return the job to be followed, or why it cannot be."""
        seen = self._customization.get(region, wish.name)
        how = self._customization.describe(region, wish.name)
        if seen is None or how is None:
            return f"Bedrock knows no job of that name in {region}."
        if self._is_anothers(bot := self._bots(region, [seen], {}).get(seen.arn, "")):
            return Refused(f"Another bot of this account, {quoted(bot)}, looks after it.").message
        profile = profile_of(how.base_model)
        if profile is None or profile.region != region:
            return "It trains a base model that I have no profile of."
        plan = plan_of(seen, how, profile, wish)
        terms = unpriced(plan, self._prices, self._settings)
        spec = JobSpec(plan=plan, asked_at=self._clock.now(), terms=terms, adopted=seen.arn)
        return JOBS.wanted(plan.id, spec)
