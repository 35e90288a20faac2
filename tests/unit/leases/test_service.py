"""What the service of leases lets through: money may be spent by every press that it takes."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from bot.controller.context import AnyContext
from bot.controller.controller import Controller
from bot.controller.model import Key, Outcome
from bot.errors import Refused
from bot.kinds import KINDS
from bot.leases.endpoint import LeasePhase
from bot.models.model import ModelLabel
from bot.pricing.book import PriceBook
from bot.profiles.model import PriceKind
from bot.spending.votes import PATIENCE
from tests.doubles import bedrock
from tests.doubles.world import World
from tests.unit.jobs.samples import model

MODEL = "claims-router"


@pytest.fixture
def world() -> World:
    made = World()
    made.models.save(model())
    return made


def proposed(world: World, request: str = "trigger-1", minutes: int = 60) -> str:
    plan = world.leases.plan(model=MODEL, minutes=minutes, owner="UTRAIN", channel="C1", request=request)
    lease = world.leases.propose(plan)
    world.turn()
    return lease


def running(world: World, minutes: int = 60) -> str:
    lease = proposed(world, minutes=minutes)
    world.press("lease", lease, "start", "UTRAIN")
    world.turn()
    world.endpoints.in_service(world.endpoints.only().plan.endpoint_name)
    world.pass_time(65)
    return lease


def minutes_of(world: World, lease: str) -> int:
    [view] = [each for each in world.leases.live() if each.id == lease]
    return view.minutes


# Two plans for one model


@pytest.mark.parametrize("is_claimed", [True, False])
def test_two_plans_for_one_model_are_not_both_bought(world: World, is_claimed: bool) -> None:
    first, second = proposed(world, "trigger-1"), proposed(world, "trigger-2")
    world.press("lease", first, "start", "UTRAIN")
    if is_claimed:
        world.turn()
    with pytest.raises(Refused, match="already") as refused:
        world.press("lease", second, "start", "UBOSS")
    world.turn()

    assert "/tune extend claims-router" in refused.value.hint
    assert len(world.endpoints.endpoints) == 1


def test_a_plan_waits_its_turn_until_the_other_is_released(world: World) -> None:
    first, second = proposed(world, "trigger-1"), proposed(world, "trigger-2")
    world.press("lease", first, "start", "UTRAIN")
    world.turn()
    world.endpoints.in_service(world.endpoints.only().plan.endpoint_name)
    world.leases.release(first, "UTRAIN")
    world.pass_time(120)
    world.press("lease", second, "start", "UTRAIN")
    world.turn()

    assert [each.plan.id for each in world.endpoints.endpoints.values()] == [second]


def test_no_new_plan_while_a_started_one_waits_for_a_worker(world: World) -> None:
    world.press("lease", proposed(world), "start", "UTRAIN")
    with pytest.raises(Refused, match="already"):
        proposed(world, "trigger-2")


# What was pressed and not yet taken up


def test_a_started_lease_that_no_worker_took_up_can_be_released(world: World) -> None:
    lease = proposed(world)
    world.press("lease", lease, "start", "UTRAIN")
    world.leases.release(MODEL, "UTRAIN")
    world.pass_time(60)

    assert world.endpoints.calls["create"] == 0
    [resource] = world.store.of_kind("lease")
    assert resource.status["lease"]["phase"] == LeasePhase.RELEASED


def test_a_plan_that_nobody_confirmed_is_asleep(world: World) -> None:
    proposed(world)
    with pytest.raises(Refused, match="asleep"):
        world.leases.release(MODEL, "UTRAIN")


@pytest.mark.slow
@pytest.mark.parametrize("pressed", ["start", "cancel"])
def test_a_plan_that_waited_too_long_says_so_to_whoever_presses(world: World, pressed: str) -> None:
    lease = proposed(world)
    world.pass_time(PATIENCE + 900, step=300)
    with pytest.raises(Refused, match="in time") as refused:
        world.press("lease", lease, pressed, "UTRAIN")  # type: ignore[arg-type]

    assert refused.value.hint


# Extensions


def interleaved(world: World, act: Callable[[], object]) -> None:
    """Have ``act`` happen between the service's look at a lease and its change of it."""
    amend = world.store.amend
    done: list[Key] = []

    def amended(key: Key, change: Callable[..., object], sole: str = "") -> object:
        if not done:
            done.append(key)
            act()
        return amend(key, change, sole)  # type: ignore[arg-type]

    world.store.amend = amended  # type: ignore[method-assign, assignment]


def test_two_extensions_at_once_do_not_get_past_the_longest() -> None:
    world = World(prices=PriceBook({("claude-3-haiku", PriceKind.MODEL_UNIT_HOUR): Decimal("0.01")}))
    world.models.save(model())
    lease = running(world, minutes=60)
    world.extensions.extend(lease, 60, "UBOSS")
    interleaved(world, lambda: world.extensions.extend(lease, 300, "UBOSS"))
    with pytest.raises(Refused, match="at most 8 h"):
        world.extensions.extend(lease, 300, "UBOSS")

    assert minutes_of(world, lease) == 420


def test_two_extensions_at_once_do_not_get_past_the_approver(world: World) -> None:
    lease = running(
        world, minutes=60
    )  # $8 an hour, one of them for the start-up, and $25 without an approver
    interleaved(world, lambda: world.extensions.extend(lease, 60, "UTRAIN"))
    assert world.extensions.extend(lease, 60, "UTRAIN").needs_approval

    assert minutes_of(world, lease) == 120


def test_a_lease_that_is_being_released_is_not_extended(world: World) -> None:
    lease = running(world)
    world.endpoints.order("delete", *[bedrock.down()] * 3)
    world.leases.release(lease, "UTRAIN")
    world.turn()
    with pytest.raises(Refused, match="being released"):
        world.extensions.extend(lease, 60, "UTRAIN")


def test_a_wish_to_release_that_no_worker_took_up_ends_extensions_too(world: World) -> None:
    lease = running(world)

    def slow(context: AnyContext) -> Outcome:
        raise AssertionError(context.key)

    world.controller = Controller(
        world.store, {**world.reconcilers(), "lease": slow}, world.clock, kinds=KINDS
    )
    world.leases.release(lease, "UTRAIN")
    with pytest.raises(Refused, match="being released"):
        world.extensions.extend(lease, 60, "UTRAIN")


# A model that is called otherwise meanwhile


def test_a_model_that_is_renamed_while_it_is_awake_is_the_same_model(world: World) -> None:
    """By both names it is asked, ended and not paid for twice; what is listed has the new one."""
    lease = running(world)
    made = model()
    label = ModelLabel(made.arn, made.job_id, MODEL, "triage", "UTRAIN", world.clock.now(), (MODEL,))
    world.models.label(lambda: label)

    assert [each.model_name for each in world.leases.live()] == ["triage"]
    assert [(line.name, line.serving) for line in world.serving.models("triage").lines] == [
        ("triage", "in service")
    ]
    for name in ("triage", MODEL, "TRIAGE", None):
        assert world.serving.answerer(name, "C1").model_name == "triage"
    for name in ("triage", MODEL):
        assert world.leases.running(name).id == lease
        with pytest.raises(Refused, match="already"):
            world.leases.plan(model=name, minutes=60, owner="UTRAIN", channel="C1", request="another")
    world.leases.release("triage", "UTRAIN")
    world.pass_time(300)
    with pytest.raises(Refused, match="`triage` is asleep"):
        world.leases.running(MODEL)
