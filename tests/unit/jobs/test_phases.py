from datetime import UTC, datetime

import pytest

from bot.jobs.model import JobObservation, Phase, Stage, StageState
from bot.jobs.phases import phase_of, training_begun, validated

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
N, P, C = StageState.NOT_STARTED, StageState.IN_PROGRESS, StageState.COMPLETED


def seen(status: str, **stages: StageState) -> JobObservation:
    names = {"v": "Validation", "d": "Data processing", "t": "Training"}
    return JobObservation("job", "arn", status, tuple(Stage(names[k], s) for k, s in stages.items()), AT, AT)


@pytest.mark.parametrize(
    ("observation", "phase"),
    [
        (seen("InProgress"), Phase.VALIDATING),
        (seen("InProgress", v=P, d=N, t=N), Phase.VALIDATING),
        (seen("InProgress", v=C, d=P, t=N), Phase.PROCESSING),
        (seen("InProgress", v=C, t=N), Phase.PROCESSING),
        (seen("InProgress", v=C, d=C, t=P), Phase.TRAINING),
        (seen("Pondering", v=C, d=C, t=P), Phase.TRAINING),
        (seen("Stopping", v=C, d=C, t=P), Phase.STOPPING),
        (seen("Stopped", v=C, t=StageState.STOPPED), Phase.STOPPED),
        (seen("Completed"), Phase.COMPLETED),
        (seen("Failed", v=StageState.FAILED), Phase.FAILED),
    ],
)
def test_the_phase_follows_status_and_stages(observation: JobObservation, phase: Phase) -> None:
    assert phase_of(observation) is phase


def test_what_is_billed_begins_with_training() -> None:
    assert not training_begun(seen("Failed", v=C, t=N))
    assert training_begun(seen("Failed", v=C, t=StageState.FAILED))
    assert validated(seen("InProgress", v=C))
    assert not validated(seen("InProgress", v=P))
