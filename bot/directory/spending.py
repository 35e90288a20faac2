"""What was spent, as handlers ask for it."""

from bot.directory.directory import Directory
from bot.spending.budget_service import Treasury
from bot.spending.reports import SpendingReport


class SpendingDesk:
    """Reports for a viewer: every sum is there, and names only of what they see."""

    def __init__(self, treasury: Treasury, directory: Directory) -> None:
        self._treasury = treasury
        self._directory = directory

    def report(self) -> SpendingReport:
        """Return how the budgets stand this month, and who spent what.

        Raises:
            Unavailable: the store did not answer.
        """
        return self._treasury.report(self._directory.sight.sees_channel)
