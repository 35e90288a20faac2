"""What was spent, as handlers ask for it."""

from bot.directory.directory import Directory
from bot.spending.budget_service import BudgetService
from bot.spending.reports import SpendingReport


class SpendingService:
    """Reports for a viewer: every sum is there, and names only of what they see."""

    def __init__(self, budget_service: BudgetService, directory: Directory) -> None:
        self._budget_service = budget_service
        self._directory = directory

    def report(self) -> SpendingReport:
        """Return how the budgets stand this month, and who spent what.

        Raises:
            Unavailable: the store did not answer.
        """
        return self._budget_service.report(self._directory.sight.sees_channel)
