"""Clocks that are wrong by days: this machine's, Redis's, AWS's. Two that agree outvote the third."""

import json
import logging
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from bot.account import reconciler as sweep
from bot.clock import duration
from bot.controller.model import Key
from bot.jobs.cards import JobView
from bot.leases.deadlines import STARTUP, passed
from bot.leases.model import Moment
from handlers.ui.render import render
from tests.doubles.clock import FakeClock, SteadyClock
from tests.doubles.world import World
from tests.examples import is_thorough
from tests.handlers.ui.anything import anything
from tests.handlers.ui.test_cards import cards
from tests.unit.jobs.samples import model, plan

DAY = 86_400.0


class Clocks:
    """Three clocks that go with one time, each of which can be set wrong."""

    def __init__(self) -> None:
        self.local = FakeClock()
        self.store, self.aws = SteadyClock(self.local), SteadyClock(self.local)
        self.world = World(clock=self.local, store_clock=self.store, aws_clock=self.aws)
        self.world.models.save(model())

    def set(self, which: str, seconds: float, *, restarted: bool = True) -> None:
        """Set one clock; the process starts anew, as it may after its machine's clock was set, or goes on."""
        if which == "local":
            self.local.step(seconds)
        else:
            getattr(self, which).offset += seconds
        if restarted:
            self.world.rebuilt()


def serve(clocks: Clocks, before: Callable[[], None] = lambda: None) -> str:
    world = clocks.world
    plan = world.leases.plan(model="claims-router", minutes=60, owner="UTRAIN", channel="C1", request="r")
    lease = world.leases.propose(plan)
    world.turn()
    before()
    world.press("lease", lease, "start", "UTRAIN")
    world.pass_time(30)
    return lease


def phase(world: World, lease: str) -> str:
    resource = world.store.get(Key("lease", lease))
    assert resource is not None
    return str(resource.status["lease"]["phase"])


def in_service(world: World) -> None:
    world.endpoints.in_service(world.endpoints.only().plan.endpoint_name)
    world.pass_time(65)


def ends_on_time(world: World, lease: str, left: float) -> None:
    """Let the rest of the hour pass, and look that it ends with it, to half a minute."""
    world.pass_time(left - 30, step=20)
    assert phase(world, lease) == "in service"
    assert world.endpoints.deleted == []
    world.pass_time(150, step=10)
    assert world.endpoints.endpoints == {}


WRONG = [(which, by) for which in ("local", "store", "aws") for by in (DAY, -DAY, 7200.0, -7200.0)]


@pytest.mark.sampled
@pytest.mark.slow
@pytest.mark.parametrize(("which", "by"), WRONG)
def test_a_clock_that_is_wrong_from_a_restart_on_ends_no_lease_and_makes_none_longer(
    which: str, by: float
) -> None:
    """Tried: a clock that is wrong by days: this machine's, Redis's, AWS's."""
    clocks = Clocks()
    lease = serve(clocks)
    in_service(clocks.world)
    clocks.world.pass_time(600, step=20)
    clocks.set(which, by)

    ends_on_time(clocks.world, lease, left=3600 - 665)


@pytest.mark.sampled
@pytest.mark.slow
@pytest.mark.parametrize(("which", "by"), WRONG)
def test_a_clock_that_is_wrong_while_it_starts_up_ends_no_lease_and_makes_none_longer(
    which: str, by: float
) -> None:
    clocks = Clocks()
    lease = serve(clocks)
    clocks.set(which, by)
    clocks.world.pass_time(1200, step=20)
    in_service(clocks.world)

    ends_on_time(clocks.world, lease, left=3600 - 65)


@pytest.mark.sampled
@pytest.mark.slow
@pytest.mark.parametrize(("which", "by"), WRONG)
def test_a_clock_that_is_wrong_all_the_time_changes_nothing(which: str, by: float) -> None:
    clocks = Clocks()
    clocks.set(which, by)
    lease = serve(clocks)
    in_service(clocks.world)
    tagged = datetime.fromisoformat(clocks.world.endpoints.only().tags["release-by"])
    true = clocks.local.now() - timedelta(seconds=by if which == "local" else 0)
    assert abs((tagged - true).total_seconds() - 3600) < 90, "the tag says what two clocks agree on"

    ends_on_time(clocks.world, lease, left=3600 - 65)


