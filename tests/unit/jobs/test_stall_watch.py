"""While a job runs: the time left, and a stage that does not move, told once."""

from datetime import datetime, timedelta

import pytest

from bot.errors import Unavailable
from bot.jobs.cards import JobStalled
from bot.jobs.history import Run
from bot.jobs.model import StageState
from bot.jobs.phases import PROCESSING, TRAINING, VALIDATION
from bot.jobs.stalls import FEW
from handlers.ui.render import render
from tests.doubles import bedrock
from tests.doubles.world import World
from tests.unit.jobs.samples import plan

NAME = plan().job_name
HOUR = 3600.0


@pytest.fixture
def world() -> World:
    return World()


def started(world: World) -> str:
    job = world.jobs.propose(plan())
    world.turn()
    world.press("job", job, "start", "UTRAIN")
    world.turn()
    return job


def waiting(world: World) -> str:
    """A job whose data is ready, and whose training does not begin."""
    job = started(world)
    world.customization.move(NAME, validation=StageState.COMPLETED, processing=StageState.COMPLETED)
    return job


def hours(world: World, number: float) -> None:
    world.pass_time(number * HOUR, step=HOUR)


def card(world: World) -> JobStalled:
    return [each for each in world.renderer.cards if isinstance(each, JobStalled)][-1]


def told(world: World) -> str:
    return str(render(card(world)).blocks)


def earlier(world: World, minutes: float, number: int) -> None:
    ended: datetime = world.clock.now()
    for each in range(number):
        stages = ((VALIDATION, 180.0), (PROCESSING, 120.0), (TRAINING, minutes * 60))
        world.history.save(Run(f"j{each}", "claude-3-haiku", 85, 2, stages, minutes * 60 + 300, ended))


# Stalls


def many(world: World, number: int, channel: str = "C1") -> list[str]:
    """So many jobs of one person whose training does not begin."""
    names = [f"many-{channel}-{each}" for each in range(number)]
    for each in names:
        job = world.jobs.propose(plan(job_name=each, model_name=each, channel=channel))
        world.turn()
        world.press("job", job, "start", "UTRAIN")
        world.turn()
        world.customization.move(each, validation=StageState.COMPLETED, processing=StageState.COMPLETED)
    return names


def posted(world: World, beginning: str) -> list[str]:
    return [
        each.message.text
        for each in world.messages.everything_posted
        if each.message.text.startswith(beginning)
    ]


@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 3, 4, 5, 30])
def test_many_that_stall_in_the_same_minutes_are_told_in_one_message(world: World, number: int) -> None:
    names = many(world, number)
    world.pass_time(6 * HOUR + 1800, step=600)
    alone, together = posted(world, "JobStalled"), posted(world, ":hourglass:")
    if number <= FEW + 1:
        assert (len(alone), together) == (number, [])
        return
    assert len(alone) == FEW
    [said] = together
    assert f"<@UTRAIN> {number - FEW} more of your jobs" in said
    assert sum(f"`{each}`" in said for each in names) == min(number - FEW, 4)


@pytest.mark.slow
def test_each_channel_is_told_of_its_own(world: World) -> None:
    many(world, FEW + 2)
    many(world, FEW + 2, "C2")
    world.pass_time(6 * HOUR + 1800, step=600)
    said = [each for each in world.messages.everything_posted if each.message.text.startswith(":hourglass:")]
    assert sorted((each.channel, each.thread_ts) for each in said) == [("C1", None), ("C2", None)]


@pytest.mark.slow
def test_a_store_that_forgot_who_stalled_together_has_each_tell_of_itself(world: World) -> None:
    many(world, FEW + 3)
    join, joined = world.together.join, set[str]()

    def forgetful(word: str, member: str) -> int:
        """Forget all as soon as all were counted."""
        place = join(word, member)
        joined.add(member)
        if len(joined) == FEW + 3:
            world.together.forget()
        return place

    world.together.join = forgetful  # type: ignore[method-assign]
    world.pass_time(6 * HOUR + 1800, step=600)
    assert len(posted(world, "JobStalled")) == FEW + 3
    assert posted(world, ":hourglass:") == []


