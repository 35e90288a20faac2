"""Whoever was told that something does not work is told when it works again: once, whoever sees it, however often."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from bot.controller.context import AnyContext
from bot.controller.controller import Controller
from bot.controller.damage import Damage
from bot.controller.failure_reporting import FailureReporter
from bot.controller.model import Done, Key, Outcome, Registration, RequeueAfter
from bot.controller.schema import Reading
from bot.errors import Unavailable
from bot.kinds import KINDS, SCHEMAS
from bot.notifications.damage_reporting import DamageTelling
from bot.notifications.reconciler import NotificationReconciler
from handlers.ui.render import BlockKitRenderer
from tests.attacks.kinds import DAMAGES, THINGS, row_of
from tests.attacks.test_somebody_hears import APPROVERS, DENIED, directly, house, running
from tests.doubles import bedrock
from tests.doubles.clock import START
from tests.doubles.messages import down
from tests.doubles.world import World

SPEC: dict[str, Any] = {"asked_at": START.isoformat(), "channel": "C1", "user": "U1"}


def thread(world: World, words: str) -> list[str]:
    return [each.message.text for each in world.messages.visible("C1") if words in each.message.text]


# A release


def house_as_it_runs() -> World:
    """The house with every reconciler's failures told, as the bot itself has it."""
    world = house()
    told = {
        kind: FailureReporter(KINDS[kind], each, world.outbox, BlockKitRenderer(), hears=APPROVERS)
        for kind, each in world.reconcilers().items()
    }
    world.controller = Controller(world.store, told, world.clock, random=lambda: 0.0, kinds=KINDS)
    return world


def looks_are_denied(world: World, lease: str) -> None:
    world.endpoints.order("get", *[bedrock.Fault(DENIED)] * 8)
    world.pass_time(300)


def nobody_is_home(world: World, lease: str) -> None:
    world.leases.release(lease, "UTRAIN")
    away = Unavailable("AWS could not be reached.")
    world.endpoints.order("delete", *[bedrock.Fault(away)] * 80)
    world.pass_time(1800)


def deletions_are_denied(world: World, lease: str) -> None:
    world.endpoints.order("delete", *[bedrock.Fault(DENIED)] * 3)
    world.leases.release(lease, "UTRAIN")
    world.pass_time(600)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("trouble", "words", "owners"),
    [
        (looks_are_denied, "works again. It can be looked after again", "I can look after this again"),
        (deletions_are_denied, "works again. It is released: AWS confirms it", "Released: AWS confirms"),
        (nobody_is_home, "works again. It is released: AWS confirms it", "Released: AWS confirms"),
    ],
)
def test_a_release_that_works_again_is_told_to_all_who_heard_that_it_did_not(
    trouble: Callable[[World, str], None], words: str, owners: str
) -> None:
    world = house_as_it_runs()
    lease = running(world)
    trouble(world, lease)
    world.pass_time(1800)
    for user in APPROVERS:
        assert len(directly(world, user, "does not work")) == 1
        assert len(directly(world, user, words)) == 1, directly(world, user, "")
    assert len(thread(world, "I can't look after this")) == 1
    assert len(thread(world, owners)) == 1
    assert thread(world, "That works again") == []


def test_a_release_that_fails_twice_is_told_twice_and_so_are_both_ends() -> None:
    world = house_as_it_runs()
    lease = running(world)
    for _ in range(2):
        looks_are_denied(world, lease)
    for user in APPROVERS:
        assert len(directly(world, user, "does not work")) == 2
        assert len(directly(world, user, "works again")) == 2
    assert len(thread(world, "I can't look after this")) == 2
    assert len(thread(world, "I can look after this again")) == 2
    assert thread(world, "That works again") == []


# Code of ours


class Mended:
    """A thing of a kind, whose code is broken while ``is_broken``."""

    def __init__(self, kind: str, spec: Mapping[str, Any] = SPEC, *, done: bool = False) -> None:
        self.world = World()
        self.is_broken = True
        self.outcome: Outcome = Done() if done else RequeueAfter(30)
        told = FailureReporter(
            KINDS[kind], self._work, self.world.outbox, BlockKitRenderer(), hears=APPROVERS
        )
        self.world.store.register(Registration(Key(kind, "x1"), spec))
        self.world.controller = Controller(
            self.world.store, {kind: told}, self.world.clock, random=lambda: 0.0, kinds=KINDS
        )

    def _work(self, _: AnyContext) -> Outcome:
        if self.is_broken:
            raise KeyError("a")
        return self.outcome

    def breaks(self, seconds: float = 600) -> None:
        self.is_broken = True
        self.world.pass_time(seconds)

    def works(self, seconds: float = 600) -> None:
        self.is_broken = False
        self.world.pass_time(seconds)