@pytest.mark.sampled
@pytest.mark.slow
@pytest.mark.parametrize(("which", "by"), WRONG)
def test_a_clock_that_is_wrong_when_the_store_comes_back_empty_ends_no_lease(which: str, by: float) -> None:
    clocks = Clocks()
    lease = serve(clocks)
    in_service(clocks.world)
    clocks.set(which, by)
    world = clocks.world.forget()
    world.store.register(sweep.registration("us-west-2"))
    world.pass_time(90)

    assert phase(world, lease) == "in service"
    assert world.endpoints.deleted == []


@pytest.mark.sampled
@pytest.mark.slow
@pytest.mark.parametrize(("which", "by"), WRONG)
def test_throughput_that_never_comes_into_service_is_given_up_by_two_clocks(which: str, by: float) -> None:
    clocks = Clocks()
    serve(clocks)
    clocks.set(which, by)
    clocks.world.pass_time(STARTUP.total_seconds() - 300, step=30)
    assert len(clocks.world.endpoints.endpoints) == 1

    name = clocks.world.endpoints.only().plan.endpoint_name
    clocks.world.pass_time(360, step=30)
    clocks.world.endpoints.in_service(name)
    clocks.world.pass_time(90)
    assert clocks.world.endpoints.endpoints == {}


@pytest.mark.sampled
@pytest.mark.slow
@pytest.mark.parametrize(("which", "by"), WRONG)
def test_what_it_cost_is_right_whichever_clock_is_wrong(which: str, by: float) -> None:
    clocks = Clocks()
    serve(clocks)
    in_service(clocks.world)
    clocks.set(which, by)
    clocks.world.pass_time(3600 + 300, step=20)

    [spent] = clocks.world.ledger.kept.values()
    assert spent.actual is not None
    assert 12 < spent.actual <= 16, "an hour and what was begun of the next, at $12 an hour"


STARTED, SERVED, NEARLY_OVER = "while it starts up", "in service", "a minute before its end"


@pytest.mark.sampled
@pytest.mark.slow
@pytest.mark.parametrize("moment", [STARTED, SERVED, NEARLY_OVER])
@pytest.mark.parametrize(("which", "by"), WRONG)
def test_a_clock_that_is_set_while_the_bot_runs_ends_no_lease_makes_none_longer_and_bills_right(
    which: str, by: float, moment: str
) -> None:
    clocks = Clocks()
    lease, left = serve(clocks), 3600.0 - 65
    if moment is STARTED:
        clocks.set(which, by, restarted=False)
    in_service(clocks.world)
    if moment is not STARTED:
        passed = 600 if moment is SERVED else left - 60
        clocks.world.pass_time(passed, step=20)
        clocks.set(which, by, restarted=False)
        left -= passed
    ends_on_time(clocks.world, lease, left)

    [spent] = clocks.world.ledger.kept.values()
    assert spent.actual is not None
    assert 12 < spent.actual <= 16


def trained(which: str = "local", by: float = 0.0, at: int = 0) -> list[str]:
    """Return what is said of a job whose clock is set before its ``at``-th minute, and set right an hour later."""
    clocks = Clocks()
    world = clocks.world
    world.jobs.propose(plan())
    world.turn()
    world.press("job", plan().id, "start", "UTRAIN")
    for minute in range(0, 120, 3):
        if by and minute in (at, at + 60):
            clocks.set(which, by if minute == at else -by, restarted=False)
        world.pass_time(180, step=60)
        if minute == 6:
            world.customization.training(plan().job_name)
        if minute == 81:
            world.customization.complete(plan().job_name, training_loss=0.4)
    said = [each.message.text.partition(":")[0] for each in world.messages.visible()]
    # By AWS's own clock nothing moved for a day: that is told, and is what AWS says.
    return [each for each in said if each != "JobStalled" or which != "aws"]


