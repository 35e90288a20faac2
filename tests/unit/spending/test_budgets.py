"""Which budgets apply, what fits, in which words it is said when it does not, and who spent what."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.spending.budgets import Budget, Over, applying, fits, left, nearing, outlook, raised, shortfall
from bot.spending.ledger import Entry, EntryState, SpendingKind, first_of_next, month_of
from bot.spending.reports import DIRECT, HIDDEN, Share, report

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
CAPS = {"all": Decimal(500), "C1": Decimal(200), "U1": Decimal(100), "U2": Decimal(1)}


def everything(_channel: str, _person: str) -> bool:
    return True


def entry(usd: str | None = "3.20", **changes: Any) -> Entry:
    values: dict[str, Any] = {
        "id": "job:1#1",
        "kind": SpendingKind.TRAINING,
        "owner": "U1",
        "channel": "C1",
        "model": "claims-router",
        "base": "claude-3-haiku",
        "dataset": "claims",
        "at": AT,
        "committed": None if usd is None else Decimal(usd),
    }
    return Entry(**(values | changes))


def test_a_spending_counts_in_the_workspace_for_its_owner_and_in_its_channel() -> None:
    assert [each.scope for each in applying(CAPS, entry())] == ["all", "U1", "C1"]
    assert applying({"C9": Decimal(1), "U9": Decimal(1)}, entry()) == ()


@pytest.mark.parametrize(
    ("used", "usd", "holds"),
    [("0", "100", True), ("0", "100.01", False), ("99", "1", True), ("120", "0", True), ("100", "0.01", False),
     ("99.99", None, True), ("100", None, False)],
)  # fmt: skip
def test_what_fits(used: str, usd: str | None, *, holds: bool) -> None:
    assert fits(Budget("U1", Decimal(100)), Decimal(used), None if usd is None else Decimal(usd)) is holds


def test_nothing_less_than_nothing_is_left() -> None:
    assert left(Budget("U1", Decimal(100)), Decimal(130)) == 0


def test_a_plan_says_what_is_left_of_the_tightest_budget_after_it() -> None:
    standings = [(Budget("all", Decimal(500)), Decimal(450)), (Budget("C1", Decimal(200)), Decimal(0))]
    seen = outlook(entry(), standings, ())
    assert seen.short is None
    assert seen.sentence == ("That leaves $46.80 of the workspace's $500.00 for November.")


def test_an_unknown_price_is_said_to_count_as_nothing() -> None:
    seen = outlook(entry(None), [(Budget("C1", Decimal(200)), Decimal(10))], ())
    assert (seen.short, seen.is_blind) == (None, True)
    assert seen.sentence == (
        "Training has an unknown price, so it counts as nothing in this channel's $200.00 for November."
    )
    assert "TUNESMITH_PRICES" in seen.mend


def test_an_unknown_price_is_refused_once_nothing_is_left() -> None:
    seen = outlook(entry(None), [(Budget("C1", Decimal(200)), Decimal(200))], ())
    assert seen.short is not None
    assert seen.sentence == (
        "Training has an unknown price, and nothing of this channel's $200.00 for November is left."
    )


def test_a_refusal_names_the_budget_what_is_left_what_took_most_and_what_mends_it() -> None:
    month = [entry("120", owner="U2", model="router"), entry("40"), entry("30"), entry("900", channel="C2")]
    standings = [(Budget("C1", Decimal(200)), Decimal("190")), (Budget("all", Decimal(500)), Decimal(489))]
    seen = outlook(entry("12"), standings, month)
    assert seen.short is not None
    assert seen.short.sentence == (
        "Training costs at most $12.00, and only $10.00 of this channel's $200.00 for November is left. "
        "Most went to `router`: $120.00."
    )
    assert seen.short.mend == (
        "Make it smaller, wait until 1 December, or have it raised: `/tune budget` says by whom."
    )


def test_a_persons_own_budget_says_what_it_went_to() -> None:
    over = Over(Budget("U1", Decimal(100)), "2026-12", Decimal(100), Decimal(24))
    serving = entry("48", kind=SpendingKind.SERVING)
    short = shortfall(serving, [over], [entry("30"), entry("70", model="notes")], more=True)
    assert short.sentence == (
        "The longer lease costs at most $24.00 more, and nothing of <@U1>'s $100.00 for December is left. "
        "Most went to `notes`: $70.00."
    )
    assert "wait until 1 January" in short.mend


@pytest.mark.parametrize(
    ("used", "told", "percent"),
    [("79.99", set(), None), ("80", set(), 80), ("80", {"U1:80"}, None), ("100", {"U1:80"}, 100), ("140", set(), 100),
     ("140", {"U1:100"}, None)],
)  # fmt: skip
def test_each_step_is_told_once(used: str, told: set[str], percent: int | None) -> None:
    found = nearing([(Budget("U1", Decimal(100)), Decimal(used))], "2026-11", told)
    assert [each.percent for each in found] == ([percent] if percent else [])
    assert nearing([(Budget("U1", Decimal(0)), Decimal(used))], "2026-11", told) == []


def test_with_nothing_spent_nobody_is_named() -> None:
    over = Over(Budget("all", Decimal(2)), "2026-11", Decimal(0), Decimal(3))
    assert shortfall(entry("3"), [over], []).sentence.endswith("is left.")


def test_months_are_by_utc() -> None:
    assert month_of(datetime.fromisoformat("2026-11-30T23:30:00-05:00")) == "2026-12"
    assert first_of_next("2026-12") == datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "actual", "committed", "counts"),
    [
        (EntryState.RESERVED, None, "5", "5"),
        (EntryState.SETTLED, "2", "5", "2"),
        (EntryState.SETTLED, "0", "5", "0"),
        (EntryState.SETTLED, None, "5", "5"),
        (EntryState.SETTLED, None, None, "0"),
        (EntryState.FREED, None, "5", "0"),
    ],
)
def test_what_counts(state: EntryState, actual: str | None, committed: str | None, counts: str) -> None:
    it = entry(committed, state=state, actual=None if actual is None else Decimal(actual))
    assert it.counts == Decimal(counts)
    assert it.is_unpriced is (committed is None and actual is None)


def test_the_report_has_budgets_in_their_order_and_shares_with_the_most_first() -> None:
    settled = {"state": EntryState.SETTLED, "actual": Decimal(10)}
    month = [
        entry("20", **settled),
        entry("30", owner="U2", channel="D1", model="notes"),
        entry("5", owner="U3", channel="D2", model="notes"),
        entry(None, owner="U3", channel="C2", model="odd"),
        entry("0", owner="U4", channel="C3", model="free"),
    ]
    made = report("2026-11", month, [], caps(U2=9, C1=50, all=100), everything)

    assert (made.month, made.over_on) == ("November", datetime(2026, 12, 1, tzinfo=UTC))
    assert [(each.budget.scope, each.spent, each.committed, each.left) for each in made.standings] == [
        ("all", Decimal(10), Decimal(35), Decimal(55)),
        ("C1", Decimal(10), Decimal(0), Decimal(40)),
        ("U2", Decimal(0), Decimal(30), Decimal(0)),
    ]
    assert made.people == (
        Share("U2", Decimal(30), reserved=Decimal(30)), Share("U1", Decimal(10)),
        Share("U3", Decimal(5), 1, reserved=Decimal(5)),
    )  # fmt: skip
    assert made.models == (
        Share("notes", Decimal(35), reserved=Decimal(35)), Share("claims-router", Decimal(10)),
        Share("odd", Decimal(0), 1),
    )  # fmt: skip
    assert made.channels[0] == Share(DIRECT, Decimal(35), reserved=Decimal(35)), (
        "whose direct message it was is nobody's business"
    )
    assert made.unpriced == 1
    assert not made.is_empty


def caps(**usd: int) -> list[Budget]:
    return [Budget(scope, Decimal(cap)) for scope, cap in usd.items()]


def test_what_was_raised_counts_until_the_operator_sets_another_figure() -> None:
    raises = {("all", Decimal(100)): Decimal(150), ("C1", Decimal(40)): Decimal(30)}
    assert raised(caps(all=100, C1=40, U2=9), raises) == (
        Budget("all", Decimal(150), Decimal(100)), *caps(C1=40, U2=9),
    )  # fmt: skip
    assert raised(caps(all=120), raises) == (*caps(all=120),)


def test_a_budget_that_was_raised_is_told_of_anew_when_it_is_nearly_used() -> None:
    before, after = Budget("all", Decimal(100)), Budget("all", Decimal(200), Decimal(100))
    [told] = nearing([(before, Decimal(85))], "2026-11", frozenset())
    assert nearing([(after, Decimal(100))], "2026-11", {told.about}) == []
    [again] = nearing([(after, Decimal(165))], "2026-11", {told.about})
    assert again.about != told.about


def test_what_the_reader_does_not_see_is_a_sum_without_names() -> None:
    month = [
        entry("20"),
        entry("30", owner="U2", channel="CPAY", model="payroll"),
        entry("5", owner="U3", channel="D2", model="diary"),
    ]
    made = report(
        "2026-11", month, [], caps(CPAY=50, C1=40, all=100, U2=9), lambda channel, _: channel == "C1"
    )

    assert [each.budget.scope for each in made.standings] == ["all", "C1", "U2"]
    assert made.models == (
        Share(HIDDEN, Decimal(35), reserved=Decimal(35)), Share("claims-router", Decimal(20), reserved=Decimal(20)),
    )  # fmt: skip
    assert made.channels == (
        Share(HIDDEN, Decimal(35), reserved=Decimal(35)), Share("C1", Decimal(20), reserved=Decimal(20)),
    )  # fmt: skip
    assert made.committed == Decimal(55)


def test_no_refusal_names_what_was_spent_on_in_another_channel() -> None:
    month = [entry("60", channel="CPAY", model="payroll"), entry("30")]
    over = [Over(Budget("all", Decimal(100)), "2026-11", Decimal(90), Decimal(20))]
    assert "Most went to what was started elsewhere: $60.00." in shortfall(entry("20"), over, month).sentence
    there = entry("20", channel="CPAY", model="payroll")
    assert "Most went to `payroll`: $60.00." in shortfall(there, over, month).sentence


def test_a_month_without_spending_is_empty() -> None:
    made = report("2026-11", [], [], [], everything)
    assert made.is_empty
    assert (made.standings, made.spent, made.committed) == ((), Decimal(0), Decimal(0))
