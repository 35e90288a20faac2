"""Office hours are those of the wall: as people write them, in their time zone, when clocks change too."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.errors import Refused
from bot.schedules.hours import following, parse, weeks_later

BERLIN, NEW_YORK, LORD_HOWE = (
    ZoneInfo("Europe/Berlin"),
    ZoneInfo("America/New_York"),
    ZoneInfo("Australia/Lord_Howe"),
)

WRITTEN = {
    "mon-fri/9-17": "mon-fri/9-17",
    "Weekdays 9-17": "mon-fri/9-17",
    "mon,wed,fri 9:30-12": "mon,wed,fri/9:30-12",
    "daily/0-24": "mon-sun/0-24",
    "fri-mon/8-9": "mon,fri,sat,sun/8-9",
    "saturday/10-11:15": "sat/10-11:15",
    "weekend/1-2": "sat,sun/1-2",
    "tues-thurs/9-10": "tue-thu/9-10",
}
WRONG = (
    "",
    "mon",
    "mon-fri",
    "mon/9",
    "mon/17-9",
    "mon/9-9",
    "mon/9-25",
    "mon/9:60-10",
    "moon/9-10",
    "9-17",
    "mon-/9-10",
    "mon-fri-sat/9-10",
    "mo/9-10",
    "monkey/9-10",
    "mon,/9-10",
    "mon/٩-10",
    "mon/9-10/11",
    "mon/-9-10",
    "mon/9-1e1",
    "daily,mon/9-10",
)


def test_as_they_are_written() -> None:
    assert {typed: str(parse(typed)) for typed in WRITTEN} == WRITTEN
    for typed in WRONG:
        with pytest.raises(Refused):
            parse(typed)


ROWS = [
    # (hours, zone, now, begins, minutes): of summer, of winter, and of the days on which clocks change
    ("mon-fri/9-17", BERLIN, "2026-07-06T05:00", "2026-07-06T07:00", 480),
    ("mon-fri/9-17", BERLIN, "2026-12-07T05:00", "2026-12-07T08:00", 480),
    ("mon-fri/9-17", BERLIN, "2026-12-07T12:00", "2026-12-07T08:00", 480),
    ("mon-fri/9-17", BERLIN, "2026-12-04T16:00", "2026-12-07T08:00", 480),
    ("mon-fri/9-17", NEW_YORK, "2026-03-06T22:00", "2026-03-09T13:00", 480),
    ("sun/1-4", BERLIN, "2026-03-28T12:00", "2026-03-29T00:00", 120),
    ("sun/1-4", BERLIN, "2026-10-24T12:00", "2026-10-24T23:00", 180),
    ("sun/2-4", BERLIN, "2026-03-28T12:00", "2026-03-29T01:00", 60),
    ("sun/1:30-4", LORD_HOWE, "2026-10-03T00:00", "2026-10-03T15:00", 120),
    ("daily/22-24", BERLIN, "2026-12-31T12:00", "2026-12-31T21:00", 120),
    ("mon/9-17", ZoneInfo("Pacific/Kiritimati"), "2026-12-06T12:00", "2026-12-06T19:00", 480),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} {row[2]}")
def test_when_they_are(row: tuple[str, ZoneInfo, str, str, int]) -> None:
    typed, zone, now, begins, minutes = row
    hours = parse(typed)
    found = following(hours, zone, datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert found.begin == datetime.fromisoformat(begins).replace(tzinfo=UTC)
    assert found.end - found.begin == timedelta(minutes=minutes)
    assert minutes <= hours.minutes, "never longer than was agreed to"


ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "America/Santiago",
    "Africa/Cairo",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "UTC",
)


@pytest.mark.parametrize("zone", ZONES)
def test_one_day_follows_another_through_a_year_whatever_clocks_do(zone: str) -> None:
    """Tried: hours of each part of the night, of each day and of one a week, from one to the next, by their end."""
    for typed in (
        "daily/0-8",
        "sun/2-3",
        "sun/1-2",
        "daily/0-1",
        "daily/23-24",
        "fri,sat/0-4",
        "daily/2:15-2:45",
    ):
        hours = parse(typed)
        now = following(hours, ZoneInfo(zone), datetime(2026, 1, 1, tzinfo=UTC)).end
        while now < datetime(2027, 1, 1, tzinfo=UTC):
            found = following(hours, ZoneInfo(zone), now)
            assert found.begin >= now, (typed, now)
            assert timedelta() < found.end - found.begin <= timedelta(minutes=hours.minutes), (typed, now)
            now = found.end


@pytest.mark.parametrize("zone", [*ZONES, "Asia/Kolkata", "Asia/Kathmandu", "Pacific/Chatham"])
def test_weeks_end_at_the_same_time_on_the_wall(zone: str) -> None:
    """Tried: office hours of twelve weeks from each day of two years on, a leap one among them."""
    there, now, wrong = ZoneInfo(zone), datetime(2027, 1, 1, 8, 20, tzinfo=UTC), []
    while now < datetime(2029, 1, 1, tzinfo=UTC):
        began, ends = now.astimezone(there), weeks_later(now, 12, there).astimezone(there)
        if (ends.date() - began.date(), ends.time()) != (timedelta(weeks=12), began.time()):
            wrong.append((began, ends))
        now += timedelta(days=1)
    assert wrong == []
