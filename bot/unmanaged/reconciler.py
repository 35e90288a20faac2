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
from bot.controller.model import Done, Outcome, Registration, RequeueAfter
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
from bot.profiles.service_patterns import tag_text
from bot.spending.comparing import Neighbours
from bot.spending.tags import BOT, is_tunesmiths, origin
from bot.unmanaged.model import KIND, MOST, Maker, UnmanagedJobsSpec, UnmanagedJobsStatus
from bot.wording import quoted

__all__ = ["KIND", "UnmanagedJobsReconciler"]

_LOOK_BACK = timedelta(days=90)
_ASKED_AT_ONCE = 20
"""Jobs of which one look asks who made them, the newest: somebody waits for it."""
_SOON = 1.0
"""Seconds until it is asked of the next."""

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
        status.makers, is_all = self._makers(spec.region, listed, status.makers)
        chosen = {wish.name for wish in spec.follow}
        status.at = now
        status.jobs = tuple(
            each
            for each in listed
            if self._is_elsewheres(status.makers.get(each.arn), is_chosen=each.name in chosen)
        )
        for wish in spec.follow:
            if wish.name not in status.settled:
                self._settle(context, wish)
        return Done() if is_all else RequeueAfter(_SOON)

    def _settle(self, context: Context[UnmanagedJobsSpec, UnmanagedJobsStatus], wish: FollowWish) -> None:
        region = context.spec.region
        found = self._job(region, wish)
        context.status.settled[wish.name] = found if isinstance(found, str) else ""
        context.save([found, poll.registration(region)] if isinstance(found, Registration) else [])

    def _makers(
        self, region: str, listed: Sequence[JobObservation], known: Mapping[str, Maker]
    ) -> tuple[dict[str, Maker], bool]:
        """Return who made the jobs, as far as it is known: tags are a call each, and those of a job stay.

        And whether that is all that can be known now.
        """
        found = {each.arn: known[each.arn] for each in listed if each.arn in known}
        unknown = [each for each in listed if each.arn not in found]
        try:
            for each in unknown[:_ASKED_AT_ONCE]:
                found[each.arn] = self._maker(region, each.arn)
        except Misconfigured as denied:
            log.warning(
                "Who made the jobs of %s is not known, so they are not shown: %s", region, denied.sentence
            )
            return found, True
        return found, len(unknown) <= _ASKED_AT_ONCE

    def _maker(self, region: str, arn: str) -> Maker:
        marked = self._customization.tags(region, arn)
        if not is_tunesmiths(marked):
            return Maker()
        came_from = origin(marked)
        where = (came_from.channel, came_from.owner) if came_from else ("", "")
        return Maker(marked.get(BOT, ""), *where)

    def _is_elsewheres(self, maker: Maker | None, *, is_chosen: bool) -> bool:
        """Return whether a job is known to be none of this bot's, not even one that the store has forgotten.

        Another bot's is shown to nobody here, but to whoever chose it: they read why it is not followed.
        """
        if maker is None or self._is_own(maker):
            return False
        return is_chosen or not self._is_anothers(maker)

    def _is_own(self, maker: Maker) -> bool:
        """Return whether this bot made it, or one from before bots were told apart."""
        return maker.bot is not None and maker.bot in ("", tag_text(self._settings.bot))

    def _is_anothers(self, maker: Maker) -> bool:
        """Return whether a job is another bot's, which is at work and looks after it."""
        return bool(maker.bot) and not self._is_own(maker) and self._neighbours.at_work(str(maker.bot))

    def _job(self, region: str, wish: FollowWish) -> Registration | str:
        """Return the job to be followed, or why it cannot be."""
        seen = self._customization.get(region, wish.name)
        how = self._customization.describe(region, wish.name)
        maker = self._maker(region, seen.arn) if seen else Maker()
        if seen is None or how is None or self._is_own(maker):
            return f"Bedrock knows no job of that name in {region}."
        if self._is_anothers(maker):
            return Refused(f"Another bot of this account, {quoted(str(maker.bot))}, looks after it.").message
        profile = profile_of(how.base_model)
        if profile is None or profile.region != region:
            return "It trains a base model that I have no profile of."
        plan = plan_of(seen, how, profile, wish)
        terms = unpriced(plan, self._prices, self._settings)
        spec = JobSpec(plan=plan, asked_at=self._clock.now(), terms=terms, adopted=seen.arn)
        return JOBS.wanted(plan.id, spec)
