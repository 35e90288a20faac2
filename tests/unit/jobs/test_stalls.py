"""What counts as a stall: longer than usual, by this account's own jobs or by the setting."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.jobs.history import Run
from bot.jobs.model import JobObservation, Stage, StageState
from bot.jobs.phases import PROCESSING, TRAINING, VALIDATION
from bot.jobs.stalls import SHORTEST, stalled
from tests.doubles.world import STALL_AFTER

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
VALIDATED = NOW + timedelta(minutes=3)


def seen(after: timedelta, training: Stage | None = None) -> JobObservation:
    waiting = Stage(TRAINING, StageState.NOT_STARTED)
    return JobObservation(
        name="x",
        arn="arn",
        status="InProgress",
        stages=(Stage(VALIDATION, StageState.COMPLETED, NOW, VALIDATED), training or waiting),
        created=NOW,
        seen_at=VALIDATED + after,
    )


def runs(number: int, training_minutes: float) -> list[Run]:
    stages = ((VALIDATION, 180.0), (TRAINING, training_minutes * 60))
    return [Run(f"{n}", "p", 85, 2, stages, training_minutes * 60 + 180, NOW) for n in range(number)]


def test_a_stage_that_waits_longer_than_the_setting_has_stalled() -> None:
    assert stalled(seen(STALL_AFTER), [], STALL_AFTER) is None

    found = stalled(seen(STALL_AFTER + timedelta(seconds=1)), [], STALL_AFTER)
    assert found is not None
    assert (found.stage, found.since, found.from_history) == (TRAINING, VALIDATED, False)


def test_twenty_jobs_of_our_own_say_better_what_is_long() -> None:
    hour = timedelta(hours=1)

    assert stalled(seen(hour + timedelta(minutes=1)), runs(19, 60), STALL_AFTER) is None
    assert stalled(seen(hour), runs(20, 60), STALL_AFTER) is None
    found = stalled(seen(hour + timedelta(minutes=1)), runs(20, 60), STALL_AFTER)
    assert found is not None
    assert found.from_history
    assert stalled(seen(timedelta(hours=20)), runs(20, 60 * 24), STALL_AFTER) is None


def test_a_queue_of_minutes_is_no_stall_however_quick_we_usually_are() -> None:
    assert stalled(seen(SHORTEST), runs(20, 1), STALL_AFTER) is None


def test_movement_within_a_stage_counts() -> None:
    began = VALIDATED + timedelta(hours=5)
    training = Stage(TRAINING, StageState.IN_PROGRESS, began, began)

    assert stalled(seen(timedelta(hours=10), training), [], STALL_AFTER) is None
    moved = replace(training, changed=began + timedelta(hours=5))
    assert stalled(seen(timedelta(hours=15), moved), [], STALL_AFTER) is None
    assert stalled(seen(timedelta(hours=20), moved), [], STALL_AFTER) is not None


@pytest.mark.parametrize("stages", [(), (Stage(PROCESSING, StageState.COMPLETED, NOW, NOW),)])
def test_without_a_stage_under_way_nothing_stalls(stages: tuple[Stage, ...]) -> None:
    assert stalled(replace(seen(timedelta(days=9)), stages=stages), [], STALL_AFTER) is None
