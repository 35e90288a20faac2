"""Office hours, and whoever else has the same model woken in the same moment, or at another price than was agreed."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from bot.access import Access
from bot.controller.model import Key, Resource
from bot.leases.model import LEASE
from bot.memberships import Membership
from bot.pricing.book import PriceBook
from bot.profiles.model import PriceKind
from bot.schedules.hours import parse
from bot.schedules.model import KIND, SCHEMA, ScheduleEnd, ScheduleStatus
from tests.doubles.memberships import FakeMemberships
from tests.doubles.world import World
from tests.tables import table
from tests.unit.jobs.samples import model

MODEL = "claims-router"
FIRST = 41 * 60
"""Seconds from the world's beginning to the hour at which the first lease comes."""


def house() -> World:
    world = World(prices=priced(1))
    world.models.save(model())
    return world.rebuilt()


def priced(usd: int) -> PriceBook:
    return PriceBook({("claude-3-haiku", PriceKind.MODEL_UNIT_HOUR): Decimal(usd)})


def started(world: World, owner: str = "UTRAIN", hours: str = "daily/10-12") -> str:
    made = world.schedules.propose(
        model=MODEL, hours=parse(hours), weeks=1, owner=owner, channel="C1", request=f"of {owner}"
    )
    world.turn()
    world.press(KIND, made, "start", owner)
    world.turn()
    return made


def status(world: World, schedule: str) -> ScheduleStatus:
    found = world.store.get(Key(KIND, schedule))
    assert found is not None
    return SCHEMA.status_of(found)


def planned(world: World) -> str:
    lease = world.leases.propose(
        world.leases.plan(model=MODEL, minutes=60, owner="UBOSS", channel="C1", request="theirs")
    )
    world.turn()
    return lease


def overtaken(world: World, by: Callable[[], object]) -> None:
    """Have somebody act right after whoever next looks which leases there are has looked."""
    real: Callable[[str], list[Resource]] = world.store.unfinished
    met: list[bool] = []

    def unfinished(kind: str) -> list[Resource]:
        found = real(kind)
        if kind == LEASE and not met:
            met.append(True)
            by()
        return found

    world.store.unfinished = unfinished  # type: ignore[method-assign]


def test_their_hour_and_a_press_in_the_same_moment_are_one_lease() -> None:
    world = house()
    made, lease = started(world), planned(world)
    world.clock.advance(FIRST)
    overtaken(world, lambda: world.press(LEASE, lease, "start", "UBOSS"))
    world.pass_time(120, step=30)
    assert world.endpoints.calls["create"] == 1, "nobody pays twice"
    assert status(world, made).leases == (), "they come once the other is over"


def test_two_of_the_same_hours_are_one_lease_a_day() -> None:
    world = house()
    first, second = started(world), started(world, "UBOSS")
    world.pass_time(FIRST, step=60)
    world.pass_time(600, step=60)
    assert world.endpoints.calls["create"] == 1
    assert len(status(world, first).leases) + len(status(world, second).leases) == 1


def test_what_became_dearer_before_their_first_day_is_decided_anew() -> None:
    """Tried: agreed to in the evening, at a price that is another in the morning."""
    with table() as row:
        for usd, created, end in ((1, 1, None), (2, 0, ScheduleEnd.DEARER)):
            with row(usd):
                world = house()
                made = started(world)
                world.prices = priced(usd)
                world.rebuilt()
                world.pass_time(FIRST, step=60)
                assert (world.endpoints.calls["create"], status(world, made).end) == (created, end)


def test_nothing_is_bought_while_somebody_wants_them_stopped() -> None:
    """Tried: *Stop* seconds before their hour; and the same, taken back."""
    with table() as row:
        for keeps, created in ((False, 0), (True, 1)):
            with row(keeps):
                world = house()
                made = started(world)
                world.pass_time(2396, step=1198)  # their hour is four seconds ahead
                world.schedules.stop(made, "UTRAIN")
                world.pass_time(7, step=1)
                assert world.endpoints.calls["create"] == 0
                if keeps:
                    world.schedules.keep(made, "UTRAIN")
                world.pass_time(90, step=10)
                assert world.endpoints.calls["create"] == created


@pytest.mark.slow
def test_who_may_spend_no_more_has_nothing_more_bought_for_them() -> None:
    """Tried: what the operator, and Slack, may say of whoever planned them by the morning after."""
    guest, silent = FakeMemberships(UTRAIN=Membership.GUEST), FakeMemberships()
    silent.down = True
    now = house().access
    rules: list[tuple[str, Access, int, ScheduleEnd | None]] = [
        ("as before", now, 1, None),
        ("another list of trainers", replace(now, trainers=frozenset({"UBOSS"})), 0, ScheduleEnd.NOT_ALLOWED),
        ("another list of channels", replace(now, channels=frozenset({"C2"})), 0, ScheduleEnd.NOT_ALLOWED),
        ("a guest by now", replace(now, people=guest), 0, ScheduleEnd.NOT_ALLOWED),
        ("Slack does not say", replace(now, people=silent), 0, None),
    ]
    with table() as row:
        for name, access, created, end in rules:
            with row(name):
                world = house()
                made = started(world)
                world.access = access
                world.rebuilt()
                world.pass_time(FIRST, step=60)
                assert (world.endpoints.calls["create"], status(world, made).end) == (created, end)
                if name == "Slack does not say":
                    silent.down = False
                    world.pass_time(600, step=60)
                    assert world.endpoints.calls["create"] == 1


@pytest.mark.slow
def test_on_the_night_on_which_clocks_are_set_back_they_are_on_once_and_go_on() -> None:
    world = house()
    world.people.zones["UTRAIN"] = "Europe/Berlin"
    world.clock.advance(342 * 86_400)  # 30 October 2027, the day before
    made = started(world, hours="sun/1-4")
    for _ in range(3 * 24):
        world.pass_time(1200, step=1200)
        for each in world.endpoints.endpoints.values():
            world.endpoints.in_service(each.plan.endpoint_name)
    assert world.endpoints.calls["create"] == 1
    assert status(world, made).end is ScheduleEnd.OVER
