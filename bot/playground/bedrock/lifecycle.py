"""When a base model opens, goes Legacy and ends: dates in a table that can be replaced, never a switch in the logic."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.playground.bedrock.foundation import CLAUDE_3_HAIKU


@dataclass(frozen=True)
class LifecycleDates:
    """A base model's dates; None means that no such date is announced."""

    start: datetime
    legacy: datetime | None = None
    extended: datetime | None = None
    end: datetime | None = None

    def is_legacy(self, now: datetime) -> bool:
        """Whether the model is marked Legacy: no new jobs and no new throughput."""
        return self.legacy is not None and now >= self.legacy

    def is_over(self, now: datetime) -> bool:
        """Whether the model has reached its end of life: no calls either."""
        return self.end is not None and now >= self.end

    def as_response(self, now: datetime) -> dict[str, Any]:
        """Return the service model's ``modelLifecycle``."""
        members = {
            "status": "LEGACY" if self.is_legacy(now) else "ACTIVE",
            "startOfLifeTime": self.start,
            "legacyTime": self.legacy,
            "publicExtendedAccessTime": self.extended,
            "endOfLifeTime": self.end,
        }
        return {name: value for name, value in members.items() if value is not None}

    def shifted(self, by: timedelta) -> "LifecycleDates":
        """Return these dates, all but the start moved by ``by``."""
        moved = [None if date is None else date + by for date in (self.legacy, self.extended, self.end)]
        return LifecycleDates(self.start, *moved)


LifecycleTable = dict[str, LifecycleDates]

_START = datetime(2024, 3, 13, tzinfo=UTC)  # Claude 3 Haiku's; the others' are never asked for

# Bedrock's published dates for Claude 3 Haiku (model-lifecycle-legacy.html); no date is published for the others.
HAIKU_PUBLISHED = LifecycleDates(
    _START,
    legacy=datetime(2026, 3, 10, tzinfo=UTC),
    extended=datetime(2026, 6, 10, tzinfo=UTC),
    end=datetime(2026, 9, 10, tzinfo=UTC),
)
OPEN = LifecycleDates(_START)


def open_table() -> LifecycleTable:
    """Return the dates with which the demo starts: every base is open."""
    return {}


def ended_table(now: datetime) -> LifecycleTable:
    """Return the published dates; on a clock that is earlier, all of them moved so that the end was a day ago."""
    assert HAIKU_PUBLISHED.end is not None
    late = HAIKU_PUBLISHED.end + timedelta(days=1) - now
    dates = HAIKU_PUBLISHED if late <= timedelta(0) else HAIKU_PUBLISHED.shifted(-late)
    return {CLAUDE_3_HAIKU: dates}
