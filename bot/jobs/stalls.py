"""Stages that do not move: Bedrock may leave a job waiting for days without a word."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.jobs.history import Run, longest_usual
from bot.jobs.model import JobObservation, Stage, StageState

STALL_AFTER = timedelta(hours=6)
"""Without a history of our own. Whole jobs were seen to take 80 minutes to some hours, and stalls 25 to 74 hours."""
SHORTEST = timedelta(minutes=15)
"""However quick the earlier jobs were: validation takes two to four minutes, and a queue of some is no stall."""

_OVER = frozenset({StageState.COMPLETED})


@dataclass(frozen=True, slots=True)
class Stall:
    """A stage that has not moved for longer than usual. Times are Bedrock's."""

    stage: str
    since: datetime
    limit: timedelta
    from_history: bool
    """Whether ``limit`` comes from this account's own jobs, and not from the setting."""


def stalled(seen: JobObservation, runs: Iterable[Run], after: timedelta) -> Stall | None:
    """Return the stage that has not moved for too long, or None. ``after`` counts without enough history."""
    stage = current(seen)
    if stage is None:
        return None
    usual = longest_usual(runs, stage.name)
    limit = after if usual is None else max(usual, SHORTEST)
    since = _last_movement(seen)
    if seen.seen_at - since <= limit:
        return None
    return Stall(stage.name, since, limit, usual is not None)


def current(seen: JobObservation) -> Stage | None:
    """Return the stage that is under way or comes next, or None when Bedrock reports none or all are over."""
    return next((each for each in seen.stages if each.state not in _OVER), None)


def _last_movement(seen: JobObservation) -> datetime:
    times = [seen.created, *(each.started for each in seen.stages), *(each.changed for each in seen.stages)]
    return max(each for each in times if each is not None)
