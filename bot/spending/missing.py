"""What AWS has said once that it has, and does not know now: only a silence that lasts is believed.

AWS keeps jobs for ever, and what was made moments ago is not known everywhere yet, so that a single such answer is more
likely a fault than an end: right after a creation, when a read goes wrong later, or when what the store had forgotten
is taken up.
"""

from datetime import datetime, timedelta
from typing import Protocol

UNKNOWN_FOR = timedelta(minutes=10)
"""How long AWS may not know it, in one stretch, until it counts as gone."""
BETWEEN_LOOKS = 60.0
"""Seconds between two looks meanwhile."""


class Followed(Protocol):
    """A status that remembers since when AWS has not known what it is about."""

    missing_since: datetime | None


def is_gone(status: Followed, now: datetime) -> bool:
    """Note that AWS does not know it at ``now``, by our clock; return whether it counts as gone."""
    status.missing_since = status.missing_since or now
    return now - status.missing_since > UNKNOWN_FOR
