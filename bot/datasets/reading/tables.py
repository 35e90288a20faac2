"""Reads a table (CSV, TSV, ...) as rows of JSON, one object a row with the header's names as keys.

Which column is the question and which the answer is told by their names (``formats.pairs``); a table whose names do
not tell is not read at all.
"""

import csv
import json
from collections.abc import Callable, Iterator
from typing import Any

from bot.datasets.findings import Finding
from bot.datasets.formats import pairs
from bot.datasets.reading import sniffing
from bot.datasets.reading.cells import value_of
from bot.datasets.reading.crowds import MAX_ROWS, is_crowded
from bot.datasets.reading.streams import Buffered
from bot.datasets.reading.wrapping import LISTS, is_record, opened
from bot.datasets.rules import file as rules
from bot.wording import quoted

LONGEST_CELL = 16 << 20
"""Characters of one cell: as many as a line may have. A quote that is never closed swallows the rest of a file."""

# Python's own limit is 131,072 characters. It is one for the whole process, and not the reader's.
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
        self._delimiter = delimiter
        self._is_cut_off = is_cut_off
        self._start = 1
        self._csv = csv.reader(self._lines(stream), delimiter=delimiter, strict=True)
        self._ahead: list[tuple[int, list[str]]] = []
        self._is_headless = False
        self._header = self._read_header()
        self._column = self._record_column()
        self.readable = self._judge_header()

    def rows(self) -> Iterator[tuple[int, bytes]]:
        """Yield ``(line it begins on, JSON)`` of every row that fits the header; empty ones are blank."""
        while (found := self._next_row()) is not None:
            line, cells = found
            if cells and not any(map(str.strip, cells)):
                yield line, b""  # a spreadsheet's empty row
            elif len(cells) == len(self._header):
                yield line, self._record(cells)
            elif cells:
                words = f"A row has {_cells(len(cells))}; the header has {len(self._header)}."
                self._found(rules.TABLE_ROW.at(line, "", words))

    def _record(self, cells: list[str]) -> bytes:
        """Return a row as JSON; lists of turns and records that cells hold as text are taken out of it."""
        if len(cells) == 1 and opened(cells[0], value_of) is not None and self._header[0] not in LISTS:
            # Between JSON's values a line feed means nothing, and here it would end the row.
            return cells[0].replace("\n", " ").encode("utf-8")
        row: dict[str, Any] = dict(zip(self._header, cells, strict=True))
        for name in LISTS:
            if name in row and (inner := opened(row[name], value_of)) is not None:
                row[name] = inner
        inner = opened(row[self._column], value_of) if self._column else None
        if isinstance(inner, dict) and not inner.keys() & (row.keys() - {self._column}):
            row = inner | {name: each for name, each in row.items() if name != self._column}
        return json.dumps(row, ensure_ascii=False).encode("utf-8")

    def _look_ahead(self, header: list[str]) -> list[str]:
        """Return the names of the columns, after a look at the first cells; a lone column may have no header at all."""
        if len(header) == 1 and opened(header[0], value_of) is not None:
            self._is_headless = True
            self._ahead = [(1, header)]
            return ["record"]
        first = self._next_row()
        self._ahead = [first] if first else []
        return header

    def _record_column(self) -> str:
        """Return the one column whose first cell holds a record; empty when there is none, or more than one."""
        cells = self._ahead[0][1] if self._ahead else []
        found = [
            name for name, cell in zip(self._header, cells, strict=False) if is_record(opened(cell, value_of))
        ]
        return found[0] if len(found) == 1 else ""

    def _next_row(self) -> tuple[int, list[str]] | None:
        """Return the next row with the line that it begins on."""
        if self._ahead:
            return self._ahead.pop(0)
        cells = self._next()
        if cells is None:
            return None
        line, self._start = self._start, self._csv.line_num + 1
        return line, cells

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
                yield line.decode("utf-8")
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
        if sniffing.separator_line(self._delimiter.join(header)) or header[:1] == ["sep="]:
            header = self._next() or []  # Excel's own line, which says what stands between the cells
        self._start = self._csv.line_num + 1
        header = self._look_ahead(header)
        return [name.strip() or f"column {place}" for place, name in enumerate(header, 1)]

    def _judge_header(self) -> bool:
        names = ", ".join(quoted(name[:40]) for name in self._header[:_SHOWN])
        more = ", ..." if len(self._header) > _SHOWN else ""
        what = f"This is a table (CSV), not JSON Lines, with the columns {names}{more}"
        if self._is_headless:
            what = "This is a table (CSV) without a header, not JSON Lines, and its cells hold the records"
        # Of two columns with one name only one would be read, whatever the table holds.
        is_plain = self._holds_records() and len(set(self._header)) == len(self._header)
        doubt = "" if is_plain else pairs.doubt(self._header)
        if doubt:
            self._found(rules.OTHER_TABLE.at(0, "", f"{what}: {doubt}."))
        else:
            self._found(rules.TABLE.at(1, "", f"{what}."))
        return not doubt

    def _holds_records(self) -> bool:
        """Whether a column has lists of turns by its name, or the only column has the records."""
        if any(name in LISTS for name in self._header) or self._column:
            return True
        return len(self._header) == 1 and any(opened(cells[0], value_of) for _, cells in self._ahead if cells)


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"
