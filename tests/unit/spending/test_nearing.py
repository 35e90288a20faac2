"""Who hears that a budget is nearly used: who approves what is spent there, and nobody by a channel alone elsewhere."""

from decimal import Decimal

from bot.access import Access
from bot.rosters import Holders
from bot.spending.budget_service import BudgetService
from bot.spending.reservation import Approvers, tell_approvers
from tests.doubles.clock import FakeClock
from tests.doubles.ledger import InMemoryLedger
from tests.doubles.memberships import FakeMemberships
from tests.doubles.resources import InMemoryResources
from tests.doubles.rosters import FakeRosters, people
from tests.doubles.world import PlainRenderer
from tests.tables import table
from tests.unit.spending.test_budgets import AT, entry

PLACES = FakeRosters(C1=people("UNEAR"), C2=people("UFAR"), S0=people("UBOSS"), S1=people())


def heard(approvers: str, budget: str) -> list[str]:
    """Return who hears that this budget is used up by something in C1, at once and once somebody is in a group."""
    clock = FakeClock()
    store, service = InMemoryResources(clock), BudgetService(InMemoryLedger(), {budget: Decimal(3)}, clock)
    service.reserve(entry("3.00"))

    def tell(named: str) -> None:
        access = Access(
            frozenset(), Holders(named.split(), PLACES, counts_open=False), people=FakeMemberships()
        )
        tell_approvers(service, Approvers(access, store, PlainRenderer()), entry("3.00"), AT)

    tell(approvers)
    tell("S0")
    return sorted(str(each.spec["user"]) for each in store.of_kind("notification"))


def test_who_hears_that_a_budget_is_nearly_used() -> None:
    with table() as row:
        for approvers, budget, who in (
            ("S0 C1 C2", "C1", ["UBOSS", "UNEAR"]),
            ("S0 C1 C2", "all", ["UBOSS"]),
            ("C1 C2", "C1", ["UNEAR"]),
            ("S1", "all", ["UBOSS"]),  # nobody was there at first, and who comes after all hears of it
        ):
            with row(f"{approvers}: {budget}"):
                assert heard(approvers, budget) == who
