"""What services that plan something for money are put together from."""

from bot.access import Access
from bot.clock import Clock
from bot.controller.ports import Wishes
from bot.directory.directory import Directory
from bot.directory.service import Desk
from bot.jobs.model import JobSettings
from bot.pricing.book import PriceBook
from bot.spending.budget_service import Treasury


class PlanningDesk(Desk):
    """Writes down plans that cost money: they are priced, held to the budgets, and decided by people."""

    def __init__(
        self,
        store: Wishes,
        directory: Directory,
        prices: PriceBook,
        access: Access,
        clock: Clock,
        settings: JobSettings,
        treasury: Treasury,
    ) -> None:
        super().__init__(store, directory, clock)
        self._prices = prices
        self._access = access
        self._settings = settings
        self._treasury = treasury
