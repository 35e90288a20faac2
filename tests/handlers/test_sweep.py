"""A sweep through the front door."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.controller.model import Key
from bot.sweeps.cards import SweepCard
from handlers.ui.render import render
from tests.doubles.world import World
from tests.handlers.door import Door, buttons, words


@pytest.mark.parametrize(
    "text",
    [
        "sweep claims epochCount=2,4,6",
        "sweep claims over epochs=2, 4, 6",
        "sweep claims epoch=2,4,6",
        "sweep claims epochs = 2 4 6",
    ],
)
def test_one_line_plans_it(door: Door, text: str) -> None:
    door.command(text)

    [resource] = door.store.of_kind("sweep")
    assert [each["hyperparameters"]["epochCount"] for each in resource.spec["plans"]] == ["2", "4", "6"]
    assert door.webhooks == [], "the plan is the answer"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sweep claims epochs 2 4", "I cannot read what to vary"),
        ("sweep claims epochCount=", "I cannot read what to vary"),
        ("sweep claims epochCount=2,99", "It takes 1 to 10"),
        ("sweep clams epochCount=2,4", "There is no"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(door: Door, text: str, said: str) -> None:
    door.command(text)

    assert said in door.said
    assert door.store.of_kind("sweep") == []


def test_what_its_values_are_compared_by_is_told_before_it_starts(door: Door) -> None:
    door.command("sweep claims epochs=2,4")
    world = beside(door)
    world.turn()
    [resource] = door.store.of_kind("sweep")
    drawn(world, resource.key.id)
    [card] = [each for each in world.renderer.cards if isinstance(each, SweepCard)][-1:]
    for held_out, said in (("", "none"), ("0123456789ab", "`0123456789ab`")):
        shown = replace(card, plan=replace(card.plan, validation_dataset_id=held_out))
        assert f"Validation data: {said}" in words({"blocks": list(render(shown).details)})


def test_cancel_is_counted(door: Door) -> None:
    door.command("sweep claims epochCount=2,4")
    [resource] = door.store.of_kind("sweep")

    door.press("plan.cancel", f"sweep:{resource.key.id}")

    changed = door.store.get(Key("sweep", resource.key.id))
    assert changed is not None
    assert changed.spec["votes"]["cancelled"]["by"] == "UTRAIN"


def test_a_sweep_that_is_not_known_any_more_says_so(door: Door) -> None:
    door.press("plan.start", "sweep:0123456789ab@1")

    said = str(door.client.calls("chat.postEphemeral") or door.webhooks)
    assert "plans another" in said


def beside(door: Door) -> World:
    """Return the bot that works behind the door."""
    world = World(clock=door.clock)
    world.store, world.ledger, world.models, world.datasets = (
        door.store, door.ledger, door.models, door.datasets
    )  # fmt: skip
    return world.rebuilt()


def drawn(world: World, sweep: str) -> tuple[str, dict[str, str]]:
    """Return what the card of a sweep says, and its buttons."""
    cards = [each for each in world.renderer.cards if isinstance(each, SweepCard) and each.id == sweep]
    message = {"blocks": list(render(cards[-1]).blocks)}
    pressed = {action: value for action, value in buttons(message) if action != "details"}
    held_back = words({"blocks": list(render(cards[-1]).details)})
    return "\n".join([words(message), held_back]), pressed


def test_two_that_overlap_are_pressed_for_what_each_starts(door: Door) -> None:
    """Typed: 1 to 3, and 1 to 5 before the first is started; then both are pressed."""
    door.command("sweep claims epochCount=1,2,3")
    door.command("sweep claims epochCount=1,2,3,4,5")
    world = beside(door)
    world.turn()
    five, three = (each.key.id for each in door.store.of_kind("sweep"))
    said, _ = drawn(world, five)
    assert "5 jobs" in said
    assert "at most $0.63" in said
    assert "Left out" not in said

    door.press("plan.start", drawn(world, three)[1]["plan.start"])
    world.pass_time(60)
    door.press("plan.start", drawn(world, five)[1]["plan.start"])
    world.pass_time(60)

    said, pressed = drawn(world, five)
    assert pressed == {}
    assert "2 jobs" in said
    assert "at most $0.38" in said
    exist = [row.spec["plan"]["job_name"] for row in door.store.of_kind("job") if row.spec["sweep"] == three]
    assert len(exist) == 3
    left_out = next(line for line in said.splitlines() if "Left out" in line)
    assert all(name in left_out for name in exist)
    assert world.customization.calls["create"] == 5
    assert sum(each.counts for each in world.ledger.kept.values()) == Decimal("0.63")

    door.webhooks.clear()
    door.command("sweep claims epochCount=2,5")
    assert "exists already" in door.said
    assert "/tune again" in door.said
