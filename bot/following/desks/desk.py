"""What desks have in common: what they are put together from, and asking again for what has failed."""

from collections.abc import Callable

from bot.access import Access
from bot.clock import Clock
from bot.errors import Refused
from bot.following.directory import Directory
from bot.following.model import Registration
from bot.following.ports import Wishes
from bot.jobs.model import JobSettings
from bot.pricing.book import PriceBook
from bot.pricing.treasury import Treasury

ATTEMPTS = 20
"""How often the same may be asked for in one place: each attempt but the last has failed."""


class Desk:
    """Writes wishes down for a viewer; nothing is waited for."""

    def __init__(self, store: Wishes, directory: Directory, clock: Clock) -> None:
        self._store = store
        self._directory = directory
        self._clock = clock

    def _begin(self, attempt: Callable[[int], Registration], *, hint: str) -> bool:
        """Have it done, unless it is done already or under way; return whether this request began it.

        ``attempt`` is what is registered for the attempt of that number.

        Raises:
            Refused: it has failed too often; ``hint`` says what to do instead.
        """
        for number in range(ATTEMPTS):
            wanted = attempt(number)
            if self._store.register(wanted):
                return True
            before = self._directory.own(wanted.key)
            if before is None or not before.status.get("failed"):
                return False
        raise Refused(f"I have tried that {ATTEMPTS} times.", hint=hint)


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
