"""From what Bedrock says of a job to where the job stands."""

from enum import StrEnum

from bot.jobs.model import JobObservation, Phase, StageState


class StageName(StrEnum):
    """The three stages, by the names that people read."""

    VALIDATION = "Validation"
    PROCESSING = "Data processing"
    TRAINING = "Training"


VALIDATION, PROCESSING, TRAINING = StageName

_ENDED = {
    "Completed": Phase.COMPLETED,
    "Failed": Phase.FAILED,
    "Stopped": Phase.STOPPED,
    "Stopping": Phase.STOPPING,
}
_BEGUN = frozenset(StageState) - {StageState.NOT_STARTED}


def phase_of(observation: JobObservation) -> Phase:
    """Return the phase. A status that is not in Bedrock's list today counts as still running."""
    ended = _ENDED.get(observation.status)
    if ended:
        return ended
    if stage(observation, TRAINING) in _BEGUN:
        return Phase.TRAINING
    # Some bases never report data processing: what is validated and not yet trained is being prepared.
    if stage(observation, PROCESSING) in _BEGUN or validated(observation):
        return Phase.PROCESSING
    return Phase.VALIDATING


def stage(observation: JobObservation, name: str) -> StageState | None:
    """Return the state of the stage of that name, or None when Bedrock does not report it."""
    return next((each.state for each in observation.stages if each.name == name), None)


def validated(observation: JobObservation) -> bool:
    """Return whether the data passed Bedrock's own validation."""
    return stage(observation, VALIDATION) is StageState.COMPLETED


def training_begun(observation: JobObservation) -> bool:
    """Return whether tokens have been trained, which is what is billed."""
    return stage(observation, TRAINING) in _BEGUN
