"""What was spent, as handlers ask for it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.advice.asking import Measured, measure
from bot.directory.directory import Directory
from bot.pricing.answers import Average, Thousand, thousand
from bot.pricing.book import PriceBook, Priced
from bot.spending.budget_service import BudgetService
from bot.spending.reports import SpendingReport


@dataclass(frozen=True, slots=True)
class ModelAnswers:
    """What a model answered this month, as far as the viewer sees it. Sums are in US dollars.

    ``of_base`` is the part of ``usd`` that was computed at the base's price; ``unpriced`` answers count as nothing.
    What is paid for by the hour counts as nothing either: it is in its lease.
    """

    model: str
    answers: int
    tokens_in: int
    tokens_out: int
    usd: Decimal
    of_base: Decimal
    unpriced: int


class SpendingService:
    """Reports for a viewer: every sum is there, and names only of what they see."""

    def __init__(self, budget_service: BudgetService, directory: Directory, prices: PriceBook) -> None:
        self._budget_service = budget_service
        self._directory = directory
        self._prices = prices

    def report(self) -> SpendingReport:
        """Return how the budgets stand this month, and who spent what.

        Raises:
            Unavailable: the store did not answer.
        """
        return self._budget_service.report(self._directory.sight.sees_channel)

    def answers(self) -> list[ModelAnswers]:
        """Return what each model answered this month where the viewer sees it, the dearest first.

        Raises:
            Unavailable: the store did not answer.
        """
        found: dict[str, ModelAnswers] = {}
        for each in self._budget_service.answered(self._directory.sight.sees_channel):
            before = found.get(each.model) or ModelAnswers(each.model, 0, 0, 0, Decimal(0), Decimal(0), 0)
            found[each.model] = ModelAnswers(
                each.model,
                before.answers + each.answers,
                before.tokens_in + each.tokens_in,
                before.tokens_out + each.tokens_out,
                before.usd + each.usd,
                before.of_base + each.of_base,
                before.unpriced + each.unpriced,
            )
        told = [each for each in found.values() if each.answers or each.unpriced or each.usd]
        return sorted(told, key=lambda each: (-each.usd, -each.answers, each.model))

    def average(self, models: Collection[str] = ()) -> Average | None:
        """Return what questions were like where the viewer is; see ``BudgetService.average``."""
        return self._budget_service.average(self._directory.viewer.here, models)

    def last_asked(self, models: Collection[str]) -> datetime | None:
        """Return when a model was last asked, by any of its names, as far as the viewer sees it."""
        return self._budget_service.last_asked(models, self._directory.sight.sees_channel)

    def measured(self, models: Collection[str] = ()) -> Measured | None:
        """Return what questions were like where the viewer is, for advice; None when none was answered."""
        asked = self._budget_service.asked_in(self._directory.viewer.here, models)
        return measure(asked, self._budget_service.now())

    def thousand(self, base: Priced, models: Collection[str] = ()) -> Thousand | None:
        """Return what a thousand questions cost by the token, at the average of where the viewer is."""
        return thousand(self._prices, base, self.average(models))
