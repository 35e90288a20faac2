"""A process whose own clock is hours or days wrong, beside others: what it wakes, ends, tells and believes."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from bot.controller import giving_up
from bot.controller.context import AnyContext, Context
from bot.controller.engine_status import Failing
from bot.controller.model import Key, Message, Registration, RequeueAfter, Resource
from bot.controller.retry_limits import kept
from bot.digests.model import SCHEMA as DIGESTS
from bot.digests.service import DigestService
from bot.errors import HeldUp, Misconfigured, RoleNotReady
from bot.jobs.record import SCHEMA as JOBS
from bot.notifications.model import Quiet, Reader
from bot.notifications.reconciler import notification
from bot.pricing.book import PriceBook
from bot.profiles.model import PriceKind
from bot.schedules.hours import parse
from bot.schedules.model import SCHEMA as SCHEDULES
from bot.schedules.model import SchedulePhase
from bot.spending import role_waiting
from tests.doubles.clock import START, FakeClock, SteadyClock
from tests.doubles.world import World
from tests.unit.jobs.samples import PRICES, model, plan

HOUR, DAY = 3600.0, 86_400.0
CHEAP = PriceBook({("claude-3-haiku", PriceKind.MODEL_UNIT_HOUR): Decimal(1)})
SUNDAY = 6
"""The world begins on Sunday, 22 November 2026, at 9:00 in UTC."""


def world_of_two_clocks(prices: PriceBook = PRICES) -> tuple[World, FakeClock]:
    """Return a world, and the clock of the one process in it: the store's and AWS's go on rightly when it is set."""
    local = FakeClock()
    world = World(clock=local, store_clock=SteadyClock(local), aws_clock=SteadyClock(local), prices=prices)
    world.models.save(model())
    return world, local


def there(world: World, kind: str, name: str) -> Resource:
    found = world.store.get(Key(kind, name))
    assert found is not None
    return found


@pytest.mark.parametrize("ahead", [DAY, 400 * DAY])
def test_a_clock_that_is_ahead_wakes_no_model_in_the_wrong_night_and_ends_no_office_hours(
    ahead: float,
) -> None:
    world, local = world_of_two_clocks(CHEAP)
    made = world.schedules.propose(
        model="claims-router", hours=parse("daily/12-14"), weeks=1, owner="UTRAIN", channel="C1", request="r"
    )
    world.turn()
    world.press("schedule", made, "start", "UTRAIN")
    world.turn()
    local.step(ahead)
    world.rebuilt().pass_time(HOUR, step=60)
    assert world.endpoints.calls["create"] == 0, "they begin at twelve, and it is ten"
    assert SCHEDULES.status_of(there(world, "schedule", made)).phase is SchedulePhase.RUNNING
    world.pass_time(2 * HOUR, step=60)
    assert world.endpoints.calls["create"] == 1


def test_a_week_is_told_by_the_time_that_all_processes_share() -> None:
    world, local = world_of_two_clocks()
    service = DigestService(world.store, world.clock, "")
    service.set("C1", "UTRAIN", SUNDAY, 12)
    service.set("C2", "UTRAIN", SUNDAY, 12)
    world.turn()
    job = world.jobs.propose(plan(job_name="claims-1", model_name="claims-1"))
    world.turn()
    world.press("job", job, "start", "UTRAIN")
    world.turn()
    world.customization.training("claims-1")
    world.pass_time(70)
    world.customization.complete("claims-1")
    world.pass_time(200, step=20)
    local.step(21 * DAY)
    world.rebuilt().pass_time(600, step=60)
    assert world.said("DigestCard") == [], "that week is not over"
    local.step(-21 * DAY)
    world.rebuilt().pass_time(3 * HOUR, step=300)
    assert len(world.said("DigestCard")) == 1


def test_a_digest_that_was_told_by_a_clock_that_was_ahead_is_told_again_with_the_next_week() -> None:
    world, _ = world_of_two_clocks()
    DigestService(world.store, world.clock, "").set("C1", "UTRAIN", SUNDAY, 12)
    world.turn()
    world.clock.advance(HOUR)
    [claim] = world.store.claim(1, {"digest": 30.0})
    told_at = world.clock.now() + timedelta(days=400)
    status = {**claim.resource.status["digest"], "told": told_at.isoformat()}
    world.store.commit(claim, {**claim.resource.status, "digest": status}, RequeueAfter(0))
    for _ in range(8):
        world.clock.advance(DAY)
        world.turn()
    told = DIGESTS.status_of(there(world, "digest", "C1")).told
    assert told is not None
    assert told <= world.clock.now()


@pytest.mark.parametrize("wrong_by", [12 * HOUR, -12 * HOUR])
def test_nobody_is_pinged_in_the_night_by_a_process_whose_clock_is_wrong(wrong_by: float) -> None:
    world, local = world_of_two_clocks()
    world.readers.save(Reader("UTRAIN", Quiet(8, 20), local.now()))
    local.step(wrong_by)
    world.store.register(notification("job:1", "end", "UTRAIN", Message("Over.", ()), local.now()))
    world.rebuilt().pass_time(600, step=60)
    assert world.messages.everything_posted == []
    world.pass_time(11 * HOUR, step=300)
    assert len(world.messages.everything_posted) == 1


def test_a_listing_by_a_clock_that_was_ahead_is_not_fresh_for_as_long_as_that(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Tried: a process whose clock is a day ahead lists the region, and ends; nobody lists it after that."""
    world, local = world_of_two_clocks()
    job = world.jobs.propose(plan())
    world.turn()
    world.press("job", job, "start", "UTRAIN")
    world.turn()
    world.customization.training(plan().job_name)
    local.step(DAY)
    world.rebuilt().pass_time(200, step=20)
    local.step(-DAY)
    world.rebuilt()
    monkeypatch.setattr(world.customization, "list_since", lambda *_: pytest.fail("nobody lists it"))
    monkeypatch.delitem(world.controller._reconcilers, "poll")
    world.customization.complete(plan().job_name)
    world.pass_time(1200, step=20)
    assert JOBS.status_of(there(world, "job", job)).ended_at is not None


