"""Scans the texts of many records at once on a thread of its own: RE2 lets go of the interpreter while it searches.

Where nothing is found, which is nearly everywhere in a clean file, the scan then costs no time of the pass. Where
something is, halves of the batch are scanned until its row is found, and the next rows one by one: a file with findings
all over is never scanned this way.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

from bot.datasets.content.scan import Scanner

BATCH = 1 << 19
"""Bytes of texts a batch. One takes half a millisecond, and asking for the interpreter afterwards up to five."""

QUIET = 256
"""Rows in a row without a candidate from which on batches pay. Shorter files never start the thread."""

_BETWEEN = b"\x01"

Row = tuple[int, bytes]
"""The number of a line and its bytes: what is needed to look at it again, in the least memory."""


class _Sent(NamedTuple):
    rows: list[Row]
    texts: list[bytes]
    candidates: Future[list[int]]


class BatchScanner:
    """Scans rows in their order.

    ``again`` is called for the rows of a batch before the candidates of any later row are returned, in the thread of
    the caller and from within ``candidates`` or ``settle`` only.
    """

    def __init__(self, scanner: Scanner, again: Callable[[int, bytes], None]) -> None:
        self._scan = scanner.candidates
        self._again = again
        self._quiet = 0
        self._rows: list[Row] = []
        self._texts: list[bytes] = []
        self._size = 0
        self._sent: _Sent | None = None
        self._worker: ThreadPoolExecutor | None = None

    def candidates(self, line: int, data: bytes, texts: bytes) -> list[int]:
        """Return which patterns may stand in the texts of this row; none when it is looked at later."""
        if self._quiet < QUIET:
            found = self._scan(texts)
            self._quiet = 0 if found else self._quiet + 1
            return found
        self._rows.append((line, data))
        self._texts.append(texts)
        self._size += len(texts)
        if self._size >= BATCH:
            self._send()
        return []

    def settle(self) -> None:
        """Finish with all rows so far."""
        self._collect()
        rows, texts = self._take()
        if rows and self._scan_all(texts):
            self._quiet = 0
            self._look_again(rows, texts)

    def close(self) -> None:
        """Stop the thread; harmless when it has stopped or never started."""
        if self._worker:
            self._worker.shutdown(wait=True)

    def _send(self) -> None:
        """Give the batch to the thread, once the one before is done with; when that held something, wait for it."""
        self._collect()
        if self._quiet < QUIET:
            self.settle()
            return
        if self._worker is None:
            self._worker = ThreadPoolExecutor(1, thread_name_prefix="scan")
        rows, texts = self._take()
        self._sent = _Sent(rows, texts, self._worker.submit(self._scan_all, texts))

    def _collect(self) -> None:
        sent, self._sent = self._sent, None
        if sent and sent.candidates.result():
            self._quiet = 0
            self._look_again(sent.rows, sent.texts)

    def _scan_all(self, texts: list[bytes]) -> list[int]:
        return self._scan(_BETWEEN.join(texts))

    def _take(self) -> tuple[list[Row], list[bytes]]:
        taken = self._rows, self._texts
        self._rows, self._texts, self._size = [], [], 0
        return taken

    def _look_again(self, rows: list[Row], texts: list[bytes]) -> None:
        """Find the rows, in their order, that something stands in: in one half, the other, or both."""
        if len(rows) == 1:
            self._again(*rows[0])
            return
        middle = len(rows) // 2
        for some, of_them in ((rows[:middle], texts[:middle]), (rows[middle:], texts[middle:])):
            if self._scan_all(of_them):
                self._look_again(some, of_them)
