"""Sweeps that are planned beside each other: every name given once, every job paid once, at the price agreed to."""

import re
from decimal import Decimal

import pytest

from bot.errors import Refused
from bot.jobs.model import Phase
from bot.pricing.book import PriceBook
from bot.profiles.model import PriceKind
from bot.spending.ledger import EntryState
from bot.sweeps.cards import SweepCard
from tests.attacks.test_many_at_once import at_once
from tests.doubles import bedrock
from tests.doubles.world import World
from tests.tables import table
from tests.unit.jobs.samples import dataset

MONTH = "2026-11"
# An epoch of 42,000 tokens costs 42 cents.
TEN_CENTS = PriceBook({("claude-3-haiku", PriceKind.TRAINING): Decimal("0.01")})
TEN_TIMES = PriceBook({("claude-3-haiku", PriceKind.TRAINING): Decimal("0.1")})
THREE, TEN = ["1", "2", "3"], [str(each) for each in range(1, 11)]


def house(**caps: str) -> World:
    world = World(prices=TEN_CENTS)
    world.budgets = {scope: Decimal(usd) for scope, usd in caps.items()}
    return world.rebuilt()


def proposed(world: World, values: list[str], *, over: str = "epochCount", source: str = "claims") -> str:
    sweep = world.sweeps.propose(
        source=source, hyperparameter=over, values=values, owner="UTRAIN", channel="C1"
    )
    world.turn()
    return sweep


def start(world: World, sweep: str, by: str = "UTRAIN") -> None:
    world.press("sweep", sweep, "start", by)
    world.pass_time(60)


def card(world: World, sweep: str) -> SweepCard:
    return [each for each in world.renderer.cards if isinstance(each, SweepCard) and each.id == sweep][-1]


def epochs(world: World) -> list[int]:
    return sorted(int(each.plan.hyperparameters["epochCount"]) for each in world.customization.jobs.values())


def check_paid_once(world: World, jobs: int, usd: str) -> None:
    """See that so many jobs were made, under names of their own, and cost so much together at most, everywhere."""
    made = [each.plan for each in world.customization.jobs.values()]
    assert (
        len(made) == len({each.job_name for each in made}) == len({each.model_name for each in made}) == jobs
    )
    assert world.customization.calls["create"] == jobs
    kept = world.ledger.entries(MONTH)
    assert len(kept) == jobs
    assert world.ledger.used(MONTH)["all"] == sum(each.counts for each in kept) == Decimal(usd)
    assert {view.phase for view in world.jobs.list("all", "UTRAIN").views} == {Phase.VALIDATING}


def check_one_figure(world: World, sweep: str, usd: str, *, reserved: bool = False) -> None:
    """See that its lines, its price, its button and the look at the budget say the same."""
    shown = card(world, sweep)
    assert shown.usd == Decimal(usd)
    assert shown.cost == f"at most ${usd}"
    lines = [Decimal(row.cost.removeprefix("at most $")) for row in shown.rows]
    assert sum(lines) == Decimal(usd)
    [budget] = [each for each in shown.preflight if each.name == "budget"]
    left, cap = (Decimal(each.replace(",", "")) for each in re.findall(r"\$([\d,.]*\d)", budget.sentence))
    committed = sum(entry.committed or 0 for entry in world.ledger.kept.values())
    assert cap - left == committed + (0 if reserved else Decimal(usd)), budget.sentence


@pytest.mark.slow
def test_two_plans_that_are_made_before_either_starts_give_no_name_twice() -> None:
    """Tried: two sweeps over the same dataset and two others whose names are alike, all planned first, then started."""
    ways = {
        "another hyperparameter": {"over": "batchSize", "values": ["8", "16"]},
        "another dataset of that name": {"values": ["1", "2"], "source": "claims"},
        "values that read alike": {"over": "learningRateMultiplier", "values": ["1.0", "0.1", "0.5"]},
    }
    with table() as row:
        for name, way in ways.items():
            with row(name):
                world = house()
                first = proposed(world, THREE)
                if "dataset" in name:
                    world.datasets.datasets = [dataset(sha256="cd" * 32)]
                second = proposed(world, **way)  # type: ignore[arg-type]
                names = [r.job_name for each in (first, second) for r in card(world, each).rows]
                models = [r.model_name for each in (first, second) for r in card(world, each).rows]
                assert len(set(names)) == len(set(models)) == 3 + len(way["values"])
                assert all(re.fullmatch(r"[0-9A-Za-z](-?[0-9A-Za-z])*", each) for each in names + models)
                assert all(len(each) <= 63 for each in names + models)
                start(world, first)
                start(world, second)
                shown = {row.job_name for each in (first, second) for row in card(world, each).rows}
                assert {job.plan.job_name for job in world.customization.jobs.values()} == shown
                assert {view.phase for view in world.jobs.list("all", "UTRAIN").views} == {Phase.VALIDATING}


def test_a_name_says_what_is_trained_and_is_never_too_long() -> None:
    world = house()
    world.datasets.datasets = [
        dataset("a-name-of-a-dataset-that-is-as-long-as-anybody-could-want-it-and-longer")
    ]
    sweep = proposed(
        world, ["0.1", "0.25"], over="learningRateMultiplier", source=world.datasets.datasets[0].name
    )
    for row in card(world, sweep).rows:
        assert f"-rate-{row.value.replace('.', '-')}-" in row.job_name
        assert len(row.job_name) <= 63
        assert len(row.model_name) <= 63


