"""Budgets that are raised for the rest of a month, so that a plan fits for which they have no room.

Nothing is started by it: the plan is looked at anew, and its *Start* is there once its checks hold.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal

from bot.access import Access
from bot.clock import Clock
from bot.controller.model import Key
from bot.controller.ports import Renderer, SpecWriter
from bot.directory.directory import Directory
from bot.errors import BadField, NotFound, Refused
from bot.notifications.reconciler import notification
from bot.pricing.money import money
from bot.spending.budget_service import BudgetService
from bot.spending.budgets import Budget, Over, month_name
from bot.spending.cards import BudgetRaised, RaiseAsked
from bot.spending.purchase import AnyPurchase

FIELD = "usd"
CENT = Decimal("0.01")
MOST = Decimal(10_000_000)
"""US dollars that a budget is raised to at most: more is a slip of the finger."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shortage:
    """A budget, and what is to fit into it."""

    over: Over
    plan: str = ""
    """The plan that does not fit, by its kind and ID; empty: none in particular."""

    @property
    def budget(self) -> Budget:
        """The budget."""
        return self.over.budget

    @property
    def month(self) -> str:
        """Its month, as people call it."""
        return month_name(self.over.month)

    @property
    def least(self) -> Decimal:
        """US dollars that it has to be for the plan to fit, in whole cents; what it is, where nothing is known to."""
        needed = (self.over.used + (self.over.needs or Decimal(0))).quantize(CENT, ROUND_CEILING)
        return max(self.budget.usd, needed)


class RaisingService:
    """Raises budgets for a viewer, or asks whoever may. Every method may raise ``Unavailable``."""

    def __init__(
        self,
        store: SpecWriter,
        directory: Directory,
        access: Access,
        clock: Clock,
        budget_service: BudgetService,
        purchases: Mapping[str, AnyPurchase],
        renderer: Renderer,
    ) -> None:
        self._store = store
        self._directory = directory
        self._access = access
        self._clock = clock
        self._budget_service = budget_service
        self._purchases = purchases
        self._renderer = renderer

    def shortage(self, plan: Key) -> Shortage:
        """Return the tightest budget that has no room for a plan that the viewer sees.

        Raises:
            NotFound: nobody knows the plan.
            Refused: they have room by now.
        """
        purchase = self._purchases.get(plan.kind)
        resource = self._directory.resource(plan.kind, plan.id) if purchase else None
        if purchase is None or resource is None:
            raise NotFound(
                "I do not know this plan.", hint="Type the command again, and you get one that works."
            )
        over = self._budget_service.short(purchase.entry(purchase.read(resource), self._clock.now()))
        if over is None:
            raise Refused("The budgets have room for this by now.", hint="Press *Check again* on the plan.")
        return Shortage(over, str(plan))

    def of(self, scope: str) -> Shortage:
        """Return a budget as it stands, for who may raise it.

        Raises:
            NotAllowed: they may not.
            NotFound: there is no such budget.
        """
        self._access.check_raising(self._directory.viewer.user)
        return Shortage(self._budget_service.standing(scope))

    def ask(self, plan: Key) -> tuple[str, ...]:
        """Have those who may raise it asked, each once for a plan; return who they are.

        Raises:
            NotFound, Refused: as ``shortage``.
            NotAllowed: the viewer may spend nothing themselves, or there is nobody to ask.
        """
        short, user = self.shortage(plan), self._directory.viewer.user
        self._access.check_trainer(user)
        if not self._access.raisers:
            self._access.check_raising(user)
        over = short.over
        card = RaiseAsked(user, short.budget, over.left, over.needs, short.least, short.month, short.plan)
        self._tell(self._access.raisers, f"raise:{over.month}", f"{short.plan}:{short.budget.usd}", card)
        return self._access.raisers

    def raise_to(
        self, scope: str, usd: Decimal, least: Decimal, plan: Key | None = None, month: str = ""
    ) -> tuple[Budget, str]:
        """Have a budget be so much until the end of the month, and a plan looked at anew; return it, and its month.

        ``least`` is what was said to be needed, and ``month`` the one that was shown (``2026-11``); empty: none was.
        The others who hear of money are told.

        Raises:
            NotAllowed: the viewer may not.
            NotFound: there is no such budget.
            Refused: that month is over.
            BadField: it is no more than it is, or less than is needed.
        """
        user = self._directory.viewer.user
        self._access.check_raising(user)
        now = self._budget_service.standing(scope)
        if month and month != now.month:
            raise Refused(
                f"This raises a budget for {month_name(month)}, and it is {month_name(now.month)} by now.",
                hint="`/tune budget` shows what is left this month, and you can raise it there.",
            )
        if usd <= now.budget.usd:
            raise BadField(FIELD, f"It is {money(now.budget.usd)} already.", hint="Write a larger figure.")
        if not least <= usd <= MOST:
            said = f"{money(least)} are needed." if usd < least else f"{money(usd)} is more than I take."
            raise BadField(FIELD, said, hint=f"Write {money(least)} to {money(MOST)}.")
        before, budget = self._budget_service.raise_to(scope, usd, now.month)
        log.info("the budget of %s is raised from %s to %s by %s", scope, before.usd, budget.usd, user)
        called = month_name(now.month)
        others = {*self._access.raisers, *self._access.approvers_for(scope)} - {user}
        about = f"raised:{now.month}"
        self._tell(
            tuple(sorted(others)), about, f"{scope}:{budget.usd}", BudgetRaised(user, before, budget, called)
        )
        if plan is not None:
            self._look_again(plan)
        return budget, called

    # How

    def _tell(self, people: tuple[str, ...], about: str, event: str, card: object) -> None:
        message, now = self._renderer.render(card), self._clock.now()
        for each in people:
            self._store.register(notification(about, event, each, message, now))

    def _look_again(self, plan: Key) -> None:
        purchase, now = self._purchases.get(plan.kind), self._clock.now()
        if purchase is not None:
            self._store.amend(plan, purchase.schema.on_documents(lambda spec: replace(spec, recheck=now)))
