"""How soon a running job is worth another look: quickly at first, calmly in the long middle, quickly near its end.

A look costs one listing for all jobs of a region, so the quickest job sets the pace. AWS publishes no rate for these
calls; four a minute at most, for a while, is far below what any account was seen to allow.
"""

from datetime import datetime, timedelta

from bot.jobs.model import Phase
from bot.jobs.record import JobStatus

QUICK = 15.0
"""Seconds between two looks while somebody is watching, or the end is near."""
YOUNG = timedelta(minutes=2)
"""How long after its creation people watch a job."""
NEAR = timedelta(minutes=2)
"""How long before its earliest expected end it is looked at quickly."""
_LAG = timedelta(minutes=10)
"""How much older than the last look what another process saw may be."""


def is_from_before(seen_at: datetime, last: datetime) -> bool:
    """Return whether what was seen is older than the last look, both by AWS's clock, and so says nothing new.

    What is much older was seen after that clock was set back: it is what AWS says now.
    """
    return timedelta() < last - seen_at <= _LAG


def wait(status: JobStatus, now: datetime, calm: float) -> float:
    """Return the seconds until the next look: ``calm``, or sooner when the job is young, stopping or about to end.

    The end is expected by this account's own history. From a little before the earliest end until the latest the job
    may end at any moment; one that takes longer than any before is nothing to hurry for.
    """
    seen = status.observation
    # One that was never seen yet counts as just born: its first observation is what people wait for.
    born = min((each for each in (status.intent_at, seen.created if seen else None) if each), default=now)
    if now - born < YOUNG or status.phase is Phase.STOPPING:
        return min(calm, QUICK)
    if status.left is None or seen is None:
        return calm
    passed = max(now - seen.seen_at, timedelta())
    until_near = (status.left.least - passed - NEAR).total_seconds()
    # Not beyond the moment in which its end comes near: a calm wait would sleep past a quick job's end.
    if until_near > 0:
        return min(calm, max(until_near, QUICK))
    return min(calm, QUICK) if status.left.most > passed else calm
