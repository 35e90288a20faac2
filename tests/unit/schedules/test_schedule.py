"""Office hours: priced and agreed to once, on and off by themselves, never over what was agreed to, and their end."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.controller.model import Key
from bot.errors import NotAllowed, NotFound, Refused
from bot.leases.model import LEASE_SCHEMA
from bot.pricing.book import PriceBook
from bot.profiles.model import PriceKind
from bot.schedules.cards import ScheduleCard, ScheduleEnded
from bot.schedules.hours import parse
from bot.schedules.model import SCHEMA, ScheduleEnd, SchedulePhase, ScheduleStatus
from bot.spending.ledger import EntryState
from bot.spending.votes import Choice
from tests.doubles.bedrock import InMemoryModels
from tests.doubles.clock import START
from tests.doubles.world import World
from tests.unit.jobs.samples import PRICES, model

MODEL = "claims-router"
HOUR = 3600.0
"""The world begins on Sunday, 22 November 2026, at 9:00 in UTC."""


@pytest.fixture
def world() -> World:
    made = World(prices=PriceBook({("claude-3-haiku", PriceKind.MODEL_UNIT_HOUR): Decimal(1)}))
    made.models.save(model())
    return made


def planned(world: World, hours: str = "daily/10-12", weeks: int = 1) -> str:
    made = world.schedules.propose(
        model=MODEL, hours=parse(hours), weeks=weeks, owner="UTRAIN", channel="C1", request="r"
    )
    world.turn()
    return made


def started(world: World, hours: str = "daily/10-12", weeks: int = 1) -> str:
    made = planned(world, hours, weeks)
    world.press("schedule", made, "start", "UTRAIN")
    world.turn()
    if status(world, made).phase is SchedulePhase.AWAITING_APPROVAL:
        world.press("schedule", made, "approve", "UBOSS")
        world.turn()
    return made


def status(world: World, schedule: str) -> ScheduleStatus:
    resource = world.store.get(Key("schedule", schedule))
    assert resource is not None
    return SCHEMA.status_of(resource)


def card(world: World) -> ScheduleCard:
    return [each for each in world.renderer.cards if isinstance(each, ScheduleCard)][-1]


def end(world: World) -> ScheduleEnded | None:
    found = [each for each in world.renderer.cards if isinstance(each, ScheduleEnded)]
    return found[-1] if found else None


def serve(world: World) -> None:
    """What is being created comes into service."""
    for each in world.endpoints.endpoints.values():
        world.endpoints.in_service(each.plan.endpoint_name)


def day(world: World, hours: float = 24) -> None:
    """Let a day pass in steps in which a lease comes and goes."""
    for _ in range(int(hours * 3)):
        world.pass_time(1200, step=1200)
        serve(world)
        world.pass_time(5)


@pytest.mark.slow
@pytest.mark.parametrize("off_by", [-1, 0, 1])
def test_a_restart_at_any_boundary_brings_each_day_once(world: World, off_by: int) -> None:
    """When a lease comes, begins, ends, and when all of it is over: each to the second, and one beside it."""
    made = started(world, "daily/10-12")
    for day_number in range(9):
        for moment in (40 * 60, HOUR, 3 * HOUR, 3 * HOUR + 120):  # 9:40, 10:00, 12:00
            at = START.timestamp() + day_number * 24 * HOUR + moment + off_by
            world.clock.advance(at - world.clock.now().timestamp())
            for _ in range(2):
                world.rebuilt().turn()
                serve(world)
    assert world.endpoints.calls["create"] == 7
    assert world.endpoints.endpoints == {}
    assert status(world, made).phase is SchedulePhase.ENDED


def test_who_goes_on_is_shown_a_plan_each_time_that_the_one_before_came_to_nothing(world: World) -> None:
    first = started(world)
    world.schedules.stop(first, "UTRAIN")
    world.pass_time(30, step=10)
    seen, known = [], {first}
    rows: list[tuple[int, Choice | None]] = [(2, "cancel"), (1, "cancel"), (3, "start"), (1, None)]
    for presses, ends in rows:
        begun = [world.schedules.go_on(first, "UTRAIN") for _ in range(presses)]
        assert begun == [ends is not None] + [False] * (presses - 1), "and hears it when it is there already"
        world.turn()
        every = [each.key.id for each in world.store.of_kind("schedule")]
        seen.append(len(every))
        if ends:
            [made] = {*every} - known
            known = {*every}
            world.press("schedule", made, ends, "UTRAIN")
            world.pass_time(30, step=10)
    assert seen == [2, 3, 4, 4]


def test_the_price_of_all_comes_first_and_in_whose_time_zone(world: World) -> None:
    world.people.zones["UTRAIN"] = "Europe/Berlin"
    planned(world, "mon-fri/9-17", 4)
    shown = card(world)
    assert (shown.week, shown.total, shown.usd) == ("at most $45.00", "at most $180.00", Decimal(180))
    assert shown.zone == "Europe/Berlin"
    assert "may be spent without approval" in shown.needs_approval
    assert world.endpoints.calls["create"] == 0


@pytest.mark.slow
def test_it_is_on_and_off_by_itself_as_often_as_was_agreed_and_asks_to_go_on(world: World) -> None:
    made = started(world)
    assert world.endpoints.calls["create"] == 0, "it is not time yet"
    world.pass_time(41 * 60, step=60)
    assert world.endpoints.calls["create"] == 1, "twenty minutes before"
    lease = world.store.get(Key("lease", status(world, made).leases[0]))
    assert lease is not None
    spec = LEASE_SCHEMA.spec_of(lease)
    assert (spec.minutes, spec.thread_ts, spec.usd) == (120, world.said("ScheduleCard")[0].ts, Decimal(3))
    serve(world)
    world.pass_time(60)
    world.pass_time(125 * 60, step=300)
    assert world.endpoints.endpoints == {}, "off again"

    for _ in range(7):
        day(world)
    assert world.endpoints.calls["create"] == 7
    assert len(world.endpoints.deleted) == 7
    assert status(world, made).phase is SchedulePhase.ENDED
    over = end(world)
    assert over is not None
    assert (over.end, over.days_on) == (ScheduleEnd.OVER, 7)
    entries = [each for month in ("2026-11", "2026-12") for each in world.ledger.entries(month)]
    assert {each.state for each in entries} == {EntryState.SETTLED}
    assert sum(each.actual or Decimal(0) for each in entries) <= Decimal(21), "never more than was agreed to"


def test_pressed_in_its_hours_it_is_on_for_what_is_left_of_them(world: World) -> None:
    made = started(world, "daily/8-12")
    [lease] = status(world, made).leases
    found = world.store.get(Key("lease", lease))
    assert found is not None
    assert LEASE_SCHEMA.spec_of(found).minutes == 180


def test_hours_that_are_shorter_than_a_start_up_are_on_all_the_same(world: World) -> None:
    """What was agreed to, and counted as so many days, never came: too little was left of it before it began."""
    for hours, days in (("daily/10-10:05", 1), ("daily/12-12:20", 2)):
        made = started(world, hours)
        day(world, 2)
        assert len(status(world, made).leases) == 1, hours
        assert world.endpoints.calls["create"] == days
        world.schedules.stop(made, "UTRAIN")
        world.pass_time(30, step=10)


def test_stopped_nothing_more_comes_and_what_runs_goes_on(world: World) -> None:
    made = started(world, "daily/8-12")
    serve(world)
    world.pass_time(60)
    with pytest.raises(NotAllowed):
        world.schedules.stop(made, "UASKER")
    world.schedules.stop(made, "UTRAIN")
    world.pass_time(60)
    assert status(world, made).phase is SchedulePhase.ENDED
    assert len(world.endpoints.endpoints) == 1, "its lease has a Release of its own"
    day(world, 30)
    assert world.endpoints.calls["create"] == 1
    over = end(world)
    assert over is not None
    assert (over.end, over.stopped_by) == (ScheduleEnd.STOPPED, "UTRAIN")
    with pytest.raises(Refused):
        world.schedules.stop(made, "UTRAIN")


def test_what_costs_more_is_decided_anew_and_a_model_that_is_gone_is_told(world: World) -> None:
    for what, wanted in (("dearer", ScheduleEnd.DEARER), ("gone", ScheduleEnd.MODEL_GONE)):
        one = World(prices=PRICES)
        one.models.save(model())
        started(one, "daily/9-10")
        serve(one)
        day(one, 4)
        if what == "dearer":
            one.prices = PriceBook({("claude-3-haiku", PriceKind.MODEL_UNIT_HOUR): Decimal(99)})
        else:
            one.models = InMemoryModels(one.store)
        one.rebuilt()
        day(one, 22)
        over = end(one)
        assert over is not None, what
        assert over.end is wanted
        assert one.endpoints.calls["create"] == 1, "what was begun was agreed to"


def test_a_model_that_somebody_keeps_awake_is_not_paid_twice(world: World) -> None:
    other = world.leases.plan(model=MODEL, minutes=90, owner="UBOSS", channel="C1", request="other")
    lease = world.leases.propose(other)
    world.turn()
    world.press("lease", lease, "start", "UBOSS")
    world.turn()
    serve(world)
    world.pass_time(65)
    made = started(world, "daily/9-12")
    assert status(world, made).leases == ()
    world.pass_time(95 * 60, step=300)
    [come] = status(world, made).leases
    found = world.store.get(Key("lease", come))
    assert found is not None
    assert 60 <= LEASE_SCHEMA.spec_of(found).minutes <= 90, "for what is left of its hours"
    assert world.endpoints.calls["create"] == 2


def test_a_budget_without_room_refuses_the_day_and_says_so(world: World) -> None:
    started(world)
    world.budgets["C1"] = Decimal(1)
    world.rebuilt()
    world.pass_time(45 * 60, step=60)
    assert world.endpoints.calls["create"] == 0
    assert any("budget" in each.message.text for each in world.said("LeaseMilestone"))


def test_what_cannot_be_planned(world: World) -> None:
    world.models.save(replace(model("nova"), arn=model().arn[:-1] + "e", profile="nova-micro"))
    wanted = {"owner": "UTRAIN", "channel": "C1", "request": "r"}
    for changes, error in (
        ({"model": "nothing"}, NotFound),
        ({"model": "nova"}, Refused),
        ({"weeks": 13}, Refused),
        ({"hours": parse("daily/0-24")}, Refused),
        ({"owner": "UASKER"}, NotAllowed),
    ):
        asked = {"model": MODEL, "hours": parse("daily/9-10"), "weeks": 1, **wanted, **changes}
        with pytest.raises(error):
            world.schedules.propose(**asked)  # type: ignore[arg-type]


@pytest.mark.parametrize("point", ["before-commit", "after-commit"])
def test_a_kill_at_its_hour_has_one_lease_come(world: World, point: str) -> None:
    made = started(world)
    world.clock.advance(41 * 60)
    world.crash_at(point)
    world.clock.advance(40)
    world.pass_time(120, step=30)
    assert world.endpoints.calls["create"] == 1
    assert len(status(world, made).leases) == 1
