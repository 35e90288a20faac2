"""Quiet hours: whole hours in the reader's own time zone, over midnight and over the change of clocks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import Unavailable
from bot.notifications.model import Quiet, Reader, quiet_until, zone_of
from bot.notifications.quiet_hours import QuietHours
from tests.doubles.clock import START, FakeClock
from tests.doubles.readers import FakePeople, InMemoryReaders
from tests.examples import examples

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
NIGHT = Quiet(22, 7)


@pytest.mark.parametrize(
    ("quiet", "zone", "now", "ends"),
    [
        (None, BERLIN, "2026-11-22T02:00", None),
        (NIGHT, BERLIN, "2026-11-22T20:59", None),
        (NIGHT, BERLIN, "2026-11-22T21:00", "2026-11-23T06:00"),
        (NIGHT, BERLIN, "2026-11-23T05:59", "2026-11-23T06:00"),
        (NIGHT, BERLIN, "2026-11-23T06:00", None),
        (NIGHT, NEW_YORK, "2026-11-22T21:00", None),
        (NIGHT, NEW_YORK, "2026-11-23T03:00", "2026-11-23T12:00"),
        (Quiet(12, 13), BERLIN, "2026-11-22T11:30", "2026-11-22T12:00"),
        (Quiet(0, 8), BERLIN, "2026-11-22T00:30", "2026-11-22T07:00"),
        # Half and quarter hours: 21:00 UTC is 02:30 in Kolkata and 02:45 in Kathmandu.
        (NIGHT, ZoneInfo("Asia/Kolkata"), "2026-11-22T16:29", None),
        (NIGHT, ZoneInfo("Asia/Kolkata"), "2026-11-22T16:30", "2026-11-23T01:30"),
        (NIGHT, ZoneInfo("Asia/Kathmandu"), "2026-11-22T21:00", "2026-11-23T01:15"),
        # Over the end of a month, of a leap February and of a year.
        (NIGHT, BERLIN, "2028-02-28T22:00", "2028-02-29T06:00"),
        (NIGHT, BERLIN, "2028-02-29T22:00", "2028-03-01T06:00"),
        (NIGHT, BERLIN, "2026-12-31T22:00", "2027-01-01T06:00"),
        # It ends in an hour that the clocks pass over, and in one that there is twice: then at the first.
        (Quiet(22, 2), BERLIN, "2027-03-27T23:00", "2027-03-28T01:00"),
        (Quiet(22, 2), BERLIN, "2026-10-24T23:30", "2026-10-25T00:00"),
        (Quiet(22, 2), BERLIN, "2026-10-25T01:30", None),
        # Clocks go back over midnight in Havana (05:00 UTC), and by half an hour on Lord Howe Island.
        (Quiet(20, 0), ZoneInfo("America/Havana"), "2026-11-01T03:00", "2026-11-01T04:00"),
        (Quiet(20, 2), ZoneInfo("Australia/Lord_Howe"), "2027-04-03T14:00", "2027-04-03T15:30"),
        # Clocks go forward on 2027-03-28 at 01:00 UTC and back on 2026-10-25 at 01:00 UTC.
        (NIGHT, BERLIN, "2027-03-27T23:00", "2027-03-28T05:00"),
        (NIGHT, BERLIN, "2026-10-24T23:00", "2026-10-25T06:00"),
    ],
)
def test_when_quiet_ends(quiet: Quiet | None, zone: ZoneInfo, now: str, ends: str | None) -> None:
    found = quiet_until(quiet, zone, datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert (found and found.astimezone(UTC)) == (
        datetime.fromisoformat(ends).replace(tzinfo=UTC) if ends else None
    )


@settings(max_examples=examples(40))
@given(
    st.integers(0, 23),
    st.integers(1, 23),
    st.sampled_from(["Europe/Berlin", "Asia/Kolkata", "America/St_Johns", "Pacific/Auckland", "UTC"]),
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)),  # noqa: DTZ001 -- given its zone below
)
def test_quiet_always_ends_within_a_day_and_is_over_then(
    begins: int, length: int, zone: str, at: datetime
) -> None:
    quiet, now = Quiet(begins, (begins + length) % 24), at.replace(tzinfo=UTC)
    ends = quiet_until(quiet, ZoneInfo(zone), now)
    if ends is not None:
        assert timedelta() < ends - now <= timedelta(hours=25)
        assert quiet_until(quiet, ZoneInfo(zone), ends) is None


def test_an_unknown_time_zone_is_utc() -> None:
    assert zone_of("Mars/Olympus").key == zone_of("../etc").key == zone_of("").key == "UTC"


def test_slack_is_asked_for_a_zone_once_an_hour_and_only_for_those_who_want_quiet() -> None:
    clock, readers, people = FakeClock(), InMemoryReaders(), FakePeople()
    quiet_hours = QuietHours(readers, people, clock)
    assert quiet_hours.quiet_until("U1", clock.now().timestamp()) is None
    assert people.asked == []
    readers.save(Reader("U1", Quiet(0, 23), START))
    for _ in range(3):
        quiet_hours.quiet_until("U1", clock.now().timestamp())
    assert people.asked == ["U1"]
    clock.advance(3601)
    people.down = True
    with pytest.raises(Unavailable):
        quiet_hours.quiet_until("U1", clock.now().timestamp())


def test_somebody_whom_slack_does_not_show_lives_in_utc() -> None:
    people = FakePeople()
    people.zones["U1"] = None
    assert QuietHours(InMemoryReaders(), people, FakeClock()).zone("U1") == "UTC"
