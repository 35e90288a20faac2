"""Old pictures of cards, two people at once, odd names: what is served is ended and given by who means it."""

from contextlib import suppress
from dataclasses import replace
from decimal import Decimal

import pytest

from bot.controller.model import Key
from bot.errors import NotAllowed, NotFound, Refused, TunesmithError
from bot.leases.model import LEASE, LEASE_SCHEMA
from bot.pricing.book import PriceBook
from bot.profiles.model import PriceKind
from bot.schedules.hours import parse
from bot.schedules.model import SCHEMA as SCHEDULES
from bot.schedules.model import SchedulePhase
from bot.serving.handover_service import HandoverService
from tests.doubles.world import World
from tests.tables import table
from tests.unit.jobs.samples import ACCESS, model

MODEL, OWNER, OTHER, THIRD = "claims-router", "UTRAIN", "UTRAIN2", "UTRAIN3"


def house() -> World:
    access = replace(ACCESS, trainers=ACCESS.trainers | {OTHER, THIRD}, guests=ACCESS.guests | {OTHER, THIRD})
    world = World(
        access=access, prices=PriceBook({("claude-3-haiku", PriceKind.MODEL_UNIT_HOUR): Decimal(1)})
    )
    world.models.save(model())
    return world.rebuilt()


def leased(world: World, request: str = "r", minutes: int = 60, owner: str = OWNER) -> str:
    lease = world.leases.propose(
        world.leases.plan(model=MODEL, minutes=minutes, owner=owner, channel="C1", request=request)
    )
    world.turn()
    world.press(LEASE, lease, "start", owner)
    world.turn()
    world.endpoints.in_service(world.endpoints.only().plan.endpoint_name)
    world.pass_time(65)
    return lease


def handing(world: World, user: str) -> HandoverService:
    return HandoverService(world.store, world.directory(user), world.access, world.clock)


@pytest.mark.slow
def test_the_release_of_a_lease_that_is_over_ends_no_later_one_of_the_model() -> None:
    world = house()
    first = leased(world)
    world.pass_time(62 * 60, step=60)
    assert not world.endpoints.endpoints, "its time was over"
    second = leased(world, "again", owner=OTHER)
    for by in (OWNER, OTHER):
        with pytest.raises(Refused, match="over or being released already"):
            world.leases.release(first, by, of_another=True)
    assert [each.id for each in world.leases.live()] == [second]
    assert LEASE_SCHEMA.spec_of(world.store.get(Key(LEASE, second))).release is None  # type: ignore[arg-type]


def test_two_hand_the_same_thing_to_two_people_and_it_has_one_owner_who_can_still_end_it() -> None:
    world = house()
    leased(world)
    first, second = handing(world, OWNER), handing(world, OWNER)
    first.hand_over(MODEL, OTHER)
    with pytest.raises(TunesmithError):
        second.hand_over(MODEL, THIRD)  # the lease is not theirs any more
    world.turn()
    [view] = world.leases.live()
    assert view.owner == OTHER
    assert world.endpoints.only().tags["owner"] == OTHER


def test_who_gave_office_hours_away_stops_them_no_more_but_as_others_may() -> None:
    world = house()
    hours = world.schedules.propose(
        model=MODEL, hours=parse("daily/10-12"), weeks=1, owner=OWNER, channel="C1", request="r"
    )
    world.turn()
    world.press("schedule", hours, "start", OWNER)
    world.turn()
    assert world.schedules.running()
    handing(world, OWNER).hand_over(MODEL, OTHER)
    world.turn()
    with pytest.raises(NotAllowed):
        handing(world, OWNER).hand_over(MODEL, OWNER)
    world.schedules.stop(hours, OTHER)
    world.pass_time(30, step=10)
    with pytest.raises(NotFound):
        handing(world, OTHER).hand_over(MODEL, OWNER)
    found = world.store.get(Key("schedule", hours))
    assert found
    assert SCHEDULES.status_of(found).phase is SchedulePhase.ENDED


def test_handing_over_in_the_moment_of_stopping_keeps_both() -> None:
    """Whoever is given what somebody stops just now may still take that back, and has it then."""
    world = house()
    hours = world.schedules.propose(
        model=MODEL, hours=parse("daily/10-12"), weeks=1, owner=OWNER, channel="C1", request="r"
    )
    world.turn()
    world.press("schedule", hours, "start", OWNER)
    world.turn()
    world.schedules.stop(hours, OWNER)
    handing(world, OWNER).hand_over(MODEL, OTHER)
    world.schedules.keep(hours, OTHER)
    world.pass_time(30, step=10)
    [kept] = world.schedules.running()
    assert (kept.owner, kept.is_undoable) == (OTHER, False)


def test_odd_names_find_nothing_and_break_nothing() -> None:
    world = house()
    leased(world)
    odd = [
        "",
        " ",
        "*",
        "claims-router\n",
        "CLAIMS-ROUTER",
        "\u202eclaims",
        "a" * 400,
        "lease:x",
        "`claims-router`",
        "\x00",
    ]
    with table() as row:
        for name in odd:
            with row(repr(name)):
                called = world.leases.called(name)
                assert len(called) <= 1
                with suppress(TunesmithError):
                    handing(world, OWNER).theirs(name)
