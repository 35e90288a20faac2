"""All looks together."""

import threading
from collections.abc import Sequence

from bot.checkup import Line, Look, examine, warning
from bot.discovery import collect
from bot.doctor.surroundings import AWS, Surroundings

FRESH = 15.0
"""Seconds for which what was found is told again: so a second press adds no forty calls to those of the first."""


_ELSEWHERE = warning(
    AWS,
    "It was not looked at: this process only listens to Slack, and has no rights there.",
    "Run `tunesmith doctor` where a worker runs.",
)


def looks() -> list[Look[Surroundings]]:
    """Return every look, in the order of the modules' names: AWS, clocks, Redis, Slack."""
    return collect("bot.doctor.checks", "LOOK")


class EveryLook:
    """``bot.checkup.Doctor`` on what is around. Whoever asks while it is looked waits for the same answer."""

    def __init__(self, surroundings: Surroundings, *, listens_only: bool = False) -> None:
        """``listens_only``: this process has no rights in AWS, so what it would find there says nothing of the bot."""
        self._surroundings = surroundings
        self._listens_only = listens_only
        self._looking = threading.Lock()
        self._found: tuple[float, Sequence[Line]] | None = None

    def examine(self) -> Sequence[Line]:
        """Look at everything, unless that was just done."""
        clock = self._surroundings.clock
        with self._looking:
            if self._found is None or clock.monotonic() - self._found[0] > FRESH:
                wanted = [each for each in looks() if not (self._listens_only and each.of == AWS)]
                found = examine(wanted, self._surroundings, clock) + (
                    [_ELSEWHERE] if self._listens_only else []
                )
                self._found = clock.monotonic(), found
            return self._found[1]