def test_a_stall_is_told_once_to_its_owner_with_what_it_costs(world: World) -> None:
    waiting(world)
    hours(world, 5.5)
    assert world.said("JobStalled") == []

    hours(world, 12)

    assert len([each for each in world.messages.everything_posted if "JobStalled" in each.message.text]) == 1
    assert "<@UTRAIN> Training has not moved for 6 h 30 min, longer than is usual" in told(world)
    assert "Nothing is billed before training begins." in told(world)
    assert card(world).settled is None


def test_keep_waiting_silences_it_and_says_who_said_so(world: World) -> None:
    job = waiting(world)
    hours(world, 7)
    world.jobs.keep_waiting(job, "UTRAIN")
    world.turn()

    assert "<@UTRAIN> keeps waiting." in world.said("JobStalled")[0].message.text
    hours(world, 12)
    assert len(world.said("JobStalled")) == 1


def test_a_stall_that_is_stopped_says_so(world: World) -> None:
    waiting(world)
    hours(world, 7)
    world.jobs.stop(NAME, "UBOSS")
    world.turn()

    assert "<@UBOSS> asked to stop." in world.said("JobStalled")[0].message.text


def test_when_it_moves_again_the_question_is_over(world: World) -> None:
    waiting(world)
    hours(world, 7)
    world.customization.training(NAME)
    hours(world, 0.5)

    assert "It moves again." in world.said("JobStalled")[0].message.text


def test_each_stage_may_stall_once(world: World) -> None:
    started(world)
    hours(world, 7)
    assert "Validation has not moved" in told(world)
    world.customization.training(NAME)
    hours(world, 8)

    assert len(world.said("JobStalled")) == 2
    assert "Training has begun, so what is trained is billed." in told(world)


def test_our_own_history_says_what_is_usual(world: World) -> None:
    earlier(world, minutes=30, number=20)
    waiting(world)
    hours(world, 1)

    assert "95 % of the earlier jobs" in told(world)


@pytest.mark.slow
@pytest.mark.parametrize(
    "point", ["before-post", "after-post", "before-commit", "after-commit", "before-update"]
)
def test_a_crash_anywhere_tells_a_stall_once(world: World, point: str) -> None:
    job = waiting(world)
    hours(world, 5.5)
    world.clock.advance(HOUR)
    assert world.crash_at(point)
    world.pass_time(120, step=30)
    world.jobs.keep_waiting(job, "UTRAIN")
    world.crash_at(point)
    world.pass_time(120, step=30)

    assert len([each for each in world.messages.everything_posted if "JobStalled" in each.message.text]) == 1
    assert "keeps waiting" in world.said("JobStalled")[0].message.text


# Time left


def test_without_a_history_there_is_no_estimate(world: World) -> None:
    job = started(world)
    world.pass_time(60)

    assert world.jobs.find(job).left is None


def test_the_time_left_comes_from_earlier_jobs_and_shrinks(world: World) -> None:
    earlier(world, minutes=30, number=3)
    job = started(world)
    world.pass_time(60)

    left = world.jobs.find(job).left
    assert left is not None
    assert timedelta(minutes=33) <= left.least <= left.most <= timedelta(minutes=35)
    world.customization.training(NAME)
    world.pass_time(600, step=120)
    later = world.jobs.find(job).left
    assert later is not None
    assert timedelta(minutes=19) <= later.most <= timedelta(minutes=22)


def test_a_history_that_cannot_be_read_is_only_missed(world: World) -> None:
    down = bedrock.Fault(Unavailable("The store is away."))
    world.history.order("newest", *[down] * 50)
    job = started(world)
    world.pass_time(120, step=30)

    assert world.jobs.find(job).left is None
    assert len(world.said("JobCard")) == 1


def test_the_history_is_read_now_and_then_and_not_at_every_look(world: World) -> None:
    started(world)
    world.pass_time(900, step=60)

    assert world.history.calls["newest"] <= 5
