"""From which phase to which a job may go, and the one function that moves it.

A phase is the machine's state and nothing else. Why a job is in it, and what mends it, is for people and is kept
apart in ``JobStatus`` (``explanation``, ``mend``, ``who``, ``raw_failure``): no code decides by words.
``docs/job-states.md`` is drawn from the tables here.
"""

import logging
from collections.abc import Iterable
from typing import Protocol

from bot.jobs.model import Phase, Stage, StageState

log = logging.getLogger(__name__)

_RUNS = frozenset({Phase.VALIDATING, Phase.PROCESSING, Phase.TRAINING})
_ENDS = frozenset({Phase.COMPLETED, Phase.FAILED, Phase.STOPPED})

RUNNING = _RUNS | {Phase.STOPPING}
"""Bedrock has the job, and it has not ended."""

ENDED = _ENDS | {Phase.DECLINED, Phase.CANCELLED, Phase.REFUSED}
"""Nothing moves a job any more."""

PLANNING = frozenset({Phase.PLANNED, Phase.AWAITING_APPROVAL, Phase.DECLINED, Phase.CANCELLED})
"""People decide on it, or have decided that it is not started."""

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

_OVER = frozenset({StageState.COMPLETED, StageState.STOPPED, StageState.FAILED})

STAGE_TABLE: dict[StageState, frozenset[StageState]] = {
    StageState.NOT_STARTED: frozenset({StageState.IN_PROGRESS, StageState.STOPPING}) | _OVER,
    StageState.IN_PROGRESS: frozenset({StageState.STOPPING}) | _OVER,
    StageState.STOPPING: _OVER,
} | dict.fromkeys(_OVER, frozenset[StageState]())
"""How a stage goes on, by Bedrock's words. Bedrock moves it and we only read: what is not here is told to the log."""


class HasPhase(Protocol):
    """Whatever keeps a job's phase."""

    phase: Phase


def advance(job: HasPhase, to: Phase) -> bool:
    """Move the job to ``to`` and return whether that changed anything.

    A phase that the table does not allow from here is refused and logged, and never raised: an observation may be
    older than what is known already, and a job never goes back.
    """
    if to is job.phase:
        return False
    if to not in TABLE[job.phase]:
        log.warning("A job that is %s was not moved to %s: the table does not allow it", job.phase, to)
        return False
    job.phase = to
    return True


def strayed(before: Iterable[Stage], after: Iterable[Stage]) -> list[str]:
    """Return the stages that went where none should: ``Training: Completed to InProgress``."""
    known = {each.name: each.state for each in before}
    return [
        f"{each.name}: {known[each.name]} to {each.state}"
        for each in after
        if known.get(each.name, each.state) is not each.state
        and each.state not in STAGE_TABLE[known[each.name]]
    ]
