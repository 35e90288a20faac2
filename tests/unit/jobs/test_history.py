"""What earlier jobs say of one that runs: ranges, and silence when there is too little to say."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.jobs.history import Run, TimeRange, left, longest_usual, run_of, steps, whole
from bot.jobs.model import JobObservation, Stage, StageState
from bot.jobs.phases import PROCESSING, TRAINING, VALIDATION
from tests.examples import examples
from tests.unit.jobs.samples import plan

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
MINUTE = 60.0
PLAN = plan()


def run(training: float, *, total: float | None = None, epochs: int = 2, number: int = 0) -> Run:
    """A job of 85 records; times in minutes, five of them before training unless told otherwise."""
    stages = ((VALIDATION, 3 * MINUTE), (PROCESSING, 2 * MINUTE), (TRAINING, training * MINUTE))
    whole_time = (training + 5 if total is None else total) * MINUTE
    return Run(f"job{number}", "claude-3-haiku", 85, epochs, stages, whole_time, NOW)


def seen(minutes: float, *, training_since: float | None = None) -> JobObservation:
    began = None if training_since is None else NOW + timedelta(minutes=training_since)
    state = StageState.NOT_STARTED if began is None else StageState.IN_PROGRESS
    return JobObservation(
        name="x",
        arn="arn",
        status="InProgress",
        stages=(
            Stage(VALIDATION, StageState.COMPLETED, NOW, NOW + timedelta(minutes=3)),
            Stage(TRAINING, state, began, began),
        ),
        created=NOW,
        seen_at=NOW + timedelta(minutes=minutes),
    )


def minutes(span: TimeRange | None) -> tuple[float, float] | None:
    return None if span is None else (span.least.total_seconds() / MINUTE, span.most.total_seconds() / MINUTE)


def test_without_enough_history_nothing_is_said() -> None:
    assert left([], PLAN, seen(1)) is None
    assert left([run(30), run(40)], PLAN, seen(1)) is None
    assert whole([run(30), run(40)], 85, 2) is None


def test_the_range_shrinks_as_time_passes_and_never_below_nothing() -> None:
    runs = [run(30), run(40), run(60)]

    assert minutes(left(runs, PLAN, seen(0))) == (35, 65)
    assert minutes(left(runs, PLAN, seen(20))) == (15, 45)
    assert minutes(left(runs, PLAN, seen(500))) == (0, 0)


def test_once_training_has_begun_the_queue_before_it_no_longer_counts() -> None:
    runs = [run(30, total=300), run(40, total=50), run(60, total=70)]

    assert minutes(left(runs, PLAN, seen(210, training_since=200))) == (20, 50)


def test_training_is_stretched_by_records_times_epochs() -> None:
    runs = [run(30), run(30), run(30)]

    assert minutes(whole(runs, 85, 4)) == (65, 65)
    assert minutes(whole(runs, 170, 2)) == (65, 65)


def test_jobs_of_quite_another_size_are_not_compared() -> None:
    assert whole([run(30), run(30), run(30)], 85, 30) is None
    assert whole([run(30)] * 3, 0, 0) is None


def test_a_finished_job_is_kept_with_its_stages_and_its_real_epochs() -> None:
    end = NOW + timedelta(minutes=50)
    observed = replace(
        seen(60, training_since=10),
        ended=end,
        stages=(
            Stage(VALIDATION, StageState.COMPLETED, NOW, NOW + timedelta(minutes=3)),
            Stage(TRAINING, StageState.COMPLETED, NOW + timedelta(minutes=10), end),
        ),
    )

    kept = run_of(PLAN, observed, 2)
    assert kept is not None
    assert (kept.total, kept.took(VALIDATION), kept.took(PROCESSING), kept.took(TRAINING)) == (
        3000,
        180,
        None,
        2400,
    )
    assert run_of(PLAN, replace(observed, ended=None), 2) is None
    assert run_of(PLAN, observed, 0) is None


def test_what_is_usual_needs_twenty_jobs_and_counts_the_queue_to_training() -> None:
    runs = [run(30, total=40 + n) for n in range(20)]

    assert longest_usual(runs[:19], TRAINING) is None
    usual = longest_usual(runs, TRAINING)
    assert usual == timedelta(minutes=40 + 18 - 5)
    assert longest_usual(runs, VALIDATION) == timedelta(minutes=3)
    assert longest_usual(runs, "Something new") is None


@pytest.mark.parametrize(
    ("changes", "expected"), [({}, (3, 6)), ({"batchSize": ""}, None), ({"epochCount": ""}, None)]
)
def test_steps(changes: dict[str, str], expected: tuple[int, int] | None) -> None:
    assert steps(plan(hyperparameters={**PLAN.hyperparameters, **changes})) == expected


@settings(max_examples=examples(40), deadline=None, database=None)
@given(
    st.lists(st.tuples(st.floats(1, 1e5), st.integers(1, 10)), min_size=3, max_size=30),
    st.floats(0, 1e5),
)
def test_a_range_is_always_a_range(history: Sequence[tuple[float, int]], elapsed: float) -> None:
    span = left([run(length, epochs=epochs) for length, epochs in history], PLAN, seen(elapsed))

    if span is not None:
        assert timedelta() <= span.least <= span.most
