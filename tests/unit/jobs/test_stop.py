"""Stopping a job at awkward moments: before it is taken up, while Bedrock is away, and where Bedrock will not."""

import pytest

from bot.controller.model import Key
from bot.errors import Misconfigured, Refused, TunesmithError
from bot.jobs.cards import PlanCard
from bot.jobs.model import Phase
from bot.spending.model import Decision
from bot.spending.votes import PATIENCE
from tests.doubles import bedrock
from tests.doubles.world import World
from tests.unit.jobs.samples import plan

NAME = plan().job_name
DENIED = Misconfigured("AWS does not allow me to do this.", hint="Allow bedrock:StopModelCustomizationJob.")


@pytest.fixture
def world() -> World:
    return World()


def proposed(world: World) -> str:
    job = world.jobs.propose(plan())
    world.turn()
    return job


def started(world: World) -> str:
    job = proposed(world)
    world.press("job", job, "start", "UTRAIN")
    world.turn()
    return job


def test_a_started_job_that_no_worker_took_up_can_be_stopped(world: World) -> None:
    job = proposed(world)
    world.press("job", job, "start", "UTRAIN")
    assert world.jobs.find(job).phase is Phase.STARTING
    assert [view.id for view in world.jobs.list("running", "UTRAIN").views] == [job]
    world.jobs.stop(job, "UBOSS")
    world.pass_time(60)

    assert world.customization.calls["create"] == 0
    assert world.jobs.find(job).phase is Phase.CANCELLED


def test_a_job_that_was_stopped_while_bedrock_was_away_is_never_created(world: World) -> None:
    job = proposed(world)
    world.customization.order("create", *[bedrock.down()] * 3)
    world.press("job", job, "start", "UTRAIN")
    world.turn()
    world.jobs.stop(job, "UTRAIN")
    world.pass_time(600)

    assert world.customization.jobs == {}
    assert world.jobs.find(job).phase is Phase.CANCELLED
    resource = world.store.get(Key("job", job))
    assert resource is not None
    assert resource.done


def test_a_job_that_was_created_without_an_answer_is_found_and_stopped(world: World) -> None:
    job = proposed(world)
    world.customization.order("create", bedrock.lost_reply())
    world.press("job", job, "start", "UTRAIN")
    world.turn()
    world.jobs.stop(job, "UTRAIN")
    world.pass_time(60)

    assert world.customization.job(NAME).status == "Stopping"


@pytest.mark.parametrize("trouble", [DENIED, Refused("Its state does not allow this.")])
def test_a_stop_that_bedrock_refuses_is_told_once_and_the_job_is_followed(
    world: World, trouble: TunesmithError
) -> None:
    job = started(world)
    world.customization.training(NAME)
    world.customization.order("stop", *[bedrock.Fault(trouble)] * 50)
    world.jobs.stop(job, "UBOSS")
    world.pass_time(120)

    [told] = [each for each in world.said("JobMilestone") if "can't stop" in each.message.text]
    assert "<@UBOSS>" in told.message.text
    assert trouble.sentence in told.message.text

    world.customization.complete(NAME)
    world.pass_time(300)
    assert len(world.said("JobEnded")) == 1
    assert world.models.find("claims-router") is not None


def test_a_stop_that_does_not_get_through_keeps_nobody_from_seeing_the_end(world: World) -> None:
    job = started(world)
    world.customization.order("stop", *[bedrock.down()] * 500)
    world.jobs.stop(job, "UTRAIN")
    world.pass_time(30)
    world.customization.complete(NAME)
    world.pass_time(600)

    assert world.jobs.find(job).phase is Phase.COMPLETED
    assert len(world.said("JobEnded")) == 1


@pytest.mark.slow
def test_a_plan_that_waited_too_long_says_so_to_whoever_presses(world: World) -> None:
    job = proposed(world)
    world.pass_time(PATIENCE + 900, step=300)
    with pytest.raises(Refused, match="in time") as refused:
        world.press("job", job, "start", "UTRAIN")

    assert refused.value.hint


def test_a_plan_that_was_stopped_names_who_stopped_it(world: World) -> None:
    job = proposed(world)
    world.press("job", job, "start", "UTRAIN")
    world.jobs.stop(job, "UBOSS")
    world.pass_time(60)

    card = [each for each in world.renderer.cards if isinstance(each, PlanCard)][-1]
    assert (card.decision, card.decided_by) == (Decision.CANCELLED, "UBOSS")
