"""How far a long file is read, on one line of a terminal that goes away at the end."""

import time
from collections.abc import Callable
from typing import TextIO

from bot.datasets.reading.streams import ByteSource
from bot.datasets.reports.text import size_text

EVERY = 0.2
"""Seconds between two drawings: as often as one sees, and too seldom to cost anything."""
_CLEAR = "\r\x1b[K"


class Progress:
    """Draws how much of a file is read, and lets other lines pass above it.

    Args:
        out: the terminal.
        whole: bytes of the file.
        monotonic: gives seconds that only grow.
    """

    def __init__(self, out: TextIO, whole: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._out = out
        self._whole = whole
        self._monotonic = monotonic
        self._read = 0
        self._began = self._drawn = monotonic()

    def watched(self, source: ByteSource) -> ByteSource:
        """Return the same bytes, each read of which is seen here."""
        return _Watched(source, self._add)

    def say(self, line: str) -> None:
        """Print a line above."""
        self._out.write(f"{_CLEAR}{line}\n")
        self._draw()

    def end(self) -> None:
        """Take the line away."""
        self._out.write(_CLEAR)
        self._out.flush()

    def _add(self, size: int) -> None:
        self._read += size
        if self._monotonic() - self._drawn >= EVERY:
            self._draw()

    def _draw(self) -> None:
        self._drawn = self._monotonic()
        self._out.write(f"{_CLEAR}{self._line()}")
        self._out.flush()

    def _line(self) -> str:
        share = min(1.0, self._read / self._whole) if self._whole else 1.0
        seconds = self._drawn - self._began
        left = f", some {_duration(seconds / share - seconds)} left" if share and seconds >= 1 else ""
        return f"read {size_text(self._read)} of {size_text(self._whole)} ({share:.0%}){left}"


class _Watched:
    """A source that tells how much is read of it."""

    def __init__(self, source: ByteSource, on_read: Callable[[int], None]) -> None:
        self._source = source
        self._on_read = on_read

    def read(self, size: int = -1, /) -> bytes | None:
        data = self._source.read(size)
        self._on_read(len(data or b""))
        return data


def _duration(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole} s" if whole < 90 else f"{round(whole / 60)} min"
