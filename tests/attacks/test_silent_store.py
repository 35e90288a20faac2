"""A store that is silent past a lease's deadline: what is over ends by AWS alone, and what was extended does not."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from bot.controller.crash_points import crashing
from bot.controller.damage import Damage
from bot.controller.model import Document, Key, Resource
from bot.controller.outbox.storeless import StorelessMessages
from bot.controller.ports import ResourceStore
from bot.errors import Misconfigured, NotFound, Refused, TunesmithError, Unavailable
from bot.leases.drafting import freeze
from bot.leases.endpoint import LeasePlan
from bot.leases.watchdog import Watchdog
from bot.visibility import is_surely_kept_out
from tests.doubles import bedrock
from tests.doubles.clock import FakeClock, SteadyClock
from tests.doubles.messages import down
from tests.doubles.world import World
from tests.unit.jobs.samples import model

OPERATOR = "UOPS"
HOUR = 3600.0
DEPLOYED = "claims-nova"


@dataclass
class Cut:
    """The way of one process to the store, which may be cut while others have theirs."""

    store: ResourceStore
    cut: bool = False

    def __getattr__(self, name: str) -> object:
        if self.cut:
            raise Unavailable("Redis is away.")
        return getattr(self.store, name)


def planned(world: World, name: str, request: str) -> LeasePlan:
    """Return a lease, of a deployment too: those from before deployments had no clock end as they were to."""
    found = world.models.find(name)
    assert found is not None
    return freeze(found, minutes=60, longest=480, owner="UTRAIN", channel="C1", request=request)


class Processes:
    """One bot's processes around one world: the first has the loop, each has a watchdog."""

    def __init__(self, count: int = 3, world: World | None = None, damage: Damage | None = None) -> None:
        self.operators: tuple[str, ...] = (OPERATOR,)
        self.world = world or World()
        self.damage = damage
        self.world.models.save(model())
        self.world.models.save(model(name=DEPLOYED, profile="nova-lite"))
        self.ways = [Cut(self.world.store) for _ in range(count)]
        self.dogs = [self.dog(way) for way in self.ways]

    def dog(self, way: Cut) -> Watchdog:
        def silence() -> float:
            return 1e9 if way.cut else self.world.controller.silence()

        return Watchdog(
            way,  # type: ignore[arg-type]
            self.world.endpoints,
            StorelessMessages(
                self.world.messages,
                self.world.clock,
                partial(is_surely_kept_out, self.world.memberships),
            ),
            self.world.clock,
            self.world.renderer,
            silence=silence,
            regions=("us-west-2", "us-east-1"),
            operators=self.operators,
            damage=self.damage,
        )

    def serve(self, name: str = "claims-router", request: str = "r") -> str:
        world = self.world
        plan = planned(world, name, request)
        lease = world.leases.propose(plan)
        world.turn()
        world.press("lease", lease, "start", "UTRAIN")
        world.turn()
        world.endpoints.in_service(plan.endpoint_name)
        self.let_pass(65)
        assert self.phase(lease) == "in service"
        return lease

    def let_pass(self, seconds: float, step: float = 5.0) -> None:
        while seconds > 0:
            self.world.clock.advance(step)
            seconds -= step
            with suppress(Unavailable):
                self.world.turn()
            for each in self.dogs:
                each.tick()

    def phase(self, lease: str) -> str:
        resource = self.world.store.get(Key("lease", lease))
        assert resource is not None
        return str(resource.status["lease"]["phase"])

    def texts(self, channel: str) -> list[str]:
        return [each.message.text for each in self.world.messages.visible(channel)]

    def told(self, beginning: str, channel: str = "C1") -> list[str]:
        return [each for each in self.texts(channel) if beginning in each]

    @property
    def running(self) -> list[str]:
        return list(self.world.endpoints.endpoints)


def silent_down(world: World) -> None:
    world.store.down = True


def silent_full(world: World) -> None:
    world.store.full = True


SILENT = pytest.mark.parametrize("silence", [silent_down, silent_full])