@pytest.mark.slow
@pytest.mark.parametrize("done", [True, False])
def test_a_thing_of_any_kind_that_works_again_is_told_to_those_who_were_told_that_it_did_not(
    done: bool,
) -> None:
    wrong = []
    for kind in KINDS:
        bench = Mended(kind, done=done)
        bench.breaks()
        bench.works()
        told = [len(directly(bench.world, user, "works again")) for user in APPROVERS]
        owner = len(thread(bench.world, "<@U1> That works again, and I go on with it."))
        if (told, owner) != ([1, 1], 1):
            wrong.append((kind, told, owner))
    assert wrong == []


def test_what_fails_for_moments_is_told_neither_way() -> None:
    bench = Mended("job")
    bench.breaks(10)
    bench.works()
    assert thread(bench.world, "") == []
    assert directly(bench.world, "UBOSS", "") == []


def test_what_breaks_again_is_told_again_and_so_is_its_end() -> None:
    bench = Mended("lease")
    for number in (1, 2, 3):
        bench.breaks()
        bench.works()
        for user in APPROVERS:
            assert len(directly(bench.world, user, "has failed")) == number
            assert len(directly(bench.world, user, "works again")) == number


@pytest.mark.parametrize("point", ["before-commit", "after-commit", "before-post", "after-post"])
def test_a_crash_while_the_end_is_told_tells_it_once(point: str) -> None:
    for occurrence in (1, 2, 3, 4):
        bench = Mended("job", done=True)
        bench.breaks()
        bench.world.crash_at(point, occurrence)
        bench.works()
        assert [len(directly(bench.world, user, "works again")) for user in APPROVERS] == [1, 1]
        assert len(thread(bench.world, "That works again")) == 1


def test_a_slack_that_is_away_delays_it() -> None:
    bench = Mended("job", done=True)
    bench.breaks()
    bench.world.messages.order("post", *[down()] * 3)
    bench.works(1200)
    assert [len(directly(bench.world, user, "works again")) for user in APPROVERS] == [1, 1]


# What could not be read


class Kept:
    """A record that is damaged and mended, and processes that come upon it."""

    def __init__(self, kind: str = "job") -> None:
        self.world = World()
        self.key = Key(kind, "x1")
        self.world.store.register(Registration(self.key, THINGS[kind][0]))
        self.begin()

    def begin(self) -> None:
        """A process begins, which knows nothing of what others have read."""
        world = self.world
        self.damage = Damage()
        world.store.reading = Reading(SCHEMAS, self.damage)
        self.telling = DamageTelling(world.store, self.damage, world.renderer, APPROVERS, world.clock)
        tell = NotificationReconciler(world.outbox, world.quiet_hours, world.memberships)
        world.controller = Controller(
            world.store, {"notification": tell}, world.clock, random=lambda: 0.0, kinds=KINDS
        )

    def write(self, damage: str | None) -> None:
        row = row_of(self.key.kind)
        kept, wanted = self.world.store._rows[self.key], DAMAGES[damage](row) if damage else row
        kept.v, kept.spec, kept.status = wanted["v"], wanted["spec"], wanted["status"]

    def looks(self) -> None:
        """Somebody lists them, and a process tells what is to be told."""
        self.world.store.of_kind(self.key.kind)
        self.telling.go_on()
        self.world.pass_time(30)

    def told(self, words: str) -> list[int]:
        return [len(directly(self.world, user, words)) for user in APPROVERS]


@pytest.mark.slow
@pytest.mark.parametrize("restarted", [False, True])
def test_what_can_be_read_again_is_told_once_to_those_who_were_told_that_it_could_not(
    restarted: bool,
) -> None:
    wrong = []
    for kind in sorted(THINGS):
        for damage in ("a spec that is cut short", "a row of a newer version"):
            bench = Kept(kind)
            for number in (1, 2):
                bench.write(damage)
                bench.looks()
                bench.looks()
                if restarted:
                    bench.begin()
                    bench.looks()
                bench.write(None)
                if restarted:
                    bench.begin()
                for _ in range(3):
                    bench.looks()
                counts = (bench.told("cannot read what I keep"), bench.told("I can read what I keep"))
                if counts != ([number] * 2, [number] * 2):
                    wrong.append((kind, damage, number, counts))
    assert wrong == []
