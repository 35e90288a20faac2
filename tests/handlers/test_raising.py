"""A budget that has no room for a plan of any kind: who may raises it, who may not asks them, nothing is started."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.access import Access
from bot.controller.model import Key
from bot.errors import Refused
from bot.spending.ledger import month_of
from handlers.ui.render import BlockKitRenderer
from tests.doubles.bought import CHEAP, SAMPLES, house
from tests.doubles.classroom import Classroom
from tests.doubles.memberships import FakeMemberships
from tests.handlers.door import CHANNEL, Door, buttons, make_door, words
from tests.handlers.test_inspector import ack
from tests.tables import table
from tests.unit.jobs.samples import ACCESS

BOSS, OPS = "UBOSS", "UOPS"
PEOPLE = Access(
    trainers=frozenset({"UTRAIN"}), approvers=frozenset({BOSS, "UCHIEF"}), people=FakeMemberships()
)


def poor(tmp_path: Path, name: str) -> tuple[Classroom, Key]:
    """Return a bot whose budget has a cent, with a plan of that sample which was looked at."""
    world = house(tmp_path, CHEAP, PEOPLE)
    world.budgets["all"] = Decimal("0.01")
    world.rebuilt()
    sample = SAMPLES[name]
    plan = sample.propose(world, "UTRAIN")
    world.turn()
    world.turn()
    return world, Key(sample.kind, plan)


def card_of(world: Classroom, plan: Key) -> list[dict[str, Any]]:
    """Return the blocks of the plan's card as it is now."""
    cards = [each for each in world.renderer.cards if type(each).__name__ in CARDS]
    messages = [BlockKitRenderer().render(each) for each in reversed(cards)]
    return next(list(each.blocks) for each in messages if plan.id in str(each.blocks))


def drawn(world: Classroom, plan: Key) -> set[str]:
    """Return the actions of the plan's card as it is now."""
    return {action for action, value in buttons({"blocks": card_of(world, plan)}) if plan.id in value}


CARDS = {"PlanCard", "SweepCard", "LeaseCard", "DistillationPlanCard", "ScheduleCard"}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_plan_that_no_budget_has_room_for_can_have_it_raised_and_then_be_started(
    tmp_path: Path, name: str
) -> None:
    world, plan = poor(tmp_path, name)
    assert drawn(world, plan) == {"plan.raise", "plan.check", "plan.change", "plan.cancel"}

    world.clock.advance(1)
    raising = world.raising_service(world.directory(BOSS, CHANNEL))
    short = raising.shortage(plan)
    assert short.least > Decimal("0.01")
    budget, _ = raising.raise_to("all", short.least, short.least, plan)
    assert (budget.usd, budget.raised_from) == (short.least, Decimal("0.01"))
    with pytest.raises(Refused, match="have room"):
        raising.shortage(plan)
    world.turn()
    assert drawn(world, plan) == {"plan.start", "plan.change", "plan.cancel"}, "and nothing was started"

    world.press(plan.kind, plan.id, "start", "UTRAIN")
    for _ in range(3):
        world.turn()
    assert world.ledger.used(month_of(world.clock.now()))["all"] <= short.least
    told = {each.spec["user"] for each in world.store.of_kind("notification")}
    assert told >= {"UCHIEF"}, "the others who hear of money"


# Through the front door


def broke(access: Access = ACCESS, **budgets: str) -> tuple[Door, str]:
    """Return a door, and a job's plan for which no budget has room."""
    caps = budgets or {"all": "0.01", "C1": "50"}
    door = make_door(access, {scope: Decimal(usd) for scope, usd in caps.items()})
    door.command("start claims")
    door.submit(door.opened, {})
    door.client.made.clear()
    [planned] = door.store.of_kind("job")
    return door, f"job:{planned.key.id}"


def by(door: Door, user: str) -> Door:
    door.user = user
    return door


def people(**changes: Any) -> Access:
    return replace(PEOPLE, **changes)


def test_who_may_gets_the_form_with_what_is_left_and_what_is_needed() -> None:
    door, plan = broke(people())
    by(door, BOSS).press("plan.raise", plan)
    form = door.opened
    assert "budget for November: $0.01, $0.01 left" in words(form)
    assert "Needed for the plan: *$0.09* in all" in words(form)
    assert form["blocks"][1]["element"]["initial_value"] == "2"

    for wrong, said in {
        "many": "a sum",
        "-1": "a sum",
        "0.01": "already",
        "0.02": "$0.09 are needed",
    }.items():
        assert said in ack(door.submit(form, {"usd": wrong}))["errors"]["usd"]
    assert ack(door.submit(form, {"usd": "$1,000.50"})) == {}
    assert "budget for November is $1,000.50 now" in door.client.calls("chat.postEphemeral")[-1]["text"]
    [planned] = door.store.of_kind("job")
    assert planned.spec["recheck"] is not None
    assert planned.spec["votes"]["started"] is None


def test_who_may_not_is_led_to_who_may_and_they_are_asked_once() -> None:
    door, plan = broke(people())
    door.press("plan.raise", plan)
    assert "<@UBOSS>, <@UCHIEF> can raise this budget" in door.said
    [(action, value)] = buttons(door.webhooks[0])

    for _ in range(2):
        door.webhooks.clear()
        door.press(action, value)
        assert "I have asked <@UBOSS>, <@UCHIEF>" in door.said
    asked = door.store.of_kind("notification")
    assert {each.spec["user"] for each in asked} == {BOSS, "UCHIEF"}
    assert len(asked) == 2
    [(action, value)] = buttons(asked[0].spec)
    by(door, BOSS).press(action, value)
    assert "Needed for the plan" in words(door.opened)


@pytest.mark.parametrize(
    ("operator", "may"),
    [("", {BOSS, "UCHIEF"}), (OPS, {OPS}), ("COPS", {BOSS, "UCHIEF"})],
    ids=["none", "a person", "a channel"],
)
def test_the_operator_raises_or_where_that_is_nobody_the_approvers(operator: str, may: set[str]) -> None:
    with table() as row:
        for user in (BOSS, "UCHIEF", OPS, "UTRAIN", "UOTHER"):
            with row(user):
                door, plan = broke(people(operator=operator))
                by(door, user).press("plan.raise", plan)
                by(door, user).press("budget.raise", f"all 0.09 {plan}")
                assert len(door.client.calls("views.open")) == (2 if user in may else 0)
                door.webhooks.clear()
                door.command("budget", user_id=user)
                assert ("budget.raise" in str(buttons(door.webhooks[0]))) == (user in may)
                assert ("can raise one" in door.told) == (user not in may)


def test_a_budget_is_raised_without_a_plan_too_and_shows_what_it_was() -> None:
    door, _ = broke(people())
    by(door, BOSS).command("budget")
    [first, *_] = [each for each in buttons(door.webhooks[0]) if each[0] == "budget.raise"]
    door.press(*first)
    assert ack(door.submit(door.opened, {"usd": "20"})) == {}
    door.webhooks.clear()
    door.command("budget")
    assert "of $20.00 spent\nraised from $0.01" in door.said


def test_a_forged_form_raises_nothing() -> None:
    door, plan = broke(people())
    by(door, BOSS).press("plan.raise", plan)
    form = door.opened
    by(door, "UTRAIN").submit(form, {"usd": "20"})
    assert door.ledger.raised("2026-11") == {}
    by(door, BOSS).submit(
        form | {"private_metadata": form["private_metadata"].replace('"all"', '"C9"')}, {"usd": "20"}
    )
    assert door.ledger.raised("2026-11") == {}