@pytest.mark.slow
@SILENT
@pytest.mark.parametrize("name", ["claims-router", DEPLOYED])
@pytest.mark.parametrize("count", [1, 3])
def test_what_is_over_ends_though_the_store_is_silent_and_is_told_once(
    silence: Callable[[World], None], name: str, count: int
) -> None:
    """Tried: Redis falls silent past a lease's deadline, so that it would run on."""
    bot = Processes(count)
    bot.serve(name)
    bot.let_pass(600)
    silence(bot.world)
    bot.let_pass(HOUR - 600 - 75)
    assert len(bot.running) == 1, "not a moment early"

    bot.let_pass(120)
    assert bot.running == []
    assert len(bot.world.endpoints.deleted) == 1
    [told] = bot.told("is released: its time was over")
    assert told.startswith("<@UTRAIN>")
    assert name in told
    assert len(bot.told("is released: its time was over", f"D{OPERATOR}")) == 1
    bot.let_pass(1200, step=20)
    assert len(bot.told("is released: its time was over")) == 1


@SILENT
def test_a_process_that_started_while_the_store_was_silent_ends_it_by_its_tags(
    silence: Callable[[World], None],
) -> None:
    bot = Processes(0)
    bot.serve()
    silence(bot.world)
    bot.dogs = [bot.dog(Cut(bot.world.store))]
    bot.let_pass(HOUR - 75)
    assert len(bot.running) == 1

    bot.let_pass(180)
    assert bot.running == []
    [told] = bot.told("is released: its time was over")
    assert told.startswith("<@UTRAIN> `claims-router`")


def test_it_is_told_in_the_leases_own_thread() -> None:
    bot = Processes()
    bot.serve()
    [card] = bot.world.said("LeaseCard")
    silent_down(bot.world)
    bot.let_pass(HOUR + 60, step=10)
    [told] = [
        each for each in bot.world.messages.visible("C1") if "is released: its time" in each.message.text
    ]
    assert told.thread_ts == card.ts


@pytest.mark.slow
@pytest.mark.parametrize("left", [2, 20, 120, 1800])
def test_a_process_that_is_cut_off_never_ends_what_another_has_just_extended(left: int) -> None:
    bot = Processes()
    lease = bot.serve()
    bot.ways[1].cut = True
    bot.let_pass(HOUR - 65 - left, step=5 if left > 5 else 1)
    bot.world.extensions.extend("claims-router", 30, "UTRAIN")
    bot.let_pass(1700, step=10)
    assert bot.world.endpoints.deleted == []
    assert bot.phase(lease) == "in service"

    bot.let_pass(400 + left, step=10)
    assert bot.running == []


def test_an_extension_moves_the_tag_before_anything_else() -> None:
    bot = Processes(1)
    bot.serve()
    before = datetime.fromisoformat(bot.world.endpoints.only().tags["release-by"])
    amend, tagged = bot.world.store.amend, []

    def watched(key: Key, change: Callable[[dict[str, Any]], Document], sole: str = "") -> Resource | None:
        def written(spec: dict[str, Any]) -> Document:
            changed = change(spec)
            tagged.append(datetime.fromisoformat(bot.world.endpoints.only().tags["release-by"]))
            return changed

        return amend(key, written, sole)

    bot.world.store.amend = watched  # type: ignore[method-assign]
    bot.world.extensions.extend("claims-router", 30, "UTRAIN")
    assert tagged[0] == before + timedelta(minutes=30)


def test_an_extension_while_it_starts_up_moves_the_tag_too() -> None:
    bot = Processes(1)
    world = bot.world
    plan = world.leases.plan(model="claims-router", minutes=60, owner="UTRAIN", channel="C1", request="r")
    lease = world.leases.propose(plan)
    world.turn()
    world.press("lease", lease, "start", "UTRAIN")
    world.turn()
    before = datetime.fromisoformat(world.endpoints.only().tags["release-by"])
    world.extensions.extend("claims-router", 30, "UTRAIN")
    assert datetime.fromisoformat(world.endpoints.only().tags["release-by"]) == before + timedelta(minutes=30)


