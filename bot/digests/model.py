"""A week in a few lines: what was trained, served and spent, told once a week in a channel that asked for it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Self, TypeVar
from zoneinfo import ZoneInfo

from bot.controller.schema import Schema

KIND = "digest"
"""The kind of resource in the work queue; its ID is the channel's."""

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


UNSEEN = "(in a channel that not everybody sees)"
"""What stands in place of a name. No job or model is called that: AWS takes no parentheses in names."""


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job that ended. ``usd`` is what it cost at most, None when the price is unknown; times are ours.

    ``estimated`` is what was agreed to, here as in the other lines: None when it was not known, or not written down.
    """

    id: str
    name: str
    model: str
    channel: str
    outcome: str
    """``completed``, ``failed`` or ``stopped``."""
    ended: datetime
    usd: Decimal | None
    estimated: Decimal | None = None

    def without_names(self) -> Self:
        """Return it for readers who do not see its channel."""
        return replace(self, name=UNSEEN, model=UNSEEN, channel="")


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
    estimated: Decimal | None = None

    def without_names(self) -> Self:
        """Return it for readers who do not see its channel."""
        return replace(self, model=UNSEEN, channel="")


@dataclass(frozen=True, slots=True)
class DistillationLine:
    """Prompts that a teacher answered. ``usd`` is what the answers cost, None when that is unknown."""

    id: str
    name: str
    teacher: str
    channel: str
    outcome: str
    """``completed``, ``failed`` or ``stopped``."""
    answered: int
    ended: datetime
    usd: Decimal | None
    estimated: Decimal | None = None

    def without_names(self) -> Self:
        """Return it for readers who do not see its channel."""
        return replace(self, name=UNSEEN, channel="")


@dataclass(frozen=True, slots=True)
class AnswersLine:
    """What a model answered in a channel, of what was asked in the week. What is paid by the hour costs nothing here.

    ``estimated`` is what they cost at most when they were asked, and ``of_base`` tells whether any was counted at the
    base's price. ``unpriced`` answers count as nothing, and those whose tokens nobody told are not in ``tokens``.
    """

    model: str
    channel: str
    answers: int
    tokens: int
    usd: Decimal
    estimated: Decimal
    of_base: bool = False
    unpriced: int = 0


AnyLine = JobLine | LeaseLine | DistillationLine


@dataclass(frozen=True, slots=True)
class Week:
    """What ended between two digests."""

    jobs: tuple[JobLine, ...] = ()
    leases: tuple[LeaseLine, ...] = ()
    distillations: tuple[DistillationLine, ...] = ()
    answers: tuple[AnswersLine, ...] = ()
    """Read from the ledger when the week is told: it keeps them longer than a week."""

    def __bool__(self) -> bool:
        return bool(self._lines or self.answers)

    def joined(self, other: "Week") -> "Week":
        """Return both together, each line once: what was seen later counts."""
        return Week(
            _joined(self.jobs, other.jobs),
            _joined(self.leases, other.leases),
            _joined(self.distillations, other.distillations),
        )

    def between(self, after: datetime, until: datetime) -> "Week":
        """Return what ended after one moment and no later than the other."""
        return Week(
            _between(self.jobs, after, until),
            _between(self.leases, after, until),
            _between(self.distillations, after, until),
        )

    @property
    def _lines(self) -> tuple[AnyLine, ...]:
        return (*self.jobs, *self.leases, *self.distillations)

    @property
    def usd(self) -> Decimal:
        """The sum of all known prices."""
        ended = sum((each.usd for each in self._lines if each.usd is not None), Decimal(0))
        return ended + sum((each.usd for each in self.answers), Decimal(0))

    @property
    def estimated(self) -> Decimal | None:
        """What all of that was to cost at most when it began; None when that is not known of everything priced."""
        priced = [each.estimated for each in self._lines if each.usd is not None]
        known = [each for each in priced if each is not None]
        if len(known) < len(priced):
            return None
        return sum((*known, *(each.estimated for each in self.answers)), Decimal(0))

    @property
    def unpriced(self) -> int:
        """How many lines the sum lacks."""
        by_token = sum(each.by_token for each in self.leases if each.usd is None)
        asked = sum(each.unpriced for each in self.answers)
        return sum(each.usd is None for each in self._lines) - by_token + asked


@dataclass(slots=True)
class DigestStatus:
    """What has been done. ``week`` is what ended and was not told yet, since the store forgets after seven days."""

    week: Week = field(default_factory=Week)
    looked: datetime | None = None
    told: datetime | None = None
    """Until when everything was told."""
    settling: bool = False
    """Whether the last digest is still to be looked at for copies."""


SCHEMA = Schema(KIND, DigestSpec, DigestStatus)


def latest(weekday: int, hour: int, zone: ZoneInfo, now: datetime) -> datetime:
    """Return the last moment, up to now, at which it was that hour of that weekday in that zone."""
    local = now.astimezone(zone)
    day = local.date() - timedelta(days=(local.weekday() - weekday) % 7)
    found = datetime.combine(day, time(hour), tzinfo=zone)
    if found > now:
        found = datetime.combine(day - WEEK, time(hour), tzinfo=zone)
    return found


Line = TypeVar("Line", bound=AnyLine)


def _between(lines: Iterable[Line], after: datetime, until: datetime) -> tuple[Line, ...]:
    return tuple(each for each in lines if after < each.ended <= until)


def _joined(first: Iterable[Line], second: Iterable[Line]) -> tuple[Line, ...]:
    known: dict[str, Line] = {}
    for each in [*first, *second]:
        known[each.id] = each
    return tuple(sorted(known.values(), key=lambda each: each.ended))
