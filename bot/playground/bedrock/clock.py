"""Simulated time: AWS's clock as the stand-in shows it, which may run fast, stand still or jump ahead."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class SimulatedClock:
    """A clock that never runs backwards, driven by a real monotonic source times ``speed``.

    ``speed`` is simulated seconds for a real second; 0 makes it entirely manual, which is what tests want.
    It satisfies ``bot.clock.Clock``, so that a test may give the bot and the stand-in the same one.
    """

    def __init__(
        self,
        start: datetime | None = None,
        *,
        speed: float = 1.0,
        paused: bool = False,
        source: Callable[[], float] = time.monotonic,
    ) -> None:
        self._source = source
        self._lock = threading.Lock()
        self._origin = start or datetime.now(UTC)
        self._elapsed = 0.0
        self._read_at = source()
        self._speed = _checked_speed(speed)
        self._paused = paused

    @classmethod
    def manual(cls, start: datetime) -> "SimulatedClock":
        """Return a clock that moves only when it is told to."""
        return cls(start, speed=0)

    @property
    def speed(self) -> float:
        """Simulated seconds that pass in one real second while the clock is not paused."""
        return self._speed

    @property
    def paused(self) -> bool:
        """Whether time stands still until `resume`; `advance` still works."""
        return self._paused

    def now(self) -> datetime:
        """Return the simulated wall-clock time, aware and in UTC."""
        return self._origin + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        """Return simulated seconds since this clock was made."""
        with self._lock:
            self._catch_up()
            return self._elapsed

    def set_speed(self, speed: float) -> None:
        """Run at ``speed`` from now on. Raises ValueError when it is negative."""
        with self._lock:
            self._catch_up()
            self._speed = _checked_speed(speed)

    def pause(self) -> None:
        """Let time stand still."""
        with self._lock:
            self._catch_up()
            self._paused = True

    def resume(self) -> None:
        """Let time run again."""
        with self._lock:
            self._catch_up()
            self._paused = False

    def advance(self, seconds: float) -> datetime:
        """Jump ahead by ``seconds`` and return the new time. Raises ValueError when it is negative."""
        if seconds < 0:
            raise ValueError("Time does not run backwards: give a positive number of seconds.")
        with self._lock:
            self._catch_up()
            self._elapsed += seconds
        return self.now()

    def move_to(self, moment: datetime) -> None:
        """Jump ahead to ``moment``; a moment in the past changes nothing."""
        ahead = (moment - self.now()).total_seconds()
        if ahead > 0:
            self.advance(ahead)

    def _catch_up(self) -> None:
        read = self._source()
        if not self._paused:
            self._elapsed += (read - self._read_at) * self._speed
        self._read_at = read


def _checked_speed(speed: float) -> float:
    if speed < 0:
        raise ValueError("A clock's speed is zero or more.")
    return float(speed)
