"""What AWS has said once that it has, and does not know now: only a silence that lasts is believed.

AWS keeps jobs for ever, and what was made moments ago is not known everywhere yet, so that a single such answer is more
likely a fault than an end: right after a creation, when a read goes wrong later, or when what the store had forgotten
is taken up.
"""

from datetime import UTC, datetime, timedelta
from typing import Protocol

from bot import clock

UNKNOWN_FOR = timedelta(minutes=10)
"""How long AWS may not know it, in one stretch, until it counts as gone."""
BETWEEN_LOOKS = 60.0
"""Seconds between two looks meanwhile."""


class Followed(Protocol):
    """A status that remembers since when AWS has not known what it is about."""

    missing_since: datetime | None


def is_gone(status: Followed, store_now: float) -> bool:
    """Note that AWS does not know it, and return whether it counts as gone.

    ``store_now`` is the store's time, which all processes share: by a clock of its own, one that is ten minutes ahead
    would believe a single answer that the others wait out.
    """
    status.missing_since = noted(status.missing_since, store_now)
    return is_long(status.missing_since, store_now)


def noted(since: datetime | None, store_now: float) -> datetime:
    """Return since when AWS has not known something, which it does not now; ``since`` is when that was noted before."""
    return clock.noted(since, datetime.fromtimestamp(store_now, UTC))


def is_long(since: datetime, store_now: float) -> bool:
    """Return whether what AWS has not known since then counts as gone."""
    return datetime.fromtimestamp(store_now, UTC) - since > UNKNOWN_FOR
