"""Money that is spent in silence: releases that do not work, broken code, and nobody who would hear of either."""

from typing import Any

import pytest

from bot import config
from bot.controller.context import AnyContext
from bot.controller.controller import Controller
from bot.controller.documents import dump
from bot.controller.failure_reporting import FailureReporter
from bot.controller.model import Key, Outcome, Registration
from bot.errors import Misconfigured
from bot.kinds import KINDS
from bot.leases.model import RELEASE, LeaseSpec
from bot.leases.release_resource import registration
from handlers.ui.render import BlockKitRenderer
from tests.doubles import bedrock
from tests.doubles.clock import START
from tests.doubles.resources import InMemoryResources
from tests.doubles.world import World
from tests.unit.jobs.samples import model, plan
from tests.unit.test_config import GOOD

DENIED = Misconfigured("AWS does not allow it.", hint="Allow bedrock:DeleteProvisionedModelThroughput.")
APPROVERS = ("UBOSS", "UCHIEF")
BILLED = "AWS bills"


def house() -> World:
    world = World()
    world.models.save(model())
    world.hears = APPROVERS
    return world.rebuilt()


def running(world: World) -> str:
    lease_plan = world.leases.plan(
        model="claims-router", minutes=60, owner="UTRAIN", channel="C1", request="r"
    )
    lease = world.leases.propose(lease_plan)
    world.turn()
    world.press("lease", lease, "start", "UTRAIN")
    world.turn()
    world.endpoints.in_service(world.endpoints.only().plan.endpoint_name)
    world.pass_time(65)
    return lease


def directly(world: World, user: str, words: str) -> list[str]:
    return [each.message.text for each in world.messages.visible(f"D{user}") if words in each.message.text]


# A release that AWS does not let through


@pytest.mark.slow
def test_a_release_that_fails_is_told_to_every_approver_once() -> None:
    world = house()
    lease = running(world)
    world.endpoints.order("delete", *[bedrock.Fault(DENIED)] * 20)
    world.leases.release(lease, "UTRAIN")
    world.pass_time(600)

    for user in APPROVERS:
        [told] = directly(world, user, "does not work")
        assert "it is billed until it is deleted" in told
        assert "`claims-router` in us-west-2" in told
        assert "Allow bedrock:DeleteProvisionedModelThroughput" in told


@pytest.mark.slow
def test_a_release_whose_lease_is_lost_is_told_all_the_same() -> None:
    world = house()
    lease = running(world)
    release = world.store.get(Key(RELEASE, lease))
    assert release is not None
    world.store = InMemoryResources(world.clock)
    world.store.register(Registration(release.key, release.spec))
    world.rebuilt()
    world.endpoints.order("delete", *[bedrock.Fault(DENIED)] * 1000)
    world.pass_time(4 * 3600, step=60)

    assert len(directly(world, "UBOSS", "it is billed until it is deleted")) == 1


@pytest.mark.slow
@pytest.mark.parametrize("point", ["before-commit", "after-commit", "before-post", "after-post"])
@pytest.mark.parametrize("occurrence", [1, 2, 3])
def test_a_crash_around_it_tells_each_once(point: str, occurrence: int) -> None:
    world = house()
    lease = running(world)
    world.endpoints.order("delete", *[bedrock.Fault(DENIED)] * 5)
    world.leases.release(lease, "UTRAIN")
    world.crash_at(point, occurrence)
    world.pass_time(600)

    assert [len(directly(world, user, "does not work")) for user in APPROVERS] == [1, 1]


# Code of ours that is broken


def broken(world: World, kind: str, spec: dict[str, Any]) -> None:
    def fail(_: AnyContext) -> Outcome:
        raise KeyError("a")

    world.store.register(Registration(Key(kind, "x1"), spec))
    reconcilers = {
        kind: FailureReporter(KINDS[kind], fail, world.outbox, BlockKitRenderer(), hears=APPROVERS)
    }
    world.controller = Controller(world.store, reconcilers, world.clock, random=lambda: 0.0, kinds=KINDS)
    world.pass_time(1200)


def lease_spec(world: World) -> LeaseSpec:
    lease_plan = world.leases.plan(
        model="claims-router", minutes=60, owner="UTRAIN", channel="C1", request="r"
    )
    return LeaseSpec(lease_plan, asked_at=START)


@pytest.mark.parametrize("kind", ["lease", "release", "job", "distillation", "account"])
def test_what_is_billed_while_it_is_broken_is_said_to_all_who_hear_of_it(kind: str) -> None:
    world = house()
    spec: dict[str, Any] = {
        "lease": dump(lease_spec(world)),
        "release": dict(registration(lease_spec(world), world.store.now()).spec),
        "job": {"plan": dump(plan()), "asked_at": START.isoformat()},
        "distillation": {
            "plan": {"job_name": "a", "owner": "UTRAIN", "channel": "C1"},
            "asked_at": START.isoformat(),
        },
        "account": {"v": 1, "region": "us-west-2"},
    }[kind]
    broken(world, kind, spec)

    for user in APPROVERS:
        [told] = directly(world, user, f"`{kind}:x1`")
        assert "billed" in told or BILLED in told
        assert "has failed 8 times" in told
    if kind != "account":
        [owner] = world.said("<@UTRAIN> Something is broken")
        assert owner.channel == "C1"
        assert BILLED in owner.message.text


def test_a_broken_release_is_told_to_its_owner_by_name() -> None:
    world = house()
    broken(world, RELEASE, dict(registration(lease_spec(world), world.store.now()).spec))
    [told] = world.said("<@UTRAIN>")
    assert "I cannot do that for now: delete it in the Bedrock console" in told.message.text
    assert "(`claims-router`)" in directly(world, "UBOSS", "`release:x1`")[0]


# A bot that can spend, and nobody who hears of it


@pytest.mark.parametrize("heard", [{}, {"TUNESMITH_OPERATOR": ""}, {"TUNESMITH_APPROVERS": ""}])
def test_a_bot_that_can_spend_does_not_start_while_nobody_hears_of_money(heard: dict[str, str]) -> None:
    with pytest.raises(Misconfigured) as refused:
        config.load(GOOD | {"TUNESMITH_TRAINERS": "U0TRAINER1"} | heard)
    assert "TUNESMITH_OPERATOR is not set" in refused.value.message
    assert "nobody would hear when that goes wrong" in refused.value.message
    assert "TUNESMITH_APPROVERS" in refused.value.message


@pytest.mark.parametrize(
    "heard", [{"TUNESMITH_OPERATOR": "C0OPERATOR"}, {"TUNESMITH_APPROVERS": "U0APPROVE1"}]
)
def test_with_an_operator_or_an_approver_it_starts(heard: dict[str, str]) -> None:
    settings = config.load(GOOD | {"TUNESMITH_TRAINERS": "U0TRAINER1"} | heard)
    assert settings.trainers == {"U0TRAINER1"}


def test_a_bot_that_cannot_spend_starts_alone() -> None:
    assert config.load(GOOD).trainers == frozenset()
