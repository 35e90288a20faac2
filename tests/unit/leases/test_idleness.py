"""A lease that nobody asks: told, kept or released; never released on what nobody tells."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from bot.controller.model import Key
from bot.errors import Misconfigured, NotAllowed, Refused, Unavailable
from bot.leases.cards import LeaseIdle, LeaseMilestone
from bot.leases.closing import close_idle
from bot.leases.model import LEASE_SCHEMA, RELEASE_SCHEMA, Idled, LeaseSpec
from bot.leases.remembered_deadlines import deadline_of
from bot.questions.answerer import Question
from bot.questions.model import SCHEMA, QuestionSpec, key_of
from bot.spending.ledger import Entry, SpendingKind, Tokens
from handlers.ui.render import render
from tests.doubles.world import World
from tests.unit.jobs.samples import model
from tests.unit.leases.test_lease import MODEL, phase

LENGTH = 235


@pytest.fixture
def world() -> World:
    made = World()
    made.models.save(model())
    return made


def running(world: World, idle: int = 30, minutes: int = LENGTH) -> str:
    plan = world.leases.plan(model=MODEL, minutes=minutes, owner="UTRAIN", channel="C1", request="r")
    lease = world.leases.propose(plan, idle=idle)
    world.turn()
    world.press("lease", lease, "start", "UTRAIN")
    if minutes > 120:
        world.press("lease", lease, "approve", "UBOSS")
    world.turn()
    world.endpoints.in_service(world.endpoints.only().plan.endpoint_name)
    world.pass_time(65)
    return lease


def go(world: World, minutes: float) -> None:
    """Let so many minutes pass: all but the last two at once."""
    if minutes > 2:
        world.pass_time((minutes - 2) * 60, step=(minutes - 2) * 60)
    world.pass_time(min(minutes, 2) * 60, step=60)


def spec(world: World, lease: str) -> LeaseSpec:
    resource = world.store.get(Key("lease", lease))
    assert resource is not None
    return LEASE_SCHEMA.spec_of(resource)


def said(world: World) -> list[str]:
    """Return what the thread says of idleness now."""
    every = [each.message.text for each in world.said("LeaseMilestone: ")]
    return [
        each.removeprefix("LeaseMilestone: ")
        for each in every
        if "No question" in each or "not asked for" in each or "Nobody had" in each
    ]


def buttons(world: World) -> list[str]:
    cards = [each for each in world.renderer.cards if isinstance(each, LeaseMilestone)]
    last = [each for each in cards if isinstance(each.event, LeaseIdle)][-1]
    rows = [block for block in render(last).blocks if block["type"] == "actions"]
    return [each["action_id"] for row in rows for each in row["elements"]]


def ask(world: World, at: datetime | None = None) -> None:
    """A question to the model comes to its answer."""
    at = at or world.clock.now()
    entry = Entry(
        f"question:{at}", SpendingKind.QUESTION, "UASKER", "C1", MODEL, "claude-3-haiku", "", at, Decimal(0),
        tokens=Tokens(10, 10),
    )  # fmt: skip
    world.ledger.settle(entry, Decimal(0))


def call(world: World) -> None:
    """Something asks the endpoint that is not this bot."""
    world.invocations.call(world.endpoints.only().arn)


def test_nobody_asks_it_so_that_it_is_told_and_released_and_why(world: World) -> None:
    lease = running(world)
    go(world, 33)
    assert said(world) == []
    go(world, 3)

    assert said(world) == ["No question for 35 min, ≈ $8.00 so far, releasing in 10 min."]
    assert buttons(world) == ["lease.keep_awake"]
    go(world, 7)
    assert phase(world, lease) == "in service"
    go(world, 4)

    assert phase(world, lease) == "released"
    assert world.endpoints.endpoints == {}
    notice, end = said(world)
    assert notice == "No question for 35 min, nor in the 10 minutes after that: I release it."
    assert end.startswith("Nobody had asked it for 46 min. Released: AWS confirms it.")
    assert buttons(world) == []
    assert spec(world, lease).release is None, "nobody did that"


def _newer(world: World) -> None:
    newer = replace(model("claims-router-2"), arn=model().arn[:-1] + "e")
    world.models.save(newer)
    world.swaps.swap(model=newer.name, lease=MODEL, by="UTRAIN", channel="C1")


OTHERWISE: dict[str, Callable[[World], object]] = {
    "asked here": ask,
    "asked by something else": call,
    "somebody joins it": lambda world: world.leases.join(MODEL, "UBOSS", "C1"),
    "made longer": lambda world: world.extensions.extend(MODEL, 5, "UTRAIN"),
    "a newer model is put there": _newer,
    "kept": lambda world: world.leases.keep_awake(world.leases.live()[0].id, "UTRAIN"),
    "CloudWatch is away": lambda world: world.invocations.denied.update(
        last=Unavailable("CloudWatch is away.")
    ),
    "CloudWatch is denied": lambda world: world.invocations.denied.update(last=Misconfigured("Not allowed.")),
}
"""What may come in the ten minutes before a release."""


@pytest.mark.parametrize("what", OTHERWISE)
def test_what_keeps_it_after_that_was_told(world: World, what: str) -> None:
    lease = running(world)
    go(world, 38)
    assert "releasing in 10 min" in said(world)[0]
    OTHERWISE[what](world)
    go(world, 20)

    assert phase(world, lease) == "in service"
    assert "releasing" not in " ".join(said(world))
    assert buttons(world) == []


def test_off_it_stays_and_nobody_asks_cloudwatch(world: World) -> None:
    lease = running(world, idle=0)
    go(world, 100)

    assert phase(world, lease) == "in service"
    assert world.invocations.calls["last"] == 0


def test_what_cannot_be_known_is_said_once_and_it_runs_until_its_time_is_over(world: World) -> None:
    world.invocations.denied.update(last=Misconfigured("I may not read CloudWatch."))
    lease = running(world, minutes=120)
    go(world, 90)

    [told] = said(world)
    assert told.startswith(f"`{MODEL}` was not asked for 30 min, and I can't tell whether something else")
    assert told.endswith("so it stays until its time is over: I may not read CloudWatch.")
    assert phase(world, lease) == "in service"
    go(world, 40)
    assert phase(world, lease) == "released"


def test_cloudwatch_that_misses_what_was_asked_here_is_not_believed(world: World) -> None:
    lease = running(world)
    go(world, 10)
    ask(world)
    go(world, 100)

    assert phase(world, lease) == "in service"
    assert "missing from AWS's count of calls" in said(world)[0]


def test_what_was_asked_counts_from_then(world: World) -> None:
    running(world)
    go(world, 20)
    ask(world)
    call(world)
    go(world, 33)
    assert said(world) == []
    go(world, 4)
    assert said(world)[0].startswith("No question for 35 min")


def test_a_question_that_has_no_answer_yet_keeps_it(world: World) -> None:

    lease = running(world)
    asked = Question("q", "Hello?", "C1", "UASKER", "T1", None, MODEL)
    wanted = SCHEMA.wanted(key_of(asked).id, QuestionSpec(asked, world.clock.now()))
    world.store.register(wanted)
    go(world, 60)

    assert phase(world, lease) == "in service"
    assert said(world) == []


def test_keep_holds_for_an_hour_and_not_beyond_its_time(world: World) -> None:
    lease = running(world, minutes=120)
    go(world, 38)
    view = world.leases.keep_awake(lease, "UBOSS")
    assert view.minutes == 120
    go(world, 2)
    assert said(world)[0].startswith("No question for 37 min. <@UBOSS> keeps it until ")
    go(world, 50)
    assert len(said(world)) == 1
    go(world, 35)
    assert phase(world, lease) == "released"


def test_keep_tells_the_truth_at_any_moment(world: World) -> None:
    lease = running(world)
    with pytest.raises(NotAllowed):
        world.leases.keep_awake(lease, "UASKER")
    world.leases.keep_awake(lease, "UTRAIN")  # before anything was told
    go(world, 60)
    assert _until_crash(world, "after-idle")
    for _ in range(2):  # after its release has begun, and after it has ended
        with pytest.raises(Refused, match="nobody had asked it for"):
            world.leases.keep_awake(lease, "UTRAIN")
        with pytest.raises(Refused, match="nobody had asked it for"):
            world.extensions.extend(lease, 60, "UTRAIN") if phase(world, lease) == "in service" else (
                world.leases.keep_awake(lease, "UTRAIN")
            )
        go(world, 3)
    assert phase(world, lease) == "released"


def _until_crash(world: World, point: str) -> bool:
    for _ in range(60):
        world.clock.advance(120)
        if world.crash_at(point):
            return True
    return False


@pytest.mark.parametrize("point", ["before-idle", "after-idle"])
def test_a_kill_while_it_is_written_down_ends_it_once_and_says_so(world: World, point: str) -> None:
    lease = running(world)
    assert _until_crash(world, point)
    assert (spec(world, lease).over is not None) == (point == "after-idle")
    world.clock.advance(40)  # its lease is over
    go(world, 3)

    assert phase(world, lease) == "released"
    assert len(world.endpoints.deleted) == 1
    assert len([each for each in said(world) if each.startswith("Nobody had asked it")]) == 1


def test_a_keep_in_the_moment_in_which_it_ends_is_heard(world: World) -> None:
    lease = running(world)
    go(world, 43)
    before = spec(world, lease)
    world.leases.keep_awake(lease, "UTRAIN")

    assert not close_idle(world.store, before, Idled(world.clock.now(), 44))
    go(world, 5)
    assert phase(world, lease) == "in service"


def test_the_watchdog_knows_that_it_is_over(world: World) -> None:

    lease = running(world)
    assert _until_crash(world, "after-idle")
    release = world.store.get(Key("release", lease))
    assert release is not None
    known = deadline_of(RELEASE_SCHEMA.spec_of(release), world.store.get(Key("lease", lease)))
    assert known.wished
    assert timedelta() <= world.clock.now() - known.until < timedelta(minutes=1)
