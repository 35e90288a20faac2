"""What services that plan something for money are put together from."""

from bot.access import Access
from bot.clock import Clock
from bot.controller.ports import SpecWriter
from bot.directory.directory import Directory
from bot.directory.service import Service
from bot.jobs.model import JobSettings
from bot.pricing.book import PriceBook
from bot.spending.budget_service import BudgetService


class PlanningService(Service):
    """Writes down plans that cost money: they are priced, held to the budgets, and decided by people."""

    def __init__(
        self,
        store: SpecWriter,
        directory: Directory,
        prices: PriceBook,
        access: Access,
        clock: Clock,
        settings: JobSettings,
        budget_service: BudgetService,
    ) -> None:
        super().__init__(store, directory, clock)
        self._prices = prices
        self._access = access
        self._settings = settings
        self._budget_service = budget_service
