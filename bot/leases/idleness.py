"""When a lease is released before its time since nobody asks it, and who may say that it stays.

Two counts have to be zero for so long: our own of questions, and CloudWatch's of calls, which has those of everything
else in the account too. CloudWatch tells late, so that what it says now is what was so some minutes ago. What nobody
tells is never taken for zero: a lease of which CloudWatch says nothing runs until its time is over.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from bot.controller.model import Resource
from bot.controller.ports import ResourceStore
from bot.leases import terms
from bot.leases.closing import too_late
from bot.leases.deadlines import passed
from bot.leases.model import IdleWatch, KeptAwake, LeaseSpec, LeaseStatus
from bot.questions import model as questions

LATE = timedelta(minutes=5)
"""How late CloudWatch may count a call. AWS promises no time; its metrics have periods of a minute, and come within a
few."""
GRACE = timedelta(minutes=10)
"""Between the notice that nobody asks it and its release."""
KEPT = timedelta(hours=1)
"""For how long *Keep 1 h* holds."""
BLIND = timedelta(minutes=10)
"""How long CloudWatch may be away before people are told that it does not tell."""
LOOKS_BACK = timedelta(hours=24)
"""What CloudWatch is asked about at most: far longer than any idleness that counts."""


def by_people(spec: LeaseSpec, status: LeaseStatus, now: datetime) -> timedelta:
    """Return for how long nobody here asked it, joined it or made it longer, by what is known; zero before it serves.

    ``now`` is this machine's time. Durations and no moments: each clock is held against itself.
    """
    if status.in_service is None or status.seen is None:
        return timedelta()
    watch = status.idle
    since = [passed(each, status.seen) for each in (status.in_service, watch.stirred) if each]
    since += [now - at for at in (*(each.at for each in spec.joined), *(each.at for each in spec.versions))]
    since += [now - watch.asked] if watch.asked else []
    return max(min(since), timedelta())


def by_anybody(status: LeaseStatus, so_far: timedelta) -> timedelta:
    """Return the same with what CloudWatch was known to count."""
    called, seen = status.idle.called, status.seen
    return so_far if called is None or seen is None else max(min(so_far, seen.bedrock - called), timedelta())


def needed(spec: LeaseSpec) -> timedelta:
    """Return how long nobody may have asked it, so that CloudWatch's word for the minutes that count is there."""
    return timedelta(minutes=spec.idle) + LATE


def is_kept(spec: LeaseSpec, now: datetime) -> bool:
    """Return whether somebody said that it stays."""
    kept = spec.kept_awake
    # One that is further ahead was written by a clock that was ahead: nobody waits for that.
    return kept is not None and timedelta() < kept.until - now <= KEPT + LATE


def is_being_asked(store: ResourceStore, names: Collection[str]) -> bool:
    """Return whether a question to a model of one of these names, or to nobody named, has no answer yet.

    Raises:
        Unavailable: the store does not answer.
    """
    return any(_may_be_of(each, names) for each in store.unfinished(questions.KIND))


def _may_be_of(question: Resource, names: Collection[str]) -> bool:
    asked = questions.SCHEMA.status_of(question).model or questions.SCHEMA.spec_of(question).question.model
    return not asked or asked in names


def is_unseen(watch: IdleWatch, since: datetime, until: datetime) -> bool:
    """Return whether what people here asked in that time is missing from what CloudWatch counts."""
    return watch.asked is not None and watch.called is None and since < watch.asked < until - 2 * LATE


def kept(spec: LeaseSpec, by: str, at: datetime) -> LeaseSpec:
    """Return the lease with the word of somebody that it is needed for an hour though nobody asks it.

    Raises:
        Refused: it is over or being released already, and why.
    """
    if spec.plan.term:
        raise terms.never_idle(spec)
    if spec.release or spec.over:
        raise too_late(spec)
    return replace(spec, kept_awake=KeptAwake(by, at, at + KEPT))
