"""When a lease is over, by three clocks of which any one may be wrong: what two of them agree on counts.

The clocks are the store's, this machine's and Bedrock's. The middle one of three is never further from the truth than
the better two are, so that one that is a day ahead ends no lease, and one that is a day behind makes none longer.

The minutes run from the moment in which the throughput is in service, since before that it is of no use to anybody;
AWS bills from the creation, which the card says. What was bought for a term has no minutes that run: it ends when AWS
says that its term does, and what time it is then, two of the three clocks agree on as well.
"""

from datetime import UTC, datetime, timedelta

from bot.leases.model import LeaseSpec, LeaseStatus, Moment, Nearing

STARTUP = timedelta(minutes=50)
"""How long throughput may take to come into service before it is given up. AWS's own notebook says 20 to 30 minutes,
and AWS bills them: longer would cost more than people were told."""

RELEASE = timedelta(minutes=10)
"""How long after its deadline it may take until AWS has deleted it: after that somebody is told that it is billed."""

LAST_CALL = timedelta(minutes=10)
"""The owner is warned when so much is left."""

_ROUNDED = timedelta(seconds=1)
"""Tags have whole seconds."""

_LAST_DAY, _LAST_HOUR = timedelta(days=1), timedelta(hours=1)
"""When somebody is told that a term is nearly over: whoever wants the model after that has a day to ask for it."""

_LAST_PART = 5
"""They are warned before that, when only this part of its time is left: at 80 % of it."""


def nearing(minutes: int, remaining: timedelta) -> Nearing | None:
    """Return what somebody has to be warned of now, if so much of a lease's minutes is left; None: of nothing.

    One warning at a time, the most urgent one. A lease of ten minutes or less has no last call but its last part; of
    one in which the last part begins after the last call, that says nothing new and is left out.
    """
    if remaining <= timedelta():
        return None
    has_last_call = timedelta(minutes=minutes) > LAST_CALL
    if has_last_call and remaining <= LAST_CALL:
        return Nearing.LAST_CALL
    last_part = timedelta(minutes=minutes) / _LAST_PART
    return Nearing.LAST_PART if remaining <= last_part else None


def nearing_of_term(remaining: timedelta) -> Nearing | None:
    """Return what somebody has to be told of now, if so much of a term is left; None: of nothing."""
    if not timedelta() < remaining <= _LAST_DAY:
        return None
    return Nearing.LAST_CALL if remaining <= _LAST_HOUR else Nearing.LAST_PART


def agreed(moment: Moment) -> datetime:
    """Return what time it was, in UTC: the middle one of the three clocks."""
    # The median and no mean: a clock that is a day ahead would pull a mean along by eight hours.
    return sorted((datetime.fromtimestamp(moment.store, UTC), moment.local, moment.bedrock))[1]


def passed(since: Moment, now: Moment) -> timedelta:
    """Return how much time has passed, each clock held against itself: the middle one of the three; never negative.

    A clock that is wrong, always by as much, is right here; one that was set, or is another machine's, is outvoted.
    """
    by_clock = (
        timedelta(seconds=now.store - since.store),
        now.local - since.local,
        now.bedrock - since.bedrock,
    )
    return max(sorted(by_clock)[1], timedelta())


def begun(now: Moment, spec: LeaseSpec, status: LeaseStatus, tagged: datetime | None) -> Moment:
    """Return since when its minutes run, of what is seen in service: since it was first seen so, or from now on.

    Or since longer, where its tag says that it has to be gone sooner than that: then it is the store that has forgotten
    when it came into service. A tag that still says what it said at first tells nothing: of what AWS let us create
    late, and took its time with, the whole start-up that it allows for may be over.
    """
    if status.in_service:
        return status.in_service
    since, at_first = timedelta(), at_the_latest(spec, status)
    # The tag of a term names AWS's date for its end, which tells nothing of when it came into service.
    if tagged and not spec.plan.term and (at_first is None or abs(tagged - at_first) > _ROUNDED):
        since = max(agreed(now) + timedelta(minutes=spec.minutes) - tagged, timedelta())
    return Moment(now.store - since.total_seconds(), now.local - since, now.bedrock - since)


def left(minutes: int, in_service: Moment, now: Moment) -> timedelta:
    """Return what is left of ``minutes`` since ``in_service``; negative once it is over."""
    return timedelta(minutes=minutes) - passed(in_service, now)


def remaining(spec: LeaseSpec, in_service: Moment, now: Moment) -> timedelta:
    """Return what is left of a lease: of its term, once AWS has said when that ends, or of its minutes in service."""
    if spec.committed_until:
        return spec.committed_until - agreed(now)
    return left(spec.minutes, in_service, now)


def at_the_latest(spec: LeaseSpec, status: LeaseStatus) -> datetime | None:
    """Return when it has to be gone, as its tag says it: the minutes that are wanted now, extensions included.

    What is bought for a term has to be gone when AWS says that it ends, and nobody can before.
    Before it is in service the tag allows for the whole start-up; a tag must never say too early, so the later clock
    counts then. None: nothing was bought yet.
    """
    if spec.committed_until:
        return spec.committed_until
    if status.in_service:
        return agreed(status.in_service) + timedelta(minutes=spec.minutes)
    if status.intent_at is None:
        return None
    # A lease from before the store's time was kept has none: the epoch, so that the other clock is the later one.
    by_store = datetime.fromtimestamp(status.intent_store or 0.0, UTC)
    return latest(max(status.intent_at, by_store), spec.minutes)


def billed_at_most(minutes: int) -> timedelta:
    """Return how long AWS bills a lease of so many minutes in service: from its creation on, until it is deleted."""
    return STARTUP + timedelta(minutes=minutes) + RELEASE


def latest(asked_at: datetime, minutes: int) -> datetime:
    """Return the latest moment at which anything of the lease may still run: what its tag says at the creation."""
    return asked_at + STARTUP + timedelta(minutes=minutes)
