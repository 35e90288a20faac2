"""A week in a few lines: what was trained, served and spent, told once a week in a channel that asked for it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import TypeVar
from zoneinfo import ZoneInfo

KIND = "digest"
"""The kind of thing in the due-set; its ID is the channel's."""

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEK = timedelta(days=7)
SHORTEST = timedelta(days=3.5)
"""Between two digests: somebody who travels, or changes the day, does not get two of one week."""
LATENESS = timedelta(minutes=2)
"""After its time until a digest is told: what ended a moment before is written down by then."""


@dataclass(frozen=True, slots=True)
class DigestSpec:
    """What people want: every week at that hour of that weekday (0: Monday), in the time zone of ``by``."""

    channel: str
    by: str
    weekday: int
    hour: int
    since: datetime
    """When it was switched on: what ended before is not told."""
    on: bool = True
    everything: bool = False
    """Of all channels, and not of this one alone: for the operator."""
    v: int = 1


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job that ended. ``usd`` is what it cost at most, None when the price is unknown; times are ours."""

    id: str
    name: str
    model: str
    channel: str
    outcome: str
    """``completed``, ``failed`` or ``stopped``."""
    ended: datetime
    usd: Decimal | None


@dataclass(frozen=True, slots=True)
class LeaseLine:
    """A lease that was released. ``usd`` is what was billed, None when the price is unknown or is by the token."""

    id: str
    model: str
    channel: str
    ended: datetime
    billed: timedelta
    usd: Decimal | None
    by_token: bool = False


@dataclass(frozen=True, slots=True)
class Week:
    """What ended between two digests."""

    jobs: tuple[JobLine, ...] = ()
    leases: tuple[LeaseLine, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.jobs or self.leases)

    def joined(self, other: "Week") -> "Week":
        """Return both together, each line once: what was seen later counts."""
        return Week(_joined(self.jobs, other.jobs), _joined(self.leases, other.leases))

    def between(self, after: datetime, until: datetime) -> "Week":
        """Return what ended after one moment and no later than the other."""
        return Week(
            tuple(each for each in self.jobs if after < each.ended <= until),
            tuple(each for each in self.leases if after < each.ended <= until),
        )

    @property
    def usd(self) -> Decimal:
        """The sum of all known prices."""
        lines: list[JobLine | LeaseLine] = [*self.jobs, *self.leases]
        return sum((each.usd for each in lines if each.usd is not None), Decimal(0))

    @property
    def unpriced(self) -> int:
        """How many lines the sum lacks."""
        return sum(each.usd is None for each in self.jobs) + sum(
            each.usd is None and not each.by_token for each in self.leases
        )


@dataclass(slots=True)
class DigestProgress:
    """What has been done. ``week`` is what ended and was not told yet, since the store forgets after seven days."""

    week: Week = field(default_factory=Week)
    looked: datetime | None = None
    told: datetime | None = None
    """Until when everything was told."""
    settling: bool = False
    """Whether the last digest is still to be looked at for copies."""


@dataclass(frozen=True, slots=True)
class DigestCard:
    """A week of a channel, or of all channels when ``channel`` is empty."""

    channel: str
    after: datetime
    until: datetime
    week: Week


def latest(weekday: int, hour: int, zone: ZoneInfo, now: datetime) -> datetime:
    """Return the last moment, up to now, at which it was that hour of that weekday in that zone."""
    local = now.astimezone(zone)
    day = local.date() - timedelta(days=(local.weekday() - weekday) % 7)
    found = datetime.combine(day, time(hour), tzinfo=zone)
    if found > now:
        found = datetime.combine(day - WEEK, time(hour), tzinfo=zone)
    return found


Line = TypeVar("Line", bound=JobLine | LeaseLine)


def _joined(first: Iterable[Line], second: Iterable[Line]) -> tuple[Line, ...]:
    known: dict[str, Line] = {}
    for each in [*first, *second]:
        known[each.id] = each
    return tuple(sorted(known.values(), key=lambda each: each.ended))
