"""AWS's own time, as its replies tell it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from bot.clock import Clock


def seen_at(reply: Mapping[str, Any], clock: Clock) -> datetime:
    """Return the reply's Date header, which every reply of AWS has; our own time when a proxy took it away."""
    text = reply.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date", "")
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return clock.now()
    # The parser gives no zone to a date in -0000, which is UTC.
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
