"""Jobs, leases and releases have one INFO line when they begin and one when they end, however that is."""

import logging
from collections.abc import Callable, Iterator

import pytest

from bot.errors import Misconfigured, Refused
from tests.doubles import bedrock
from tests.doubles.log import LogBench, log_bench
from tests.doubles.world import World
from tests.unit.jobs.samples import model, plan

JOURNAL = "bot.controller.journal"
HOUR = 3600.0


@pytest.fixture
def bench() -> Iterator[LogBench]:
    with log_bench() as made:
        yield made


def lines(bench: LogBench) -> list[str]:
    """Return which thing's line it is, start or end, in order; each is at INFO."""
    written = [each for each in bench.lines.records if each.name == JOURNAL]
    assert {each.levelno for each in written} <= {logging.INFO}
    return [each.getMessage().split(": ")[0] for each in written]


# Jobs


def started(world: World) -> None:
    world.jobs.propose(plan())
    world.turn()
    world.press("job", plan().id, "start", "UTRAIN")
    world.pass_time(30)


def completes(world: World) -> None:
    started(world)
    world.customization.training(plan().job_name)
    world.pass_time(120)
    world.customization.complete(plan().job_name, training_loss=0.4)


def fails(world: World) -> None:
    started(world)
    world.customization.fail(plan().job_name, "Something went wrong.")


def is_stopped(world: World) -> None:
    started(world)
    world.jobs.stop(plan().id, "UTRAIN")
    world.pass_time(60)
    world.customization.stopped(plan().job_name)


def loses_an_answer(world: World) -> None:
    world.customization.order("create", bedrock.lost_reply(), bedrock.dropped())
    completes(world)


JOBS = (completes, fails, is_stopped, loses_an_answer)


def never_begins(world: World) -> None:
    """Nothing was created: it has an end, and no beginning."""
    world.customization.order("create", bedrock.Fault(Refused("No.")))
    started(world)


# Leases


def bought(world: World) -> str:
    wanted = world.leases.plan(model="claims-router", minutes=60, owner="UTRAIN", channel="C1", request="r")
    lease = world.leases.propose(wanted)
    world.turn()
    world.press("lease", lease, "start", "UTRAIN")
    world.turn()
    return lease


def runs_out(world: World) -> str:
    lease = bought(world)
    world.endpoints.in_service(world.endpoints.only().plan.endpoint_name)
    return lease


def is_released(world: World) -> str:
    lease = runs_out(world)
    world.pass_time(600, step=20)
    world.leases.release(lease, "UTRAIN")
    return lease


def does_not_start(world: World) -> str:
    lease = bought(world)
    world.endpoints.fail(world.endpoints.only().plan.endpoint_name, "No capacity.")
    return lease


def is_hard_to_release(world: World) -> str:
    lease = is_released(world)
    denied = Misconfigured("AWS does not allow me to do this.")
    world.endpoints.order("delete", *[bedrock.Fault(denied)] * 3, bedrock.lost_reply())
    return lease


LEASES: tuple[Callable[[World], str], ...] = (runs_out, is_released, does_not_start, is_hard_to_release)


@pytest.mark.slow
def test_every_job_has_a_line_at_its_start_and_one_at_its_end(bench: LogBench) -> None:
    wrong = {}
    for how in JOBS:
        bench.lines.records.clear()
        world = World()
        how(world)
        world.pass_time(HOUR, step=30)
        if lines(bench) != [f"job:{plan().id} start", f"job:{plan().id} end"]:
            wrong[how.__name__] = lines(bench)
    assert wrong == {}


def test_a_job_that_is_refused_has_the_line_of_its_end_alone(bench: LogBench) -> None:
    world = World()
    never_begins(world)
    world.pass_time(HOUR, step=30)
    assert lines(bench) == [f"job:{plan().id} end"]


@pytest.mark.slow
def test_every_lease_and_its_release_have_a_line_at_their_start_and_one_at_their_end(bench: LogBench) -> None:
    wrong = {}
    for how in LEASES:
        bench.lines.records.clear()
        world = World()
        world.models.save(model())
        lease = how(world)
        world.pass_time(2 * HOUR, step=20)
        wanted = ["lease start", "release start", "release end", "lease end"]
        if (found := [each.replace(f":{lease}", "") for each in lines(bench)]) != wanted:
            wrong[how.__name__] = found
    assert wrong == {}


@pytest.mark.slow
@pytest.mark.parametrize("point", ["before-commit", "after-commit", "before-post", "after-post"])
def test_a_process_that_dies_leaves_no_beginning_and_no_end_without_its_line(
    bench: LogBench, point: str
) -> None:
    """Better twice than never: what was logged is written down with the next save."""
    wrong = {}
    for occurrence in range(1, 9):
        bench.lines.records.clear()
        world = World()
        started_and_killed = False
        world.jobs.propose(plan())
        world.turn()
        world.press("job", plan().id, "start", "UTRAIN")
        started_and_killed = world.crash_at(point, occurrence)
        world.rebuilt()
        world.pass_time(120)
        world.customization.complete(plan().job_name, training_loss=0.4)
        world.crash_at(point, occurrence)
        world.rebuilt()
        world.pass_time(HOUR, step=30)
        found = lines(bench)
        if set(found) != {f"job:{plan().id} start", f"job:{plan().id} end"} or len(found) > 4:
            wrong[occurrence] = (started_and_killed, found)
    assert wrong == {}
