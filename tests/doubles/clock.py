"""A clock that only moves when told to."""

from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


class SteadyClock:
    """Another machine's clock: goes with a ``FakeClock``'s time and not with its being set; wrong by ``offset``."""

    def __init__(self, of: "FakeClock", offset: float = 0.0) -> None:
        self._of = of
        self._since = of.monotonic()
        self._began = of.now()
        self.offset = offset

    def now(self) -> datetime:
        return self._began + timedelta(seconds=self.monotonic() - self._since + self.offset)

    def monotonic(self) -> float:
        return self._of.monotonic()


class FakeClock:
    """Both clocks of ``bot.clock.Clock``: ``advance`` moves them together, ``step`` moves the wall clock alone."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start
        self._monotonic = 1000.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        assert seconds >= 0, "time passes; use step() to set the wall clock back"
        self._now += timedelta(seconds=seconds)
        self._monotonic += seconds

    def step(self, seconds: float) -> None:
        """Set the wall clock forward or back, as an operator or NTP does; no time passes."""
        self._now += timedelta(seconds=seconds)