DENIED = Misconfigured("AWS does not allow me to do this.", hint="The operator allows `bedrock:TagResource`.")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("error", "kind", "said"),
    [
        (
            Unavailable("AWS could not be reached.", hint="I try again by myself."),
            Unavailable,
            "Try again in a minute",
        ),
        (DENIED, Refused, "bedrock:TagResource"),
        (NotFound("AWS has nothing of that name."), Refused, "being released already"),
    ],
)
def test_an_extension_that_aws_does_not_take_changes_nothing(
    error: TunesmithError, kind: type[TunesmithError], said: str
) -> None:
    bot = Processes(1)
    lease = bot.serve()
    bot.world.endpoints.order("tag", bedrock.Fault(error))
    with pytest.raises(kind) as refused:
        bot.world.extensions.extend("claims-router", 30, "UTRAIN")
    assert said in refused.value.sentence
    assert "by myself" not in refused.value.sentence
    bot.let_pass(HOUR, step=10)
    assert bot.running == []
    bot.let_pass(120)
    assert bot.phase(lease) == "released"


@pytest.mark.slow
@SILENT
@pytest.mark.parametrize("died", [False, True])
@pytest.mark.parametrize("away", [900, 4 * HOUR])
def test_once_the_store_is_back_it_is_one_notice_and_the_right_bill(
    silence: Callable[[World], None], died: bool, away: float
) -> None:
    bot = Processes(1)
    lease = bot.serve()
    bot.let_pass(3000, step=20)
    silence(bot.world)
    bot.let_pass(away, step=20)
    assert bot.running == []
    if died:
        bot.dogs = [bot.dog(bot.ways[0])]
        bot.world.rebuilt()
    bot.world.store.down = bot.world.store.full = False
    bot.let_pass(300)

    assert bot.phase(lease) == "released"
    ends = [
        each
        for each in bot.texts("C1")
        if "eleased" in each and "LeaseCard" not in each and "left." not in each
    ]
    assert len(ends) == 1
    assert "was billed for 1 h" in ends[0]
    [spent] = bot.world.ledger.kept.values()
    assert spent.actual is not None
    assert 12 < spent.actual <= 16, "an hour and what was begun of the next, at $12 an hour"


def test_what_was_to_be_released_when_the_store_fell_silent_goes_at_once() -> None:
    bot = Processes(2)
    bot.serve()
    bot.world.endpoints.order("delete", *[bedrock.down()] * 2)
    bot.world.leases.release("claims-router", "UTRAIN")
    bot.let_pass(20)
    silent_down(bot.world)
    bot.let_pass(90)
    assert bot.running == []


def test_a_deletion_that_aws_refuses_is_told_once_and_tried_more_and_more_slowly() -> None:
    bot = Processes(1)
    bot.serve()
    silent_down(bot.world)
    denied = Misconfigured("AWS does not allow it.", hint="Allow bedrock:DeleteProvisionedModelThroughput.")
    bot.world.endpoints.order("delete", *[bedrock.Fault(denied)] * 20)
    bot.let_pass(HOUR + 600, step=5)
    assert 4 <= bot.world.endpoints.calls["delete"] <= 14
    for channel in ("C1", f"D{OPERATOR}"):
        [told] = bot.told("billed until it is deleted", channel)
        assert "AWS does not allow it." in told

    bot.let_pass(1800, step=20)
    assert bot.running == []
    assert len(bot.told("is released: its time")) == 1


@pytest.mark.parametrize("fault", [bedrock.down, bedrock.throttled])
def test_nothing_is_ended_before_its_tags_were_read(fault: Callable[[], bedrock.Fault]) -> None:
    bot = Processes(1)
    bot.serve()
    silent_down(bot.world)
    bot.let_pass(HOUR - 80)
    bot.world.endpoints.order("tags", *[fault()] * 5)
    bot.let_pass(60)
    assert len(bot.running) == 1
    bot.let_pass(240)
    assert bot.running == []


def test_where_tags_may_not_be_read_what_is_remembered_counts() -> None:
    bot = Processes(1)
    bot.serve()
    silent_down(bot.world)
    bot.world.endpoints.order("tags", *[bedrock.Fault(DENIED)] * 500)
    bot.let_pass(HOUR - 80)
    assert len(bot.running) == 1
    bot.let_pass(240)
    assert bot.running == []


