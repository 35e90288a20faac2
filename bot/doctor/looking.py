"""All looks together."""

import threading
from collections.abc import Sequence

from bot.checkup import Line, Look, examine
from bot.discovery import collect
from bot.doctor.around import Around

FRESH = 15.0
"""Seconds for which what was found is told again: so a second press adds no forty calls to those of the first."""


def looks() -> list[Look[Around]]:
    """Return every look, in the order of the modules' names: AWS, clocks, Redis, Slack."""
    return collect("bot.doctor.checks", "LOOK")


class EveryLook:
    """``bot.checkup.Doctor`` on what is around. Whoever asks while it is looked waits for the same answer."""

    def __init__(self, around: Around) -> None:
        self._around = around
        self._looking = threading.Lock()
        self._found: tuple[float, Sequence[Line]] | None = None

    def examine(self) -> Sequence[Line]:
        """Look at everything, unless that was just done."""
        clock = self._around.clock
        with self._looking:
            if self._found is None or clock.monotonic() - self._found[0] > FRESH:
                found = examine(looks(), self._around, clock)
                self._found = clock.monotonic(), found
            return self._found[1]
