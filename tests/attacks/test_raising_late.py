"""Budgets that are raised on what was shown long before, or when more is used of one than it is."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.controller.model import Key
from bot.errors import Refused
from tests.attacks.test_sole import PEOPLE, house, planned
from tests.unit.jobs.samples import model


def test_whoever_may_raise_it_is_asked_for_what_the_plan_needs_of_an_overused_budget() -> None:
    """With 16 reserved of 4 the question named 12 for a plan of 8: what is over the budget was left out."""
    world = house()
    world.models.save(replace(model("other"), arn=f"{model().arn}-other"))
    first = planned(world, "r1")
    world.turn()
    world.press("lease", first, "start", "UTRAIN")
    world.turn()
    used = world.ledger.used("2026-11")["all"]
    world.budgets["all"] = used / 4  # the operator lowered it
    world.rebuilt()
    plan = world.leases.plan(model="other", minutes=60, owner="UTRAIN", channel="C1", request="r2")
    key = Key("lease", world.leases.propose(plan))
    world.turn()

    raising = world.raising_service(world.directory("UTRAIN", "C1"))
    least = raising.shortage(key).least
    assert least > used
    raising.ask(key)
    asked = [each for each in world.store.of_kind("notification") if "budget.raise" in str(each.spec)]
    assert len(asked) == len(PEOPLE.approvers)
    assert all(f"'all {least:f} {key}'" in str(each.spec) for each in asked)


def test_a_form_that_was_opened_for_one_month_raises_no_other() -> None:
    world = house()
    world.budgets["all"] = Decimal(100)
    world.rebuilt()
    raising = world.raising_service(world.directory("UBOSS", "C1"))
    shown = raising.of("all")
    world.clock.advance(86400 * 12)
    with pytest.raises(Refused, match="for November, and it is December by now"):
        raising.raise_to("all", Decimal(500), shown.least, None, shown.over.month)
    assert raising.of("all").budget.usd == 100


def test_a_month_that_ends_between_the_look_and_the_raise_raises_no_other() -> None:
    world = house()
    world.budgets["all"] = Decimal(100)
    world.rebuilt()
    world.clock.advance((datetime(2026, 12, 1, tzinfo=UTC) - world.clock.now()).total_seconds() - 1)
    raising, raised = world.raising_service(world.directory("UBOSS", "C1")), world.ledger.raised

    def slowly(month: str) -> Mapping[tuple[str, Decimal], Decimal]:
        """Answer the first look in the last second of November."""
        found = raised(month)
        world.clock.advance(2)
        return found

    world.ledger.raised = slowly  # type: ignore[method-assign]
    budget, month = raising.raise_to("all", Decimal(500), Decimal(200), None, "2026-11")
    assert (budget.usd, month) == (Decimal(500), "November")
    assert {each: dict(there) for each, there in world.ledger.raises.items() if there} == {
        "2026-11": {("all", Decimal(100)): Decimal(500)}
    }
