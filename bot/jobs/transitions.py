"""From which phase to which a job may go, and the one function that moves it."""

from typing import Protocol

from bot.jobs.model import Phase

_RUNS = frozenset({Phase.VALIDATING, Phase.PROCESSING, Phase.TRAINING})
_ENDS = frozenset({Phase.COMPLETED, Phase.FAILED, Phase.STOPPED})

RUNNING = _RUNS | {Phase.STOPPING}
"""Bedrock has the job, and it has not ended."""

ENDED = _ENDS | {Phase.DECLINED, Phase.CANCELLED, Phase.REFUSED}
"""Nothing moves a job any more."""

NEVER_STARTED = frozenset({Phase.DECLINED, Phase.CANCELLED, Phase.REFUSED})
"""Ended, and Bedrock never had the job: the same plan may be proposed again."""

# A poll may miss stages, so every running phase reaches every later one; none goes back.
TABLE: dict[Phase, frozenset[Phase]] = {
    Phase.PLANNED: frozenset({Phase.AWAITING_APPROVAL, Phase.STARTING, Phase.CANCELLED}),
    Phase.AWAITING_APPROVAL: frozenset({Phase.STARTING, Phase.DECLINED, Phase.CANCELLED}),
    Phase.STARTING: _RUNS | _ENDS | {Phase.STOPPING, Phase.REFUSED, Phase.CANCELLED},
    Phase.VALIDATING: frozenset({Phase.PROCESSING, Phase.TRAINING, Phase.STOPPING}) | _ENDS,
    Phase.PROCESSING: frozenset({Phase.TRAINING, Phase.STOPPING}) | _ENDS,
    Phase.TRAINING: frozenset({Phase.STOPPING}) | _ENDS,
    Phase.STOPPING: _ENDS,
} | dict.fromkeys(ENDED, frozenset[Phase]())


class HasPhase(Protocol):
    """Whatever keeps a job's phase."""

    phase: Phase


def advance(job: HasPhase, to: Phase) -> bool:
    """Move the job to ``to`` and return whether that changed anything.

    A phase that the table does not allow from here is left alone: an observation may be older than what is known
    already, and a job never goes back.
    """
    if to not in TABLE[job.phase]:
        return False
    job.phase = to
    return True
