"""More jobs than the account may have: they wait, are told once, and start as others end."""

from dataclasses import replace

import pytest

from bot.errors import QuotaReached
from bot.jobs.model import Phase
from bot.jobs.preflight import SCHEDULED_JOBS
from bot.serving.handover_service import HandoverService
from bot.spending.ledger import EntryState
from tests.doubles import bedrock
from tests.doubles.world import World
from tests.unit.jobs.samples import ACCESS, plan

NAME = plan().job_name
FULL = QuotaReached("The account may have no more jobs.", detail="ServiceQuotaExceededException: 10 jobs")


@pytest.fixture
def busy() -> World:
    """A world in which nothing more can be created, since ten jobs of others are under way."""
    world = World()
    for number in range(SCHEDULED_JOBS):
        world.customization.create(plan(job_name=f"busy-{number}", model_name=f"busy-{number}"), {})
    return world


def pressed(world: World, refusals: int) -> str:
    job = world.jobs.propose(plan())
    world.turn()
    world.customization.order("create", *[bedrock.Fault(FULL)] * refusals)
    world.press("job", job, "start", "UTRAIN")
    world.turn()
    return job


def test_a_job_waits_for_another_to_end_and_says_so_once(busy: World) -> None:
    job = pressed(busy, refusals=3)
    busy.pass_time(150)

    assert busy.jobs.find(job).phase is Phase.STARTING
    [told] = [
        each for each in busy.said("JobMilestone") if "as soon as one of them ends" in each.message.text
    ]
    assert told.message.text.startswith("JobMilestone: 10 jobs are under way in us-west-2")

    busy.customization.complete("busy-0")
    busy.pass_time(120)
    assert busy.jobs.find(job).phase is Phase.VALIDATING
    assert busy.customization.job(NAME).token == plan().digest


def test_a_job_in_the_queue_can_be_stopped(busy: World) -> None:
    job = pressed(busy, refusals=100)
    busy.pass_time(90)
    busy.jobs.stop(job, "UTRAIN")
    busy.pass_time(200)

    assert busy.jobs.find(job).phase is Phase.CANCELLED
    assert len(busy.customization.jobs) == SCHEDULED_JOBS


def test_whoever_may_spend_no_more_has_nothing_started_that_waits(busy: World) -> None:
    job = pressed(busy, refusals=2)
    busy.pass_time(90)
    assert busy.jobs.find(job).phase is Phase.STARTING
    busy.access = replace(ACCESS, trainers=frozenset({"UBOSS"}))
    busy.rebuilt()
    busy.pass_time(120)

    view = busy.jobs.find(job)
    assert (view.phase, len(busy.customization.jobs)) == (Phase.REFUSED, SCHEDULED_JOBS)
    assert "<@UTRAIN> may not spend here any more" in view.explanation
    assert "/tune handover" in view.mend
    assert all(each.state is EntryState.FREED for each in busy.ledger.kept.values())


def test_what_waits_in_the_care_of_another_starts_for_them(busy: World) -> None:
    job = pressed(busy, refusals=2)
    handing = HandoverService(busy.store, busy.directory("UTRAIN"), busy.access, busy.clock)
    handing.hand_over(NAME, "UBOSS")
    busy.access = replace(ACCESS, trainers=frozenset({"UBOSS"}))
    busy.rebuilt()
    busy.pass_time(180)
    assert busy.jobs.find(job).phase is Phase.VALIDATING


def test_another_quota_is_a_refusal() -> None:
    world = World()
    job = pressed(world, refusals=1)
    world.pass_time(60)

    assert world.jobs.find(job).phase is Phase.REFUSED


@pytest.mark.slow
@pytest.mark.parametrize(
    "point", ["before-create", "before-post", "after-post", "before-commit", "after-commit"]
)
@pytest.mark.parametrize("occurrence", [1, 2, 3])
def test_a_crash_in_the_queue_makes_one_job_and_tells_once(busy: World, point: str, occurrence: int) -> None:
    job = busy.jobs.propose(plan())
    busy.turn()
    busy.customization.order("create", *[bedrock.Fault(FULL)] * 2)
    busy.press("job", job, "start", "UTRAIN")
    busy.crash_at(point, occurrence)
    busy.pass_time(400)

    assert busy.jobs.find(job).phase is Phase.VALIDATING
    assert len([each for each in busy.customization.jobs.values() if each.token == plan().digest]) == 1
    assert len([each for each in busy.said("JobMilestone") if "under way" in each.message.text]) == 1
