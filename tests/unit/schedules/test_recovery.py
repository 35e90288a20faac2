"""A store that was emptied while office hours run: they go on as agreed, in their own card, and cost no more."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.account import reconciler as account
from bot.schedules.model import SchedulePhase
from bot.serving.handover_service import HandoverService
from tests.doubles.bedrock import down
from tests.doubles.world import World
from tests.unit.jobs.samples import model
from tests.unit.schedules.test_schedule import HOUR, card, day, planned, serve, started, status, world

WEST = "us-west-2"
__all__ = ["world"]


def looked(world: World) -> World:
    """Let the account be looked at, as each process does for as long as it runs."""
    world.store.register(account.registration(WEST))
    world.turn()
    return world


def forgotten(world: World) -> World:
    world.forget().models.save(model())
    return looked(world)


def told(world: World) -> list[str]:
    return [each.message.text for each in world.said() if "forgotten the office hours" in each.message.text]


@pytest.mark.slow
def test_office_hours_that_were_forgotten_between_two_days_go_on_in_their_own_card(world: World) -> None:
    hours = started(looked(world), "sun-mon/10-12")
    day(world, 4)
    before, cards = status(world, hours), len(world.said("ScheduleCard"))
    forgotten(world)
    after = status(world, hours)
    assert (after.phase, after.until, after.leases, after.zone, after.last, after.next_on) == (
        SchedulePhase.RUNNING, before.until, before.leases, before.zone, before.last, before.next_on,
    )  # fmt: skip
    assert len(world.said("ScheduleCard")) == cards == 1
    assert card(world).next_on == before.next_on
    [word] = told(world)
    assert f"`schedule:{hours}`" in word
    assert "claims-router" not in word, "others read along in the operators' channel"
    assert [each.channel for each in world.said("I compared")] == ["COPERATOR"], "people lost nothing"

    world.clock.advance(20 * HOUR)
    day(world, 4)
    assert status(world, hours).phase is SchedulePhase.ENDED
    assert world.endpoints.calls["create"] == 2, "a lease for each day, and no more"
    assert len(told(world)) == 1


@pytest.mark.slow
def test_the_lease_of_the_day_on_which_they_were_forgotten_is_not_bought_twice(world: World) -> None:
    hours = started(looked(world))
    world.pass_time(50 * 60, step=600)
    serve(world)
    world.pass_time(30 * 60, step=600)
    [lease] = status(world, hours).leases
    forgotten(world)
    world.pass_time(60)
    assert status(world, hours).leases == (lease,)
    [view] = world.leases.live()
    world.leases.release(view.id, "UTRAIN")
    world.pass_time(20 * 60, step=120)
    assert world.endpoints.calls["create"] == 1


def test_what_was_stopped_called_off_or_never_agreed_to_does_not_come_back(world: World) -> None:
    hours = started(looked(world))
    world.pass_time(700, step=100)
    world.schedules.stop(hours, "UTRAIN")
    world.pass_time(1300, step=100)
    forgotten(world)
    assert world.store.of_kind("schedule") == []

    planned(world)
    world.pass_time(1300, step=100)
    forgotten(world)
    assert world.store.of_kind("schedule") == []
    assert told(world) == []


@pytest.mark.parametrize("lost", ["their model is not found yet", "S3 is away", "long ago"])
def test_they_come_back_when_they_can_and_never_from_what_nobody_kept_up(world: World, lost: str) -> None:
    hours = started(looked(world), weeks=2)
    world.pass_time(700, step=100)
    world.forget()
    if lost != "their model is not found yet":
        world.models.save(model())
    if lost == "S3 is away":
        world.plans.order("get", *[down()] * 2)
    if lost == "long ago":
        world.clock.advance(timedelta(days=6).total_seconds())
    looked(world)
    assert world.store.of_kind("schedule") == []
    world.models.save(model())
    world.pass_time(1300, step=100)
    assert bool(world.store.of_kind("schedule")) == (lost != "long ago")
    assert len(told(world)) == (lost != "long ago")
    if lost != "long ago":
        assert status(world, hours).phase is SchedulePhase.RUNNING


def test_another_bots_are_left_to_it(world: World) -> None:
    world.bot = "staging"
    started(looked(world.rebuilt()))
    world.pass_time(700, step=100)
    world.bot = "production"
    forgotten(world)
    assert world.store.of_kind("schedule") == []


@pytest.mark.parametrize(
    "point", ["after-keep-plan", "before-commit", "after-commit", "before-post", "after-post"]
)
@pytest.mark.parametrize("occurrence", [1, 2])
def test_a_kill_while_they_are_found_again_leaves_one_of_all(
    world: World, point: str, occurrence: int
) -> None:
    hours = started(looked(world))
    world.pass_time(700, step=100)
    before = status(world, hours)
    world.forget().models.save(model())
    world.store.register(account.registration(WEST))
    world.crash_at(point, occurrence)
    world.pass_time(300, step=20)
    assert len(told(world)) == len(world.said("ScheduleCard")) == 1
    after = status(world, hours)
    assert replace(after, next_on=None, last_end=None) == replace(before, next_on=None, last_end=None)


def test_office_hours_that_were_handed_over_are_their_new_owners_when_they_are_found_again(
    world: World,
) -> None:
    others = replace(
        world.access, trainers=world.access.trainers | {"UTRAIN2"}, guests=world.access.guests | {"UTRAIN2"}
    )
    world.access = others
    hours = started(looked(world.rebuilt()), "mon/10-12")
    handing = HandoverService(world.store, world.directory("UTRAIN"), world.access, world.clock)
    assert handing.hand_over("claims-router", "UTRAIN2").schedules == ("claims-router",)
    world.pass_time(1300, step=100)
    told = len([each for each in world.messages.visible() if "ScheduleHandedOver" in each.message.text])
    forgotten(world)
    [kept] = world.schedules.running()
    assert (kept.id, kept.owner) == (hours, "UTRAIN2")
    assert card(world).owner == "UTRAIN2"
    world.pass_time(100, step=20)
    again = [each for each in world.messages.visible() if "ScheduleHandedOver" in each.message.text]
    assert len(again) == told == 2, "told once"
