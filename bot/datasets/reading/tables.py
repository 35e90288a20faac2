"""Reads a table (CSV, TSV, ...) as rows of JSON, one object a row with the header's names as keys.

Which column is the question and which the answer is told by their names (``formats.pairs``); a table whose names do
not tell is not read at all.
"""

import csv
import json
from collections.abc import Callable, Iterator

from bot.datasets.findings import Finding
from bot.datasets.formats import pairs
from bot.datasets.reading.crowds import MAX_ROWS, is_crowded
from bot.datasets.reading.streams import Buffered
from bot.datasets.rules import file as rules

LONGEST_CELL = 16 << 20
"""Characters of one cell: as many as a line may have. A quote that is never closed swallows the rest of a file."""

csv.field_size_limit(LONGEST_CELL)

MAX_LINES = 16 * MAX_ROWS
"""Lines that are read: a row may stand on many, and blank ones are no rows."""

_SHOWN = 12
Tell = Callable[[Finding], None]


class Table:
    """The rows of a table. ``readable`` is False when its columns do not tell what they are.

    ``odd`` is given every line that is not UTF-8. A last line without an end is left out when ``is_cut_off`` says that
    the stream was.
    """

    def __init__(
        self,
        stream: Buffered,
        delimiter: str,
        found: Tell,
        odd: Callable[[bytes], None],
        is_cut_off: Callable[[], bool] = lambda: False,
    ) -> None:
        self._found = found
        self._odd = odd
        self._is_cut_off = is_cut_off
        self._start = 1
        self._csv = csv.reader(self._lines(stream), delimiter=delimiter, strict=True)
        self._header = self._read_header()
        self.readable = self._judge_header()

    def rows(self) -> Iterator[tuple[int, bytes]]:
        """Yield ``(line it begins on, JSON)`` of every row that fits the header; empty ones are blank."""
        while (cells := self._next()) is not None:
            line, self._start = self._start, self._csv.line_num + 1
            if cells and not any(map(str.strip, cells)):
                yield line, b""  # a spreadsheet's empty row
            elif len(cells) == len(self._header):
                row = dict(zip(self._header, cells, strict=True))
                yield line, json.dumps(row, ensure_ascii=False).encode("utf-8")
            elif cells:
                words = f"A row has {_cells(len(cells))}; the header has {len(self._header)}."
                self._found(rules.TABLE_ROW.at(line, "", words))

    def _next(self) -> list[str] | None:
        """Return the next row that can be read; none of a blank line."""
        while True:
            try:
                return next(self._csv, None)
            except csv.Error as error:
                self._found(
                    rules.TABLE_ROW.at(self._start, "", f"A row of the table cannot be read: {error}.")
                )
                self._start = self._csv.line_num + 1

    def _lines(self, stream: Buffered) -> Iterator[str]:
        for number, line in enumerate(iter(lambda: stream.readline(LONGEST_CELL), b""), 1):
            if line[-1:] != b"\n" and self._is_cut_off():
                return
            if number > MAX_LINES:
                self._found(
                    rules.TOO_MANY_ROWS.at(
                        message=f"It has more than {MAX_LINES:,} lines: the rest was not read."
                    )
                )
                return
            if is_crowded(line):
                self._found(rules.CROWDED_LINE.at(number))
                continue
            try:
                yield line.decode("utf-8").replace("\0", "\ufffd")
            except UnicodeDecodeError as error:
                words = (
                    f"The line is not UTF-8: byte 0x{line[error.start]:02x} at position {error.start + 1} of the"
                    " line."
                )
                self._found(rules.NOT_UTF8.at(number, "", words))
                self._odd(line)
                yield line.decode("utf-8", errors="replace")

    def _read_header(self) -> list[str]:
        header = self._next() or []
        self._start = self._csv.line_num + 1
        return [name.strip() or f"column {place}" for place, name in enumerate(header, 1)]

    def _judge_header(self) -> bool:
        names = ", ".join(f"`{name[:40]}`" for name in self._header[:_SHOWN])
        more = ", ..." if len(self._header) > _SHOWN else ""
        what = f"This is a table (CSV), not JSON Lines, with the columns {names}{more}"
        doubt = pairs.doubt(self._header)
        if doubt:
            self._found(rules.OTHER_TABLE.at(0, "", f"{what}: {doubt}."))
        else:
            self._found(rules.TABLE.at(1, "", f"{what}."))
        return not doubt


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"
