"""What a person has said about being told things."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

UTC_ZONE = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of the day in which nothing may ping: from ``begins`` until before ``ends``, both 0 to 23, never equal."""

    begins: int
    ends: int


@dataclass(frozen=True, slots=True)
class Reader:
    """One person's wishes. ``user`` is their Slack ID."""

    user: str
    quiet: Quiet | None
    changed: datetime


def quiet_until(quiet: Quiet | None, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Return when the quiet that holds at ``now`` in that time zone ends, or None when none holds."""
    if quiet is None:
        return None
    local = now.astimezone(zone)
    over_night = quiet.begins > quiet.ends
    if over_night:
        holds = local.hour >= quiet.begins or local.hour < quiet.ends
    else:
        holds = quiet.begins <= local.hour < quiet.ends
    if not holds:
        return None
    day = local.date() + timedelta(days=1 if over_night and local.hour >= quiet.begins else 0)
    return datetime.combine(day, time(quiet.ends), tzinfo=zone)


def zone_of(name: str) -> ZoneInfo:
    """Return the time zone of that name; UTC for one that this machine does not know."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC_ZONE
