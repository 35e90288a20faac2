"""The warnings that a lease's end is near, and what can be said to them."""

from datetime import timedelta

import pytest

from bot.errors import NotAllowed, Refused
from bot.leases.cards import LastCall, LeaseMilestone
from bot.leases.deadlines import nearing
from bot.leases.model import Nearing
from handlers.ui.render import render
from tests.doubles.messages import down
from tests.doubles.world import World
from tests.unit.jobs.samples import model
from tests.unit.leases.test_lease import MODEL, phase, running


@pytest.fixture
def world() -> World:
    made = World()
    made.models.save(model())
    return made


LAST_PART, LAST_CALL = Nearing.LAST_PART, Nearing.LAST_CALL


@pytest.mark.parametrize(
    ("minutes", "left", "which"),
    [
        (60, 12.1, None),
        (60, 12, LAST_PART),
        (60, 10.1, LAST_PART),
        (60, 10, LAST_CALL),
        (60, 0.1, LAST_CALL),
        (60, 0, None),
        (480, 96, LAST_PART),
        (30, 10.1, None),
        (30, 10, LAST_CALL),
        (30, 6, LAST_CALL),
        (10, 2.1, None),
        (10, 2, LAST_PART),
    ],
)
def test_what_is_warned_of(minutes: int, left: float, which: Nearing | None) -> None:
    assert nearing(minutes, timedelta(minutes=left)) is which


def warnings(world: World) -> list[str]:
    said = [each.message.text for each in world.said("LeaseMilestone") if " left. " in each.message.text]
    return [text.removeprefix("LeaseMilestone: ") for text in said]


def buttons(world: World) -> list[str]:
    """Return the actions that are offered under the last warning, as it was last drawn."""
    cards = [each for each in world.renderer.cards if isinstance(each, LeaseMilestone)]
    warning = [each for each in cards if isinstance(each.event, LastCall)][-1]
    rows = [block for block in render(warning).blocks if block["type"] == "actions"]
    return [each["action_id"] for row in rows for each in row["elements"]]


def go(world: World, minutes: float) -> None:
    """Let so much time pass in one step, and look twice: a milestone is told by the turn after its reason."""
    world.pass_time(minutes * 60, step=minutes * 60)
    world.pass_time(5)


FURTHER = "Extend it if you need longer; otherwise it is released by itself."


def test_each_warning_is_given_once_with_its_buttons(world: World) -> None:
    running(world)
    assert warnings(world) == []

    go(world, 47.5)
    go(world, 0.25)
    assert warnings(world) == [f"12 minutes are left. {FURTHER}"]
    assert buttons(world) == ["lease.extend", "lease.let_end"]

    go(world, 1.2)
    go(world, 1)
    assert warnings(world) == [f"12 minutes are left. {FURTHER}", f"10 minutes are left. {FURTHER}"]


def test_who_was_away_is_warned_of_what_is_left_and_not_of_what_was(world: World) -> None:
    running(world)
    world.messages.order("post", *[down()] * 3)
    go(world, 47.5)
    go(world, 8)

    world.pass_time(300)
    assert [each[:20] for each in warnings(world)] in (["4 minutes are left. "], ["3 minutes are left. "])


def test_one_that_was_made_longer_is_warned_of_its_new_end(world: World) -> None:
    running(world)
    go(world, 47.5)
    world.extensions.extend(MODEL, 60, "UTRAIN")
    world.pass_time(120)
    assert warnings(world) == ["12 minutes are left. That was before it was made longer."]
    assert buttons(world) == []

    go(world, 45.6)
    assert warnings(world)[1:] == [f"24 minutes are left. {FURTHER}"]
    go(world, 14)
    assert len(warnings(world)) == 3


def test_who_lets_it_end_is_warned_no_more(world: World) -> None:
    lease = running(world)
    go(world, 47.5)
    for _ in range(2):
        world.leases.let_end(lease, "UTRAIN")
    world.pass_time(120)
    assert warnings(world) == ["12 minutes are left. <@UTRAIN> lets it end: it is released by itself then."]
    assert buttons(world) == ["lease.extend"]

    go(world, 5)
    assert len(warnings(world)) == 1
    go(world, 10)
    world.pass_time(60)
    assert phase(world, lease) == "released"
    assert buttons(world) == []
    with pytest.raises(Refused, match="over"):
        world.leases.let_end(lease, "UTRAIN")


def test_what_was_let_end_and_made_longer_is_warned_of_again(world: World) -> None:
    lease = running(world)
    go(world, 47.5)
    world.leases.let_end(lease, "UTRAIN")
    world.extensions.extend(MODEL, 60, "UTRAIN")

    go(world, 47.6)
    assert warnings(world)[1:] == [f"24 minutes are left. {FURTHER}"]


def test_who_may_not_end_it_lets_nothing_end(world: World) -> None:
    lease = running(world)

    with pytest.raises(NotAllowed):
        world.leases.let_end(lease, "USTRANGER")


@pytest.mark.chaos
@pytest.mark.parametrize("point", ["before-commit", "after-commit", "before-post", "after-post"])
def test_whatever_dies_it_is_said_once(world: World, point: str) -> None:
    running(world)
    world.clock.advance(48 * 60)
    assert world.crash_at(point)
    world.pass_time(60)

    assert len(warnings(world)) == 1
