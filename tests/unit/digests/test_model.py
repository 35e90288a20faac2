"""When a week is over, in the asker's own time zone, and what belongs to it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bot.digests.model import AnswersLine, JobLine, LeaseLine, Week, latest

BERLIN = ZoneInfo("Europe/Berlin")
AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


def job(name: str, ended: datetime = AT, usd: str | None = "1.50") -> JobLine:
    return JobLine(name, name, name, "C1", "completed", ended, Decimal(usd) if usd else None)


def lease(name: str, usd: str | None = "12", *, by_token: bool = False) -> LeaseLine:
    return LeaseLine(name, name, "C1", AT, timedelta(hours=1), Decimal(usd) if usd else None, by_token)


@pytest.mark.parametrize(
    ("weekday", "hour", "now", "expected"),
    [
        (0, 9, "2026-11-23T08:00", "2026-11-23T08:00"),
        (0, 9, "2026-11-23T07:59", "2026-11-16T08:00"),
        (6, 9, "2026-11-22T08:00", "2026-11-22T08:00"),
        (5, 0, "2026-11-20T23:30", "2026-11-20T23:00"),
        # Exactly nine o'clock is nine o'clock; a moment before, it was that a week ago.
        (0, 9, "2026-11-30T08:00:00", "2026-11-30T08:00"),
        (0, 9, "2026-11-30T07:59:59.999999", "2026-11-23T08:00"),
        # Over the ends of months and of a leap February.
        (1, 9, "2028-02-29T09:00", "2028-02-29T08:00"),
        (1, 9, "2028-03-07T07:00", "2028-02-29T08:00"),
        (4, 9, "2027-01-01T07:00", "2026-12-25T08:00"),
        # An hour that the clocks pass over is told right after it; one that there is twice, the first time.
        (6, 2, "2027-03-28T01:00", "2027-03-28T01:00"),
        (6, 2, "2027-03-28T00:59", "2027-03-21T01:00"),
        (6, 2, "2026-10-25T00:00", "2026-10-25T00:00"),
        (6, 2, "2026-10-25T01:30", "2026-10-25T00:00"),
        # Clocks went back on 2026-10-25: nine o'clock is an hour later by UTC.
        (0, 9, "2026-10-26T08:00", "2026-10-26T08:00"),
        (0, 9, "2026-10-25T08:00", "2026-10-19T07:00"),
    ],
)
def test_the_last_time_of_the_week(weekday: int, hour: int, now: str, expected: str) -> None:
    found = latest(weekday, hour, BERLIN, datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert found.astimezone(UTC) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_what_was_seen_twice_is_one_line_and_the_later_look_counts() -> None:
    week = Week((job("a", usd=None),)).joined(Week((job("b"), job("a", usd="2"))))
    assert [(each.id, each.usd) for each in week.jobs] == [("a", Decimal(2)), ("b", Decimal("1.50"))]
    assert week.usd == Decimal("3.50")


def test_the_sum_says_what_it_lacks() -> None:
    week = Week(
        (job("a"), job("b", usd=None)), (lease("c"), lease("d", None, by_token=True), lease("e", None))
    )
    assert week.usd == Decimal("13.50")
    assert week.unpriced == 2
    assert not Week()


def test_the_week_has_what_it_was_to_cost_where_that_is_known_of_all() -> None:
    asked = AnswersLine("notes", "C1", 2, 500, Decimal("0.10"), Decimal("0.40"))
    known = replace(job("a"), estimated=Decimal(3))
    week = Week((known,), (lease("d", None, by_token=True),), answers=(asked,))
    assert (week.usd, week.estimated, week.unpriced) == (Decimal("1.60"), Decimal("3.40"), 0)
    assert replace(week, jobs=(known, job("b"))).estimated is None, "an old line knows no estimate"
    assert Week(answers=(replace(asked, unpriced=2),)).unpriced == 2


def test_a_week_ends_with_its_last_moment() -> None:
    early, late = AT - timedelta(seconds=1), AT + timedelta(seconds=1)
    week = Week((job("a", early), job("b", AT), job("c", late)))
    assert [each.id for each in week.between(early, AT).jobs] == ["b"]