def test_what_others_run_is_left_alone() -> None:
    bot = Processes(1)
    bot.serve()
    plan = planned(bot.world, DEPLOYED, "x")
    theirs = replace(plan, endpoint_name="theirs")
    bot.world.endpoints.create(theirs, {"release-by": "2020-01-01T00:00:00+00:00", "team": "search"})
    other = replace(plan, endpoint_name="other-bot", request="y")
    past = {"release-by": "2020-01-01T00:00:00+00:00", "tunesmith-lease": "x", "managed-by": "tunesmith"}
    bot.world.endpoints.create(other, past | {"tunesmith-bot": "another"})
    silent_down(bot.world)
    bot.let_pass(HOUR + 300, step=10)
    assert {each.plan.endpoint_name for each in bot.world.endpoints.endpoints.values()} == {
        "theirs",
        "other-bot",
    }


@pytest.mark.parametrize("by", [86_400.0, -86_400.0])
@pytest.mark.parametrize("which", ["local", "aws"])
def test_a_wrong_clock_ends_nothing_early_while_the_store_is_silent(which: str, by: float) -> None:
    local = FakeClock()
    aws = SteadyClock(local)
    bot = Processes(1, World(clock=local, aws_clock=aws, store_clock=SteadyClock(local)))
    bot.serve()
    silent_down(bot.world)
    if which == "local":
        local.step(by)
    else:
        aws.offset += by
    bot.let_pass(HOUR - 90, step=10)
    assert len(bot.running) == 1
    bot.let_pass(180)
    assert bot.running == []


def test_a_slack_that_is_away_too_is_told_later() -> None:
    bot = Processes(1)
    bot.serve()
    silent_down(bot.world)
    bot.world.messages.order("post", *[down()] * 20)
    bot.let_pass(HOUR + 2400, step=10)
    assert len(bot.told("is released: its time")) == 1


def test_a_channel_that_takes_nothing_leads_to_the_owner() -> None:
    bot = Processes(1)
    bot.serve()
    bot.world.messages.archive("C1")
    silent_down(bot.world)
    bot.let_pass(HOUR + 120, step=10)
    [told] = bot.told("is released: its time", "DUTRAIN")
    assert told.startswith("I could not say this in <#C1>.")


@pytest.mark.slow
def test_an_owner_who_left_the_channel_is_not_told_instead_of_it() -> None:
    """Tried: leaving a private channel, and reading directly that one's lease there ended while the store is silent."""
    bot = Processes(1)
    bot.serve()
    bot.world.memberships.private("C1", "UMEMBER")
    bot.world.messages.archive("C1")
    silent_down(bot.world)
    bot.let_pass(HOUR + 120, step=10)
    assert bot.running == []
    assert bot.texts("DUTRAIN") == []


def test_a_store_that_is_well_is_left_to_its_releases() -> None:
    bot = Processes(3)
    bot.serve()
    listed, read = bot.world.endpoints.calls["list_all"], bot.world.endpoints.calls["tags"]
    bot.let_pass(HOUR - 300, step=10)
    assert (bot.world.endpoints.calls["list_all"], bot.world.endpoints.calls["tags"]) == (listed, read)
    bot.let_pass(600)
    assert bot.running == []
    assert bot.told("my own store") == []


class Killed(BaseException):
    """The process dies here: nothing catches it."""


@pytest.mark.slow
@pytest.mark.parametrize("point", ["before-delete-endpoint", "after-delete-endpoint"])
@pytest.mark.parametrize("others", [0, 1])
def test_a_kill_at_any_point_ends_it_once_and_it_is_told_once(point: str, others: int) -> None:
    bot = Processes(1)
    lease = bot.serve()
    silent_down(bot.world)
    bot.let_pass(HOUR - 80)

    def kill(passed: str) -> None:
        if passed == point:
            raise Killed

    with crashing(kill), pytest.raises(Killed):
        bot.let_pass(300)
    bot.dogs = [bot.dog(Cut(bot.world.store)) for _ in range(1 + others)]
    bot.let_pass(300)
    assert bot.running == []
    bot.world.store.down = False
    bot.let_pass(300)
    assert bot.phase(lease) == "released"
    assert len(bot.world.endpoints.deleted) == 1
    assert len([each for each in bot.told("eleased") if "left." not in each and "LeaseCard" not in each]) == 1
