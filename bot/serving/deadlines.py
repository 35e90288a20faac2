"""When a lease is over. Clocks may be wrong, so the earliest of three counts, and none can make it longer.

The minutes run from the moment in which the throughput is in service, since before that it is of no use to anybody;
AWS bills from the creation, which the card says.
"""

from datetime import datetime, timedelta

from bot.serving.record import Moment

STARTUP = timedelta(minutes=50)
"""How long throughput may take to come into service before it is given up. AWS's own notebook says 20 to 30 minutes,
and AWS bills them: longer would cost more than people were told."""

RELEASE = timedelta(minutes=10)
"""How long after its deadline it may take until AWS has deleted it: after that somebody is told that it is billed."""

LAST_CALL = timedelta(minutes=10)
"""The owner is told when so much is left."""


def left(minutes: int, in_service: Moment, now: Moment) -> timedelta:
    """Return what is left of ``minutes`` since ``in_service``; negative once it is over.

    The longest time that has passed on any of the clocks counts.
    """
    passed = max(
        timedelta(seconds=now.store - in_service.store),
        now.local - in_service.local,
        now.bedrock - in_service.bedrock,
        timedelta(),
    )
    return timedelta(minutes=minutes) - passed


def billed_at_most(minutes: int) -> timedelta:
    """Return how long AWS bills a lease of so many minutes in service: from its creation on, until it is deleted."""
    return STARTUP + timedelta(minutes=minutes) + RELEASE


def latest(asked_at: datetime, minutes: int) -> datetime:
    """Return the latest moment at which anything of the lease may still run: what its tag says at the creation."""
    return asked_at + STARTUP + timedelta(minutes=minutes)
