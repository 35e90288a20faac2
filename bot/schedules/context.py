"""Office hours in the hands of their reconciler."""

from typing import Protocol

from bot.access import Access
from bot.clock import Clock
from bot.controller.context import Context
from bot.controller.outbox.entries import thread_of
from bot.controller.outbox.messages import Outbox
from bot.controller.ports import Renderer, ResourceStore
from bot.jobs.model import JobSettings
from bot.leases.views import hour_of
from bot.models.ports import Lifecycles, ModelRepository
from bot.notifications.quiet_hours import QuietHours
from bot.pricing.book import PriceBook
from bot.pricing.money import at_most
from bot.schedules.cards import ScheduleCard
from bot.schedules.model import CARD, ScheduleSpec, ScheduleStatus
from bot.schedules.purchase import SchedulePurchase, day_of
from bot.spending.budget_service import BudgetService
from bot.spending.deciding import PlanContext, concerned


class ScheduleDependencies(Protocol):
    """All that their reconciler works with, among the ports."""

    store: ResourceStore
    customization: Lifecycles
    models: ModelRepository
    quiet_hours: QuietHours
    prices: PriceBook
    budget_service: BudgetService
    outbox: Outbox
    renderer: Renderer
    clock: Clock
    settings: JobSettings
    access: Access


class ScheduleContext(PlanContext[ScheduleSpec, ScheduleStatus]):
    """One turn."""

    def __init__(
        self, context: Context[ScheduleSpec, ScheduleStatus], dependencies: ScheduleDependencies
    ) -> None:
        super().__init__(context)
        self._dependencies = dependencies

    @property
    def purchase(self) -> SchedulePurchase:
        """What office hours tell of themselves as something that is bought."""
        return SchedulePurchase(self._dependencies.prices, self._dependencies.settings)

    @property
    def access(self) -> Access:
        """Who may do what."""
        return self._dependencies.access

    @property
    def thread(self) -> str | None:
        """The thread in which all of it is told: the one it was asked in, or its card's own."""
        return self.spec.thread_ts or thread_of(self.context, CARD)

    @property
    def card(self) -> ScheduleCard:
        """The one live message."""
        spec, status, agreement = self.spec, self.status, self.agreement
        wish = spec.stop
        return ScheduleCard(
            id=self.context.key.id,
            owner=spec.owner,
            plan=spec.plan,
            phase=status.phase,
            zone=status.zone,
            week=at_most(spec.week_usd),
            total=at_most(spec.usd),
            usd=spec.usd,
            hour=spec.hour or hour_of(day_of(spec.plan, 0, ""), self._dependencies.prices),
            decision=agreement.decision,
            needs_approval=agreement.needs_approval,
            decided_by=agreement.decided_by,
            approvers=agreement.deciders,
            made_way=agreement.made_way,
            blocked=status.blocked,
            mend=status.mend,
            budget=status.budget,
            is_undoable=agreement.is_undoable or (wish is not None and not wish.is_final),
            stopped_by=wish.by if wish else "",
            until=status.until,
            next_on=status.next_on,
            days_on=len(status.leases),
            end=status.end,
        )

    def say(self, name: str, card: object, *, live: bool = False) -> None:
        """Post the card in their thread, once; keep a ``live`` one up to date."""
        message = self._dependencies.renderer.render(card)
        self._dependencies.outbox.post_once(
            self.context,
            name,
            message,
            channel=self.spec.plan.channel,
            thread_ts=self.thread,
            since=self.spec.asked_at,
            owner=concerned(card, self.spec.owner),
        )
        if live:
            self._dependencies.outbox.show(self.context, name, message, may_wait=True)
