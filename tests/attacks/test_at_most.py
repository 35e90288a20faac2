"""*At most* that is not the most: a figure that is shown, held to a limit or reserved, and then gone over."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.cards import PlanCard
from bot.leases import purchase as entries
from bot.leases.cards import LeaseCard
from bot.leases.deadlines import RELEASE, STARTUP
from bot.leases.drafting import freeze
from bot.leases.endpoint import LeasePhase
from bot.leases.model import LeaseSpec, LeaseStatus, Moment
from bot.leases.views import cost_at_most, lease_view
from bot.pricing.book import PriceBook
from bot.pricing.money import about, at_most
from bot.profiles.model import PriceKind, Serving
from handlers.ui.folding import unfolded
from handlers.ui.render import render
from tests.doubles.world import World
from tests.handlers.door import make_door
from tests.unit.jobs.samples import model, plan

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
PRICES = PriceBook({("claude-3-haiku", PriceKind.MODEL_UNIT_HOUR): Decimal(22)})


def spec_of(minutes: int, profile: str = "claude-3-haiku") -> LeaseSpec:
    plan = freeze(
        model(profile=profile), minutes=minutes, longest=480, owner="UTRAIN", channel="C1", request="r"
    )
    return LeaseSpec(plan, asked_at=AT)


@pytest.mark.parametrize(("minutes", "usd"), [(5, 44), (60, 44), (61, 66), (90, 66), (120, 66), (480, 198)])
def test_one_figure_is_shown_held_to_the_limit_and_reserved(minutes: int, usd: int) -> None:
    """A lease of an hour said 22 dollars, reserved 44, and ended at 26.40 over a limit of 25."""
    world = World(prices=PRICES)
    world.models.save(model())
    plan = world.leases.plan(
        model="claims-router", minutes=minutes, owner="UTRAIN", channel="C1", request="r"
    )
    lease = world.leases.propose(plan)
    world.turn()
    world.press("lease", lease, "start", "UTRAIN")
    world.turn()
    world.press("lease", lease, "approve", "UBOSS")
    world.turn()

    [reserved] = world.ledger.kept.values()
    cards = [each for each in world.renderer.cards if isinstance(each, LeaseCard)]
    assert reserved.committed == usd
    assert all(each.view.total.startswith(f"at most ${usd}.00") for each in cards)
    assert cards[0].needs_approval == f"${usd}.00 is more than the $25.00 that may be spent without approval."


def test_another_price_is_set_for_others_and_not_for_a_lease_that_was_agreed_to() -> None:
    """A card went from 44 dollars to 60 when the operator set another price, and the ledger kept its 44."""
    world = World(prices=PRICES)
    world.models.save(model())
    plan = world.leases.plan(model="claims-router", minutes=60, owner="UTRAIN", channel="C1", request="r")
    lease = world.leases.propose(plan)
    world.turn()
    world.press("lease", lease, "start", "UTRAIN")
    world.turn()
    world.press("lease", lease, "approve", "UBOSS")
    world.turn()

    world.prices = PriceBook({("claude-3-haiku", PriceKind.MODEL_UNIT_HOUR): Decimal(30)})
    world.rebuilt()
    world.pass_time(120)

    view = world.leases.find(lease)
    [reserved] = world.ledger.kept.values()
    assert view.total.startswith("at most $44.00")
    assert view.hour.usd == 22
    assert reserved.committed == 44
    offer = world.extensions.offer(lease, 60)
    assert offer.total.startswith("at most $90.00"), (
        "more time is a decision on the whole sum, at the price of now"
    )


@given(
    minutes=st.integers(5, 480),
    startup=st.floats(0, STARTUP / timedelta(minutes=1)),
    release=st.floats(0, RELEASE / timedelta(minutes=1)),
)
def test_no_start_up_and_no_release_costs_more_than_was_said(
    minutes: int, startup: float, release: float
) -> None:
    spec, billed = spec_of(minutes), timedelta(minutes=startup + minutes + release)
    ended = Moment(0.0, AT + billed, AT + billed)
    status = LeaseStatus(phase=LeasePhase.RELEASED, intent_at=AT, created=AT, seen=ended)

    said, spent = cost_at_most(spec, PRICES), entries.actual(spec, status, PRICES, None)
    assert said is not None
    assert spent is not None
    assert spent <= said
    assert lease_view(spec, status, PRICES).spent == about(spent), "what it cost, once it is over"


@pytest.mark.slow
def test_throughput_that_does_not_start_is_given_up_in_time_and_told_where_aws_keeps_it() -> None:
    """AWS deletes nothing that it still creates: then all that can be done is to say that it is billed."""
    world = World(prices=PRICES)
    world.models.save(model())
    plan = world.leases.plan(model="claims-router", minutes=5, owner="UTRAIN", channel="C1", request="r")
    lease = world.leases.propose(plan)
    world.turn()
    for decision, by in (("start", "UTRAIN"), ("approve", "UBOSS")):
        world.press("lease", lease, decision, by)  # type: ignore[arg-type]
        world.turn()

    world.pass_time(STARTUP.total_seconds() - 60, step=30)
    assert world.endpoints.calls["delete"] == 0
    world.pass_time(120, step=30)
    assert world.endpoints.calls["delete"] > 0
    world.pass_time(RELEASE.total_seconds(), step=30)
    assert any(
        "it is billed until it is deleted" in each.message.text for each in world.said("LeaseMilestone")
    )


def test_what_was_billed_before_a_lease_was_found_again_is_part_of_it() -> None:
    assert cost_at_most(replace(spec_of(60), billed_before=120), PRICES) == 88


def test_a_deployment_costs_nothing_by_the_hour() -> None:
    spec = spec_of(480, "nova-lite")
    assert spec.plan.serving is Serving.ON_DEMAND_DEPLOYMENT
    assert cost_at_most(spec, PRICES) == 0


@given(st.decimals(min_value="0.01", max_value="100000", places=6))
def test_the_words_are_never_below_the_figure(usd: Decimal) -> None:
    assert Decimal(at_most(usd).removeprefix("at most $").replace(",", "")) >= usd


@pytest.mark.parametrize("typed", ["cost", "cost claims", "cost claims-router"])
def test_an_hour_in_service_has_the_same_figure_in_the_prices(typed: str) -> None:
    door = make_door()
    door.command(typed)
    assert "$8.00 an hour for each model unit; a lease of an hour costs at most $16.00" in door.told


def test_a_plan_says_what_an_hour_in_service_costs_at_most() -> None:
    world = World(prices=PRICES)
    world.jobs.propose(plan())
    world.turn()
    [card] = [each for each in world.renderer.cards if isinstance(each, PlanCard)][-1:]
    assert "a lease of an hour costs at most $44.00" in str(unfolded(render(card)))
