"""How a batch job goes: its status and what is through, by what was asked for and the time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.playground.bedrock.records import BatchJob

ENDED = frozenset({"Completed", "Failed", "Stopped"})
_VALIDATING, _SCHEDULED = 0.2, 0.6
"""When, of the time in the queue, a job is no longer Submitted, and no longer Validating."""


@dataclass(frozen=True)
class Standing:
    """A batch job's status at a moment, how many records are through, and when it ended."""

    status: str
    processed: int
    ended: datetime | None = None


def standing(job: BatchJob, now: datetime) -> Standing:
    """Return where the job stands at ``now``."""
    begins = job.created + timedelta(seconds=job.queue_seconds)
    ends = begins + timedelta(seconds=job.running_seconds)
    stop = job.stop_requested
    if stop is not None and stop < ends:
        stopped = stop + timedelta(seconds=job.stopping_seconds)
        done = _processed(job, stop, begins)
        return Standing("Stopped", done, stopped) if now >= stopped else Standing("Stopping", done)
    if job.fails:
        failed = job.created + timedelta(seconds=job.queue_seconds * _SCHEDULED)
        return Standing("Failed", 0, failed) if now >= failed else Standing("Validating", 0)
    if now >= ends:
        return Standing("Completed", job.records, ends)
    if now >= begins:
        return Standing("InProgress", _processed(job, now, begins))
    return Standing(_queued(job, now), 0)


def _queued(job: BatchJob, now: datetime) -> str:
    share = (now - job.created).total_seconds() / max(job.queue_seconds, 0.001)
    return "Submitted" if share < _VALIDATING else "Validating" if share < _SCHEDULED else "Scheduled"


def _processed(job: BatchJob, now: datetime, begins: datetime) -> int:
    if now <= begins:
        return 0
    share = (now - begins).total_seconds() / max(job.running_seconds, 0.001)
    return min(job.records, int(job.records * share))
