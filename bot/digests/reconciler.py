"""A channel's digest: a resource that never ends, and is told once a week.

What it does on the outside, and what settles each of it, is in docs/effects.md. What ended is looked at again, and the
save after the message is what begins the next week.

What ended is forgotten a week later by the store, so it is looked at every hour and kept here until it is
told. A week in which nothing ended is told to nobody. A digest whose time passed while nobody was at work is told
late, with all that ended since the last one.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from bot.controller.context import AnyContext, Context
from bot.controller.effects import Effect, Proof, passing
from bot.controller.model import Done, Outcome, RequeueAfter
from bot.controller.outbox.messages import Outbox
from bot.controller.ports import Renderer, ResourceStore
from bot.digests.cards import DigestCard
from bot.digests.model import LATENESS, SHORTEST, WEEK, AnswersLine, DigestSpec, DigestStatus, latest
from bot.digests.week import answered, look
from bot.notifications.model import zone_of
from bot.notifications.quiet_hours import QuietHours
from bot.pricing.book import PriceBook
from bot.spending.budget_service import BudgetService
from bot.visibility import ChannelMemberships

EVERY = timedelta(hours=1)
"""Between two looks at what has ended: far less than the week for which it is kept."""
_KEPT_NOTES = 2


TELL_WEEK = Effect(
    "digest",
    "telling the week",
    "a week that is told, by a message that is named by its day: Slack is read for it",
    Proof.LOOK,
)


class DigestDependencies(Protocol):
    """All that a digest's reconciler works with, among the ports."""

    store: ResourceStore
    outbox: Outbox
    renderer: Renderer
    prices: PriceBook
    quiet_hours: QuietHours
    memberships: ChannelMemberships
    budget_service: BudgetService


class DigestReconciler:
    """Collects what ends, and tells it when the week is over."""

    def __init__(self, dependencies: DigestDependencies) -> None:
        self._dependencies = dependencies

    def __call__(self, context: Context[DigestSpec, DigestStatus]) -> Outcome:
        """Go as far as one turn gets."""
        spec, status = context.spec, context.status
        if not spec.on:
            return Done()
        # The store's time, which all processes share: one whose clock is ahead would tell a week that is not over.
        now = datetime.fromtimestamp(context.now(), UTC)
        if status.told and status.told > now:
            status.told = now  # told by a clock that was ahead: no week may be waited for until then
        due = latest(
            spec.weekday, spec.hour, zone_of(self._dependencies.quiet_hours.zone(spec.by)), now - LATENESS
        )
        after = max(status.told or spec.since, spec.since)
        is_due = due > after and (status.told is None or due - status.told >= SHORTEST)
        if is_due or status.looked is None or not timedelta() <= now - status.looked < EVERY:
            found = look(
                self._dependencies.store, self._dependencies.prices, spec, self._dependencies.memberships
            )
            status.week = status.week.joined(found).between(after, now + EVERY)
            status.looked = now
        if is_due:
            self._tell(context, after, due, now)
        if status.settling and isinstance(self._dependencies.outbox.settle(context, {}), Done):
            status.settling = False
            context.engine.settle = None
        return RequeueAfter(
            min(EVERY, max(due + WEEK + LATENESS - now, timedelta(seconds=1))).total_seconds()
        )

    def _answered(self, spec: DigestSpec, after: datetime, due: datetime) -> tuple[AnswersLine, ...]:
        return answered(self._dependencies.budget_service, spec, self._dependencies.memberships, after, due)

    def _tell(
        self, context: Context[DigestSpec, DigestStatus], after: datetime, due: datetime, now: datetime
    ) -> None:
        """Post the week that ended at ``due``, unless nothing happened in it."""
        spec, status = context.spec, context.status
        week = replace(status.week.between(after, due), answers=self._answered(spec, after, due))
        if week:
            card = DigestCard("" if spec.everything else spec.channel, after, due, week)
            with passing(TELL_WEEK):
                self._dependencies.outbox.post_once(
                    context,
                    f"week:{due:%Y-%m-%d}",
                    self._dependencies.renderer.render(card),
                    channel=spec.channel,
                    since=due,
                    owner=spec.by,
                )
        status.told, status.settling = due, bool(week)
        status.week = status.week.between(due, now + EVERY)
        _forget_old_notes(context)
        context.engine.settle = None
        context.save()


def _forget_old_notes(context: AnyContext) -> None:
    """Leave the messages of the last weeks: a resource that never ends must not grow for ever."""
    notes = context.engine.outbox
    for name in sorted(notes)[:-_KEPT_NOTES]:
        del notes[name]


__all__ = ["EVERY", "DigestDependencies", "DigestReconciler"]
