"""Time as a value that is passed in, so that tests own it and never sleep."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar

Moment = TypeVar("Moment", float, datetime)


class Clock(Protocol):
    """Where the time comes from. Every feature takes one; none calls ``datetime.now`` itself."""

    def now(self) -> datetime:
        """Return the wall-clock time, aware and in UTC."""

    def monotonic(self) -> float:
        """Return seconds from an arbitrary start that never run backwards: for deadlines within a process."""


class SystemClock:
    """The machine's own clocks."""

    def now(self) -> datetime:
        """Return the wall-clock time, aware and in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds from an arbitrary start that never run backwards."""
        return time.monotonic()


def noted(since: Moment | None, now: Moment) -> Moment:
    """Return since when something goes on; ``since`` is when that was noted before, None: it is noted now.

    What is ahead was noted before the clock was set back, or by another that was wrong: it would be waited for in vain.
    """
    return now if since is None or since > now else since


def duration(span: timedelta) -> str:
    """Return a span in the two largest units that matter: ``45 s``, ``12 min``, ``2 h 5 min``, ``3 d 4 h``."""
    seconds = max(int(span.total_seconds()), 0)
    if seconds < 60:
        return f"{seconds} s"
    minutes = seconds // 60
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"


def duration_of_minutes(minutes: int) -> str:
    """Return minutes as ``duration`` shows them."""
    return duration(timedelta(minutes=minutes))