def test_what_aws_does_not_show_for_a_moment_is_not_gone_by_a_clock_that_is_ahead() -> None:
    world, local = world_of_two_clocks()
    job = world.jobs.propose(plan())
    world.turn()
    world.press("job", job, "start", "UTRAIN")
    world.turn()
    hidden, world.customization.jobs = world.customization.jobs, {}
    world.pass_time(120, step=20)
    assert JOBS.status_of(there(world, "job", job)).missing_since is not None
    local.step(HOUR)
    world.rebuilt().pass_time(120, step=20)
    world.customization.jobs = hidden
    world.pass_time(120, step=20)
    status = JOBS.status_of(there(world, "job", job))
    assert (status.ended_at, status.missing_since) == (None, None)


def test_a_plan_is_looked_at_again_though_the_last_look_was_by_a_clock_that_was_ahead() -> None:
    world, local = world_of_two_clocks()
    local.step(HOUR)
    job = world.rebuilt().jobs.propose(plan())
    world.turn()
    local.step(-HOUR)
    before = JOBS.status_of(there(world, "job", job)).checked_at
    world.rebuilt().pass_time(60)
    assert JOBS.status_of(there(world, "job", job)).checked_at == before, "nobody asked for it"
    world.votes.look_again(Key("job", job), "UTRAIN")
    world.turn()
    after = JOBS.status_of(there(world, "job", job)).checked_at
    assert after != before
    world.pass_time(60)
    assert JOBS.status_of(there(world, "job", job)).checked_at == after, "once for each wish"


@pytest.mark.parametrize("kind", ["job", "lease", "schedule"])
def test_no_plan_lapses_by_a_clock_that_is_ahead(kind: str) -> None:
    world, local = world_of_two_clocks()
    if kind == "job":
        name = world.jobs.propose(plan())
    elif kind == "lease":
        wanted = world.leases.plan(
            model="claims-router", minutes=60, owner="UTRAIN", channel="C1", request="r"
        )
        name = world.leases.propose(wanted)
    else:
        hours = parse("daily/12-14")
        name = world.schedules.propose(
            model="claims-router", hours=hours, weeks=1, owner="UTRAIN", channel="C1", request="r"
        )
    world.turn()
    local.step(30 * DAY)
    world.rebuilt().pass_time(600, step=60)
    assert there(world, kind, name).status[kind]["phase"] == "planned"
    world.press(kind, name, "cancel", "UTRAIN")
    world.pass_time(60)
    assert there(world, kind, name).status[kind]["phase"] == "cancelled"


class Refused:
    """A status that remembers when the role was first refused."""

    role_refused_at: datetime | None = None


def test_what_was_noted_for_a_time_that_is_to_come_holds_nothing_up_until_then() -> None:
    """Tried: each moment from which on something is waited for, noted an hour ahead, before a clock was set back."""
    now, ahead = START.timestamp(), START.timestamp() + HOUR
    failing, waiting = Failing(since=ahead, tries=1), Failing(waiting_since=ahead)
    for each in (now, now + 90):
        giving_up.failed(failing, each)
        giving_up.waited(waiting, each)
    refused = Refused()
    refused.role_refused_at = START + timedelta(hours=1)
    role = RoleNotReady("AWS cannot take the role.")
    first = role_waiting.wait(role, refused, START)
    found = {
        "failing": giving_up.failing_for(failing, 1, now + 90),
        "waiting": giving_up.waiting_for(waiting, now + 90),
        "a role": (first is not None, role_waiting.wait(role, refused, START + role_waiting.PATIENCE)),
    }
    assert found == {"failing": 90.0, "waiting": 90.0, "a role": (True, None)}


def test_what_is_held_up_since_a_time_that_is_to_come_is_given_up_after_a_day() -> None:
    world, local = world_of_two_clocks()
    world.store.register(Registration(Key("digest", "C1"), {"v": 1}))
    [claim] = world.store.claim(1, {"digest": 30.0})
    context: AnyContext = Context(world.store, claim, local, DIGESTS)
    context.engine.held_up = local.now().timestamp() + 30 * DAY

    def denied() -> None:
        raise Misconfigured("The bucket is closed.")

    with pytest.raises(HeldUp):
        kept(context, denied)
    assert context.engine.held_up <= local.now().timestamp()
