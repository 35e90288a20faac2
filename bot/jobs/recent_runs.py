"""How long earlier jobs took, as advice for those that run."""

from datetime import datetime, timedelta

from bot.clock import Clock
from bot.controller.effects import Effect
from bot.errors import Unavailable
from bot.jobs.history import Run
from bot.jobs.ports import JobHistory

_FRESH = timedelta(minutes=5)


KEEP_RUN = Effect(
    "run", "adding to the history how long it took", "a run that is added again, which changes nothing"
)


class RecentRuns:
    """The history as advice: read at most every five minutes for a base, and empty when the store is away."""

    def __init__(self, history: JobHistory, clock: Clock) -> None:
        self._history = history
        self._clock = clock
        self._read: dict[str, tuple[datetime, list[Run]]] = {}

    def of(self, profile: str) -> list[Run]:
        """Return the runs of a base model, the latest first."""
        known = self._read.get(profile)
        now = self._clock.now()
        if known and abs(now - known[0]) < _FRESH:
            return known[1]
        try:
            runs = self._history.newest(profile)
        except Unavailable:
            # An old estimate is better than none, and no job waits for advice.
            return known[1] if known else []
        self._read[profile] = now, runs
        return runs

    def add(self, run: Run) -> None:
        """Keep a run; repeating it changes nothing.

        Raises:
            Unavailable: the store did not answer.
        """
        self._history.save(run)
        self._read.pop(run.profile, None)
