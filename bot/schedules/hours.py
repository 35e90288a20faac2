"""Office hours as people write them, and when they are in a time zone.

Hours are those of the wall: they begin and end when the clocks there say so, on the days on which clocks change too.
Such a day is an hour longer or shorter within hours of the night; nothing is on for longer than was agreed to.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.errors import Refused
from bot.wording import quoted

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_MINUTES = 24 * 60
_LOOKS_AHEAD = 5 * 7
"""Days. Hours that the clocks pass over are not on that day, so that those of one day a week may be two weeks away."""
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SETS = {"daily": range(7), "weekdays": range(5), "weekend": range(5, 7)}
_TIME = re.compile(r"(\d{1,2})(?::(\d{2}))?", re.ASCII)
EXAMPLE = "`hours=mon-fri/9-17`"


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """On which days (0: Monday), from which minute of the day to which."""

    days: tuple[int, ...]
    begin: int
    end: int

    @property
    def minutes(self) -> int:
        """How long it is on, on one day."""
        return self.end - self.begin

    def __str__(self) -> str:
        """As it is written: ``mon-fri/9-17``."""
        return f"{_days_in_words(self.days)}/{_clock(self.begin)}-{_clock(self.end)}"


@dataclass(frozen=True, slots=True)
class Window:
    """One day's hours, in UTC."""

    begin: datetime
    end: datetime


def parse(text: str) -> OfficeHours:
    """Return the hours that were written as ``mon-fri/9-17`` or ``mon,wed 9:30-12``.

    Raises:
        Refused: they cannot be read; the hint shows how they are written.
    """
    days, _, hours = text.strip().lower().replace("/", " ").partition(" ")
    begin, dash, end = hours.replace(" ", "").partition("-")
    found = OfficeHours(_days(days, text), _minute(begin, text), _minute(end, text))
    if not dash or found.minutes <= 0:
        raise _unreadable(text)
    return found


def following(hours: OfficeHours, zone: ZoneInfo, now: datetime) -> Window:
    """Return the hours that are on at that moment, or come next."""
    today = now.astimezone(zone).date()
    for ahead in range(_LOOKS_AHEAD):
        day = today + timedelta(days=ahead)
        if day.weekday() not in hours.days:
            continue
        midnight = datetime.combine(day, time(), tzinfo=zone)
        begin, end = (_at(midnight, minute) for minute in (hours.begin, hours.end))
        # Over once they have lasted as long as on any day, even where the clocks, set back, say that they are not.
        end = min(end, begin + timedelta(minutes=hours.minutes))
        if now < end and begin < end:
            return Window(begin, end)
    raise AssertionError("no zone passes over the same hours in so many weeks on end")


def weeks_later(now: datetime, weeks: int, zone: ZoneInfo) -> datetime:
    """Return when it is the same time on the wall there so many weeks later, in UTC: clocks may change meanwhile."""
    return (now.astimezone(zone) + timedelta(weeks=weeks)).astimezone(UTC)


def _at(midnight: datetime, minute: int) -> datetime:
    """Return the moment at which the clocks there say so; one that they pass over is as far after it as it would be."""
    # On the wall, and not in time that has passed: adding to an aware time does that.
    return (midnight + timedelta(minutes=minute)).astimezone(UTC)


def _days(text: str, whole: str) -> tuple[int, ...]:
    if text in _SETS:
        return tuple(_SETS[text])
    found: set[int] = set()
    for part in text.split(","):
        first, dash, last = part.partition("-")
        begin = _day(first, whole)
        length = (_day(last, whole) - begin) % 7 if dash else 0
        found |= {(begin + each) % 7 for each in range(length + 1)}
    return tuple(sorted(found))


def _day(text: str, whole: str) -> int:
    """Return which day it is, by as much of its name as is written, three letters at least."""
    found = [number for number, name in enumerate(_NAMES) if len(text) >= 3 and name.startswith(text)]
    if not found:
        raise _unreadable(whole)
    return found[0]


def _minute(text: str, whole: str) -> int:
    found = _TIME.fullmatch(text)
    minute = int(found[1]) * 60 + int(found[2] or 0) if found else -1
    if not found or int(found[2] or 0) > 59 or not 0 <= minute <= _DAY_MINUTES:
        raise _unreadable(whole)
    return minute


def _unreadable(text: str) -> Refused:
    return Refused(
        f"{quoted(text)} are no office hours.",
        hint=f"Write the days and the time in 24 hours, of one day each: {EXAMPLE}, `hours=daily/8:30-12`.",
    )


def _clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02}" if minute % 60 else str(minute // 60)


def _days_in_words(days: tuple[int, ...]) -> str:
    if len(days) > 2 and days == tuple(range(days[0], days[-1] + 1)):
        return f"{DAYS[days[0]]}-{DAYS[days[-1]]}"
    return ",".join(DAYS[each] for each in days)
