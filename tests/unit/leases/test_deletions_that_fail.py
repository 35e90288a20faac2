"""A deletion that fails: tried again after growing waits, told once to owner and operator, announced when it is so."""

from itertools import pairwise

import pytest

from bot.controller.model import Key
from bot.errors import Misconfigured, Throttled, Unavailable
from bot.leases.model import RELEASE_SCHEMA
from bot.leases.release_resource import until_next_try
from tests.doubles import bedrock
from tests.doubles.world import World
from tests.unit.jobs.samples import model
from tests.unit.leases.test_lease import phase, running

DENIED = Misconfigured("AWS does not allow it.", hint="Allow bedrock:DeleteProvisionedModelThroughput.")


@pytest.fixture
def world() -> World:
    made = World()
    made.hears = ("UOPS",)
    made.models.save(model())
    return made.rebuilt()


def released(world: World) -> list[str]:
    return [each.message.text for each in world.said("LeaseMilestone: Released")]


def troubles(world: World) -> list[str]:
    """Return who was told that it is billed on: the thread of the lease, and the operator directly."""
    told = [each for each in world.messages.visible() if "billed until it is deleted" in each.message.text]
    return sorted(each.channel for each in told)


def waits(world: World, seconds: float) -> list[float]:
    """Return how long was waited between the deletions that were tried in so many seconds, to 2.5 s."""
    tried: list[float] = []
    begun, before = world.clock.now(), world.endpoints.calls["delete"]
    while (passed := (world.clock.now() - begun).total_seconds()) < seconds:
        world.pass_time(2.5, step=2.5)
        if world.endpoints.calls["delete"] > before:
            before = world.endpoints.calls["delete"]
            tried.append(passed)
    return [later - sooner for sooner, later in pairwise(tried)]


def test_the_waits_double_up_to_a_minute() -> None:
    assert [until_next_try(each) for each in (0, 1, 2, 3, 4, 5, 6, 5000)] == [5, 5, 10, 20, 40, 60, 60, 60]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (DENIED, [5, 10, 20, 40, 60, 60]),
        (Unavailable("AWS is away."), [5, 10, 20, 30, 30, 30]),
        (Throttled("It is being changed.", retry_after=12.0), [12, 12, 20, 30, 30, 30]),
    ],
)
def test_each_try_is_waited_for_longer(
    world: World, error: Misconfigured | Unavailable, expected: list[float]
) -> None:
    lease = running(world)
    world.endpoints.order("delete", *[bedrock.Fault(error)] * 100)
    world.leases.release(lease, "UTRAIN")

    assert waits(world, 230)[:6] == pytest.approx(expected, abs=2.6)


def test_it_is_told_once_to_both_and_never_announced_as_done(world: World) -> None:
    lease = running(world)
    world.endpoints.order("delete", *[bedrock.Fault(DENIED)] * 7)
    world.leases.release(lease, "UTRAIN")
    world.pass_time(200)
    assert (len(troubles(world)), released(world)) == (2, [])
    assert phase(world, lease) == "releasing"

    world.pass_time(120)
    assert (len(troubles(world)), len(released(world))) == (2, 1)
    assert world.endpoints.endpoints == {}


def test_what_aws_takes_and_still_shows_is_told_in_the_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    lease = running(world)
    with monkeypatch.context() as patched:
        patched.setattr(world.endpoints, "delete", lambda *_: None)
        world.leases.release(lease, "UTRAIN")
        world.pass_time(590, step=10)
        assert (troubles(world), released(world)) == ([], [])
        world.pass_time(120, step=10)
        assert (len(troubles(world)), released(world)) == (2, [])
    world.pass_time(60)
    assert len(released(world)) == 1


def test_another_process_goes_on_where_the_waits_were(world: World) -> None:
    lease = running(world)
    world.endpoints.order("delete", *[bedrock.Fault(DENIED)] * 3)
    world.leases.release(lease, "UTRAIN")
    world.pass_time(40)
    resource = world.store.get(Key("release", lease))
    assert resource is not None
    assert RELEASE_SCHEMA.status_of(resource).failures == 3