@pytest.mark.slow
@pytest.mark.parametrize("seen", ["", "turned"])
def test_what_another_series_has_started_since_is_left_out_of_the_price(seen: str) -> None:
    """Tried: 1, 2, 3 and 1 to 10 are planned, the three are started, then the ten."""
    world = house(all="1000")
    three, ten = proposed(world, THREE), proposed(world, TEN)
    check_one_figure(world, ten, "23.10")
    start(world, three)
    if seen:
        world.pass_time(301, step=30)
        check_one_figure(world, ten, "20.58")
    start(world, ten)

    check_paid_once(world, 10, "23.10")
    assert [row.value for row in card(world, ten).rows] == TEN[3:]
    assert [each.value for each in card(world, ten).left_out] == THREE
    assert {each.job_name for each in card(world, ten).left_out} == {
        row.job_name for row in card(world, three).rows
    }
    assert card(world, ten).usd == Decimal("20.58")


def test_what_exists_when_it_is_planned_is_left_out_and_named() -> None:
    world = house(all="1000")
    three = proposed(world, THREE)
    start(world, three)
    ten = proposed(world, TEN)
    check_one_figure(world, ten, "20.58")
    assert [each.value for each in card(world, ten).left_out] == THREE
    start(world, ten)
    check_paid_once(world, 10, "23.10")
    with pytest.raises(Refused, match="exists already") as refused:
        proposed(world, THREE)
    assert "/tune again" in refused.value.hint


@pytest.mark.slow
def test_when_all_of_it_was_started_otherwise_nothing_is() -> None:
    for pressed in (True, False):
        world = house()
        three, four = proposed(world, THREE), proposed(world, ["1", "2", "3", "4"])
        start(world, four)
        if pressed:
            with pytest.raises(Refused, match="exists already"):
                world.press("sweep", three, "start", "UTRAIN")
        world.pass_time(301, step=30)
        assert "exists already" in card(world, three).refused
        check_paid_once(world, 4, "4.20")


@pytest.mark.parametrize("phase", ["failed", "stopped", "refused"])
def test_a_job_that_came_to_nothing_is_trained_again_under_another_name(phase: str) -> None:
    world = house()
    if phase == "refused":
        world.customization.order("create", bedrock.Fault(Refused("No.", detail="ValidationException: no")))
    three = proposed(world, THREE)
    start(world, three)
    name = card(world, three).rows[0].job_name
    if phase == "failed":
        world.customization.fail(name, "internal error")
    elif phase == "stopped":
        world.jobs.stop(name, "UTRAIN")
        world.pass_time(60)
        world.customization.job(name).status = "Stopped"
    world.pass_time(200)
    [ended] = [each for each in world.jobs.list("all", "UTRAIN").views if each.phase == phase]
    value = next(row.value for row in card(world, three).rows if row.job_name == ended.name)

    four = proposed(world, [value, "4"])
    assert [row.value for row in card(world, four).rows] == [value, "4"]
    assert ended.name not in {row.job_name for row in card(world, four).rows}
    start(world, four)
    assert len(epochs(world)) == (4 if phase == "refused" else 5)


@pytest.mark.slow
def test_two_series_that_start_in_the_same_moment_pay_for_each_job_once() -> None:
    """Both are decided before either is looked at, and both reserve and register what they share."""
    for _ in range(10):
        world = house(all="1000")
        three, ten = proposed(world, THREE), proposed(world, TEN)
        at_once(
            [
                lambda: world.press("sweep", three, "start", "UTRAIN"),  # noqa: B023
                lambda: world.press("sweep", ten, "start", "UTRAIN"),  # noqa: B023
            ]
        )
        at_once([world.controller.tick] * 4)
        world.pass_time(120)
        check_paid_once(world, 10, "23.10")
        shown = [card(world, each) for each in (three, ten)]
        assert sorted(int(row.value) for each in shown for row in each.rows) == list(range(1, 11))
        assert sum(each.usd or 0 for each in shown) == Decimal("23.10")


def test_who_was_asked_decides_still_when_what_is_left_would_need_nobody() -> None:
    world = house(all="1000")
    world.prices = PriceBook({("claude-3-haiku", PriceKind.TRAINING): Decimal("0.0215")})
    world.rebuilt()
    three, four = proposed(world, ["8", "9", "10"]), proposed(world, ["1", "8", "9", "10"])
    start(world, four)
    assert world.customization.calls["create"] == 0, "it waits for an approver"
    start(world, three)
    world.pass_time(301, step=30)
    assert card(world, four).usd == Decimal("0.903")
    assert "was asked" in card(world, four).needs_approval
    assert world.customization.calls["create"] == 3
    world.press("sweep", four, "approve", "UBOSS")
    world.pass_time(60)
    assert epochs(world) == [1, 8, 9, 10]


@pytest.mark.parametrize("point", ["", "after-reserve", "before-commit", "after-commit", "before-create"])
def test_what_was_agreed_to_keeps_its_price_whatever_it_costs_by_now(point: str) -> None:
    """Tried: the operator sets another price while it is started; the budget has room for the price agreed to."""
    world = house(all="3")
    sweep = proposed(world, THREE)
    world.press("sweep", sweep, "start", "UTRAIN")
    if point:
        assert world.crash_at(point)
    world.prices = TEN_TIMES
    world.rebuilt().pass_time(120)

    check_paid_once(world, 3, "2.52")
    check_one_figure(world, sweep, "2.52", reserved=True)
    assert [row.cost for row in card(world, sweep).rows] == [
        f"at most ${n}" for n in ("0.42", "0.84", "1.26")
    ]
    assert {each.state for each in world.ledger.entries(MONTH)} == {EntryState.RESERVED}
    costs = [str(view.cost) for view in world.jobs.list("all", "UTRAIN").views]
    assert sorted(costs) == sorted(row.cost for row in card(world, sweep).rows)
