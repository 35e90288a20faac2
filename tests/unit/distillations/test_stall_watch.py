"""A batch job that does not move is told once, by our own history or the setting; and the week tells what it cost."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.digests.cards import DigestCard
from bot.digests.service import DigestService
from bot.distillations.cards import DistillationStalled
from bot.distillations.pace import ANSWERING, QUEUE, history_of
from bot.errors import NotAllowed, Refused
from bot.jobs.history import Run
from handlers.ui.render import render
from tests.doubles.batches import answered
from tests.doubles.classroom import Classroom

HOUR = 3600.0


@pytest.fixture
def world(tmp_path: Path) -> Classroom:
    return Classroom(tmp_path)


def hours(world: Classroom, number: float) -> None:
    world.pass_time(number * HOUR, step=HOUR / 2)


def stalls(world: Classroom) -> list[str]:
    """Return the messages about stalls that were ever posted."""
    everything = [each.message.text for each in world.messages.everything_posted]
    return [each for each in everything if each.startswith("DistillationStalled")]


def card(world: Classroom) -> DistillationStalled:
    return [each for each in world.renderer.cards if isinstance(each, DistillationStalled)][-1]


def told(world: Classroom) -> str:
    return str(render(card(world)).blocks)


def test_a_queue_that_does_not_move_is_told_once_with_what_it_costs(world: Classroom) -> None:
    world.started()
    hours(world, 5.5)
    assert stalls(world) == []
    hours(world, 12)

    assert len(stalls(world)) == 1
    assert (
        "<@UTRAIN> The queue has not moved for 6 h, longer than is usual, and Bedrock gives no reason. "
        "Nothing is billed before it answers."
    ) in told(world)
    assert card(world).settled is None
    assert {each.thread_ts for each in world.said("DistillationStalled")} == {
        world.said("DistillationCard")[0].ts
    }


@pytest.mark.slow
def test_answers_that_come_are_movement_and_answers_that_stop_are_told(world: Classroom) -> None:
    world.started()
    for done in range(0, 100, 10):
        world.jobs_at_bedrock.move("InProgress", done)
        hours(world, 3)
    assert stalls(world) == []
    hours(world, 7)

    assert len(stalls(world)) == 1
    assert "Answering has not moved" in told(world)
    assert "What is answered is billed." in told(world)
    world.jobs_at_bedrock.move("InProgress", 110)
    hours(world, 1)
    assert "It moves again." in told(world)


@pytest.mark.slow
def test_both_may_stall_once_each(world: Classroom) -> None:
    world.started()
    hours(world, 7)
    world.jobs_at_bedrock.move("InProgress", 1)
    hours(world, 20)
    assert ["The queue" in each for each in stalls(world)] == [True, False]


def test_keep_waiting_silences_it_and_says_who_said_so(world: Classroom) -> None:
    started = world.started()
    hours(world, 7)
    with pytest.raises(NotAllowed):
        world.service.keep_waiting(started, "UNOBODY")
    world.service.keep_waiting(started, "UTRAIN")
    world.service.keep_waiting(started, "UBOSS")
    world.turn()
    assert "<@UTRAIN> keeps waiting." in told(world)
    assert len(stalls(world)) == 1


def test_a_stall_that_is_stopped_says_so_and_so_does_one_that_ended(world: Classroom) -> None:
    started = world.started()
    hours(world, 7)
    world.service.stop(started, "UBOSS")
    world.turn()
    assert "<@UBOSS> asked to stop." in told(world)
    world.finished("Stopped")
    with pytest.raises(Refused, match="over"):
        world.service.keep_waiting(started, "UTRAIN")


def test_the_end_closes_the_question(world: Classroom) -> None:
    world.started()
    hours(world, 7)
    world.finished()
    assert "It has ended since." in told(world)


def test_our_own_history_says_what_is_usual(world: Classroom) -> None:
    for each in range(20):
        stages = ((QUEUE, 1200.0), (ANSWERING, 1800.0))
        world.history.save(Run(f"d{each}", history_of("nova-pro"), 120, 1, stages, 3000.0, world.clock.now()))
    world.started()
    hours(world, 1)
    assert "longer than 95 % of the earlier batches of this teacher took" in told(world)


def test_one_that_was_answered_adds_to_the_history(world: Classroom) -> None:
    started = world.started()
    hours(world, 1)
    world.jobs_at_bedrock.move("InProgress", 10)
    hours(world, 2)
    world.finished()
    [run] = world.history.newest(history_of("nova-pro"))
    assert (run.job_id, run.records) == (started, 120)
    assert run.took(QUEUE) == pytest.approx(1.5 * HOUR, rel=0.4)
    assert run.took(ANSWERING) == pytest.approx(2 * HOUR, rel=0.3)


def test_one_that_was_stopped_adds_nothing(world: Classroom) -> None:
    started = world.started()
    world.jobs_at_bedrock.move("InProgress", 10)
    hours(world, 1)
    world.service.stop(started, "UTRAIN")
    world.answers.lines = [answered("ROW00000001", "One.")]
    world.finished("Stopped")
    assert world.history.newest(history_of("nova-pro")) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "point", ["before-post", "after-post", "before-commit", "after-commit", "before-update"]
)
def test_a_crash_anywhere_tells_a_stall_once(world: Classroom, point: str) -> None:
    started = world.started()
    hours(world, 5.5)
    world.clock.advance(HOUR)
    died = world.crash_at(point)
    world.rebuilt().pass_time(120, step=30)
    world.service.keep_waiting(started, "UTRAIN")
    assert world.crash_at(point) or died
    world.rebuilt().pass_time(120, step=30)
    assert len(stalls(world)) == 1
    assert "keeps waiting" in world.said("DistillationStalled")[0].message.text


# The week


def week(world: Classroom, channel: str, act: Callable[[], object]) -> list[DigestCard]:
    """Have the channel told its week, in which this happened, and return what it was told."""
    DigestService(world.store, world.clock, "COPERATOR").set(channel, "UTRAIN", 6, 10)
    act()
    for _ in range(8 * 8):
        world.clock.advance(3 * HOUR)
        world.turn()
    return list({each.until: each for each in world.renderer.cards if isinstance(each, DigestCard)}.values())


@pytest.mark.slow
@pytest.mark.parametrize("channel", ["C1", "COPERATOR"])
def test_a_week_tells_what_was_answered_and_what_it_cost(world: Classroom, channel: str) -> None:
    def act() -> None:
        world.started()
        world.finished()

    [told] = week(world, channel, act)
    [line] = told.week.distillations
    assert (line.teacher, line.outcome, line.answered, line.channel) == ("nova-pro", "completed", 120, "C1")
    assert line.usd is not None
    assert told.week.usd == line.usd > 0
    assert told.week.unpriced == 0


def test_another_channels_answers_are_not_told(world: Classroom) -> None:
    def act() -> None:
        world.started()
        world.finished()

    assert week(world, "C2", act) == []


@pytest.mark.parametrize(("processed", "usd"), [(0, 0), (50, None)])
def test_what_failed_cost_nothing_or_nobody_knows(world: Classroom, processed: int, usd: int | None) -> None:
    def act() -> None:
        world.started()
        world.jobs_at_bedrock.move("InProgress", processed)
        world.jobs_at_bedrock.end("Failed", "Internal error.")
        world.pass_time(timedelta(minutes=5).total_seconds())

    [told] = week(world, "C1", act)
    [line] = told.week.distillations
    assert (line.outcome, line.answered, line.usd) == ("failed", 0, usd)
    assert told.week.unpriced == (usd is None)


def test_what_never_began_is_no_part_of_it(world: Classroom) -> None:
    def act() -> None:
        plan = world.propose()
        world.turn()
        world.press("distillation", plan.id, "cancel", "UTRAIN")
        world.turn()

    assert week(world, "C1", act) == []
