"""What was asked, by the ledger: averages of a channel, how often, and when a model was last asked."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from bot.pricing.answers import Average
from bot.spending.budget_service import BudgetService
from bot.spending.ledger import Entry, SpendingKind, Tokens, months_back
from tests.doubles.clock import FakeClock
from tests.doubles.ledger import InMemoryLedger


class Asked:
    """A ledger with answers in it."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.ledger = InMemoryLedger()
        self.service = BudgetService(self.ledger, {}, self.clock)

    def answer(
        self, tokens: Tokens | None, *, days: float = 0, model: str = "notes", channel: str = "C1"
    ) -> datetime:
        at = self.clock.now() - timedelta(days=days)
        number = len(self.ledger.kept)
        entry = Entry(
            f"question:{number}", SpendingKind.QUESTION, "U1", channel, model, "nova-lite", "", at,
            Decimal(0), tokens=tokens,
        )  # fmt: skip
        self.ledger.settle(entry, Decimal(0))
        return at


def test_the_average_is_this_channels_of_this_month_and_the_last() -> None:
    asked = Asked()
    assert asked.service.average("C1") is None
    asked.answer(Tokens(300, 100))
    asked.answer(Tokens(100, 50), days=25)
    asked.answer(None)
    asked.answer(Tokens(9_000, 9_000), days=70)
    asked.answer(Tokens(9_000, 9_000), channel="C2")
    asked.answer(Tokens(50, 10), model="other")
    assert asked.service.average("C1", ["notes"]) == Average(2, 400, 150)
    assert asked.service.average("C1") == Average(3, 450, 160)
    assert asked.service.average("C1", ["new"]) == Average(3, 450, 160), "as people ask there"


def test_a_model_was_last_asked_by_any_of_its_names_whether_it_answered_or_not() -> None:
    asked = Asked()
    assert asked.service.last_asked(["notes"]) is None
    asked.answer(Tokens(1, 1), days=100, model="old-name")
    last = asked.answer(None, days=40)
    asked.answer(Tokens(1, 1), model="other")
    assert asked.service.last_asked(["notes", "old-name"]) == last
    assert asked.service.last_asked(["notes", "old-name"], lambda channel, _: channel != "C1") is None


def test_months_go_back_over_the_year() -> None:
    assert months_back(datetime(2026, 2, 28, 23, tzinfo=UTC), 4) == [
        "2026-02",
        "2026-01",
        "2025-12",
        "2025-11",
    ]