@pytest.mark.sampled
@pytest.mark.slow
@pytest.mark.parametrize("at", [3, 21])
@pytest.mark.parametrize(("which", "by"), WRONG)
def test_a_clock_that_is_set_while_a_job_trains_and_set_right_again_changes_nothing_that_is_said(
    which: str, by: float, at: int
) -> None:
    quiet = trained()
    assert "JobEnded" in quiet
    assert trained(which, by, at) == quiet


@pytest.mark.slow
@pytest.mark.parametrize("speed", [60.0, 0.0, -1.0])
def test_a_clock_of_aws_that_goes_at_another_speed_bills_what_the_others_measured(speed: float) -> None:
    clocks = Clocks()
    clocks.set("aws", (speed - 1) * 600)
    lease = serve(clocks)
    for _ in range(10):
        clocks.world.pass_time(60, step=20)
        clocks.aws.offset += (speed - 1) * 60
    in_service(clocks.world)
    for _ in range(10):
        clocks.world.pass_time(60, step=20)
        clocks.aws.offset += (speed - 1) * 60
    [view] = clocks.world.leases.live()
    assert view.spent == "up to $8.00"
    clocks.world.leases.release(lease, "UTRAIN")
    clocks.world.pass_time(60, step=10)

    [end] = [each for each in clocks.world.said("LeaseMilestone") if "was billed for" in each.message.text]
    assert re.search(
        r"`claims-router` was billed for 2[0-3] min, from its creation on: ≈ \$8\.00", end.message.text
    )
    [spent] = clocks.world.ledger.kept.values()
    assert spent.actual == 8


@pytest.mark.slow
def test_a_lease_and_its_release_have_a_line_at_the_start_and_one_at_the_end(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clocks = Clocks()
    with caplog.at_level(logging.INFO):
        lease = serve(clocks)
        in_service(clocks.world)
        clocks.world.pass_time(3600 + 300, step=20)

    lines = [each.getMessage() for each in caplog.records if each.name == "bot.controller.journal"]
    assert [each.split(":")[0] + ":" + each.split(":")[1] for each in lines] == [
        f"lease:{lease} start",
        f"release:{lease} start",
        f"release:{lease} end",
        f"lease:{lease} end",
    ]


NEXT_TO_THE_READERS = re.compile(r"_pretty\}|\{ago\}|\b(today|tomorrow|yesterday|ago)\b", re.IGNORECASE)


class OurWords(Random):
    """Chance that fills cards with a text of no meaning, so that only our own words are looked at."""

    texts = ("text",)


def test_no_card_holds_a_time_against_the_clock_of_whoever_reads_it() -> None:
    """AWS's time, the store's and ours may be a day ahead of a reader's: "it last moved tomorrow".

    docs.slack.dev/messaging/formatting-message-text: ``{date_pretty}``, ``{date_short_pretty}``,
    ``{date_long_pretty}`` and ``{ago}`` are words like "yesterday", "today", "tomorrow", by the reader's clock.
    """
    found: list[str] = []
    times = 0
    for card in cards():
        for seed in range(8 if is_thorough() else 3):
            drawn = json.dumps(list(render(anything(card, OurWords(seed), 3)).blocks))
            times += drawn.count("<!date^")
            found += [f"{card.__name__}: {said.group()}" for said in NEXT_TO_THE_READERS.finditer(drawn)]
    assert times > 20, "cards tell times"
    assert sorted(set(found)) == []


def test_no_duration_is_negative_whichever_clock_is_behind() -> None:
    at = datetime(2026, 11, 22, 9, tzinfo=UTC)
    for behind in (timedelta(), timedelta(seconds=1), timedelta(days=1)):
        view = anything(JobView, Random(1))
        told = replace(view, created=at, seen_at=at - behind, ended=None)
        assert told.elapsed == timedelta()
        now = Moment((at - behind).timestamp(), at - behind, at - behind)
        assert passed(Moment(at.timestamp(), at, at), now) == timedelta()
        assert duration(-behind) == "0 s"
