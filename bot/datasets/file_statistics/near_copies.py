"""Looks for near copies batch by batch on a thread of its own: NumPy lets go of the interpreter while it computes."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

from bot.datasets.file_statistics.sketches import LONGEST, Common, Likes, Sketch, sketches

BATCH = 1 << 18
"""Bytes of texts a batch: rows enough to learn from what they share."""

MOST_ROWS = 4096
"""Rows a batch: some lists for each."""


class _Sent(NamedTuple):
    places: list[tuple[int, int]]
    sketches: Future[list[Sketch]]


class NearCopies:
    """Takes rows in their order and tells ``found`` of each that is nearly the same as an earlier one.

    It is given the row's line and number, and the line of the earlier one.
    It is called in the thread of the caller and from within ``add`` or ``settle`` only, some megabytes later.
    """

    def __init__(self, found: Callable[[int, int, int], None]) -> None:
        self._found = found
        self._common = Common()
        self._likes = Likes()
        self._places: list[tuple[int, int]] = []
        self._texts: list[bytes] = []
        self._size = 0
        self._sent: _Sent | None = None
        self._worker: ThreadPoolExecutor | None = None

    def add(self, line: int, row: int, texts: bytes) -> None:
        """Take the joined texts of one more row, its line and its number.

        What cannot be remembered any more is not compared either.
        """
        if self._likes.is_full:
            return
        self._places.append((line, row))
        self._texts.append(texts[:LONGEST])
        self._size += len(texts)
        if self._size >= BATCH or len(self._places) >= MOST_ROWS:
            self._send()

    def settle(self) -> None:
        """Finish with all rows so far. A file of one batch never needs the thread."""
        self._collect()
        places, texts = self._take()
        self._compare(places, self._sketch(texts))

    def close(self) -> None:
        """Stop the thread; harmless when it has stopped or never started."""
        if self._worker:
            self._worker.shutdown(wait=True)

    def _send(self) -> None:
        self._collect()
        if self._worker is None:
            self._worker = ThreadPoolExecutor(1, thread_name_prefix="sketch")
        places, texts = self._take()
        self._sent = _Sent(places, self._worker.submit(self._sketch, texts))

    def _sketch(self, texts: list[bytes]) -> list[Sketch]:
        return sketches(texts, self._common, learning=True)

    def _collect(self) -> None:
        sent, self._sent = self._sent, None
        if sent:
            self._compare(sent.places, sent.sketches.result())

    def _take(self) -> tuple[list[tuple[int, int]], list[bytes]]:
        taken = self._places, self._texts
        self._places, self._texts, self._size = [], [], 0
        return taken

    def _compare(self, places: list[tuple[int, int]], new: list[Sketch]) -> None:
        for (line, row), each in zip(places, new, strict=True):
            first = self._likes.find(each)
            if first:
                self._found(line, row, first)
            else:
                self._likes.remember(line, each)
