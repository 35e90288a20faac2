"""A process that is told to end, or ends, while it buys throughput: what is bought is owned, released, told and billed.

Never throughput that nobody knows: either the intent is written down, and the next process adopts what there is, or
nothing was created.
"""

from collections.abc import Callable

import pytest

from bot.controller.context import AnyContext
from bot.controller.crash_points import crashing
from bot.controller.model import Key
from tests.doubles import bedrock
from tests.doubles.world import World
from tests.examples import is_thorough, some
from tests.unit.jobs.samples import model

HOUR = 3600.0
POINTS = (
    "before-commit", "after-commit", "after-reserve", "before-create-endpoint", "after-create-endpoint",
)  # fmt: skip
ANSWERS: dict[str, Callable[[], list[bedrock.Fault]]] = {
    "answered": list,
    "its answer is lost": lambda: [bedrock.lost_reply()],
    "it never arrives": lambda: [bedrock.dropped()],
    "AWS is away": lambda: [bedrock.down()],
}


class Killed(BaseException):
    """The process ends here, whatever it still had to do."""


def pressed() -> tuple[World, str]:
    world = World()
    world.models.save(model())
    plan = world.leases.plan(model="claims-router", minutes=60, owner="UTRAIN", channel="C1", request="r")
    lease = world.leases.propose(plan)
    world.turn()
    world.press("lease", lease, "start", "UTRAIN")
    return world, lease


def ends_at(world: World, point: str, occurrence: int, *, drained: bool) -> bool:
    """Have SIGTERM come at that point. ``drained``: what is in hand ends in time, and nothing is taken up after it.

    Returns whether the point was come to.
    """
    seen = 0

    def hook(passed: str) -> None:
        nonlocal seen
        seen += passed == point
        if passed == point and seen == occurrence:
            world.controller._stop.set()
            if not drained:
                raise Killed

    with crashing(hook):
        try:
            world.controller.tick(1)
            while seen < occurrence and world.controller.tick(1):
                pass
        except Killed:
            pass
    return seen >= occurrence


def what_is_wrong(world: World, lease: str) -> list[str]:
    """Look at what there is, let the next process go on to the end of the lease, and return what is not right."""
    resources = {each.key.kind for each in world.store.of_kind("lease") + world.store.of_kind("release")}
    there = world.endpoints.endpoints.values()
    owned = [each for each in there if each.tags.get("tunesmith-lease") == lease and "release" in resources]
    found = ["throughput that nobody knows"] if len(owned) != len(there) else []
    world.rebuilt()
    world.pass_time(120)
    if len(world.endpoints.endpoints) != 1:
        found.append(f"{len(world.endpoints.endpoints)} are there, and one was asked for")
    for each in world.endpoints.endpoints.values():
        world.endpoints.in_service(each.plan.endpoint_name)
    world.pass_time(HOUR + 300, step=60)
    resource = world.store.get(Key("lease", lease))
    ended = [each for each in world.said("LeaseMilestone") if "Released: AWS confirms" in each.message.text]
    bills = [each.actual for each in world.ledger.kept.values()]
    found += [f"{len(world.endpoints.endpoints)} still run"] if world.endpoints.endpoints else []
    found += [f"{len(world.endpoints.deleted)} deleted"] if len(world.endpoints.deleted) != 1 else []
    found += [f"it is {resource and resource.status}"] if not (resource and resource.done) else []
    found += [f"its end was told {len(ended)} times"] if len(ended) != 1 else []
    found += [f"billed {bills}"] if len(bills) != 1 or not bills[0] or not 12 <= bills[0] <= 24 else []
    return found


@pytest.mark.slow
@pytest.mark.parametrize("drained", [True, False], ids=["in time", "not in time"])
def test_told_to_end_anywhere_in_the_purchase_leaves_no_throughput_that_nobody_owns(drained: bool) -> None:
    wrong, tried = {}, 0
    for point in POINTS:
        # What AWS answers matters around its call; saves are many, and are tried with what leaves most in doubt.
        answers = ("answered", "its answer is lost") if "commit" in point else tuple(ANSWERS)
        for answer, faults in ((each, ANSWERS[each]) for each in answers):
            for occurrence in some(range(1, 9), least=2):
                world, lease = pressed()
                world.endpoints.order("create", *faults())
                if not ends_at(world, point, occurrence, drained=drained):
                    break
                tried += 1
                if found := what_is_wrong(world, lease):
                    wrong[f"{point} {occurrence}, {answer}"] = found
    assert wrong == {}
    assert tried > (20 if is_thorough() else 2), "the points are passed"


def test_a_step_that_is_told_to_end_says_so_to_long_work() -> None:
    """What ``stopping`` is asked for within a purchase: nothing of it waits for anything that long work would."""
    world, _ = pressed()
    world.controller._stop.set()
    seen: list[bool] = []
    lease = world.controller._reconcilers["lease"]

    def watched(context: AnyContext) -> object:
        seen.append(context.stopping)
        return lease(context)

    world.controller._reconcilers["lease"] = watched  # type: ignore[assignment]
    world.turn()
    assert True in seen
    assert len(world.endpoints.endpoints) == 1
