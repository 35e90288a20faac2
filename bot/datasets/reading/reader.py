"""One pass over a stream of bytes: the lines or elements that may be records, and what is wrong with the file itself.

Lines are numbered from 1 as a text editor does, by line feed only: U+2028 and its like are text.
"""

import io
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice

from bot.datasets.findings import Finding
from bot.datasets.model import Severity, Unit
from bot.datasets.reading import sniffing
from bot.datasets.reading.crowds import LONG, MAX_ROWS, is_crowded
from bot.datasets.reading.documents import split_documents
from bot.datasets.reading.packing import Unpacked
from bot.datasets.reading.readings import Readings, Reread
from bot.datasets.reading.sniffing import Layout
from bot.datasets.reading.spanning import joined
from bot.datasets.reading.streams import BUFFER, Buffered, ByteSource, MeasuredStream, Transcoded
from bot.datasets.reading.tables import Table
from bot.datasets.rules import file as rules

MAX_LINE = 16 << 20
"""Bytes of one line that are held at once. A record of 32,000 tokens has some 130 kB, escaped at worst 1 MB."""

_LINE_FEED = 10
_PACKINGS = 3
"""Packings within each other that are taken off: a file that was packed by a program and again by a person."""
_BOM = b"\xef\xbb\xbf"
_LOOKED_AT = 64
"""Elements by which is told whether elements share lines."""
_STARTS = 1 << 17
"""Lines of which is remembered which records begin there, more than any base takes records."""
_HELD = 1 << 20
"""Bytes of them that are held at most, and one more element."""
Row = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class Rereading:
    """The encoding that a person chose for lines that are not UTF-8, and who is told of each: number, before, after."""

    encoding: str
    on_line: Callable[[int, bytes, bytes], None]


class Reader:
    """Yields ``(number, bytes)`` of every row and tells ``found`` what is wrong with the file itself.

    ``unit`` says what the numbers count; it is settled when the first row comes. Both are 1-based.
    ``broken`` is how the file is packed when that cannot be read to its end, else empty.

    ``kind`` is the file's kind when it holds no rows at all (``gzip``, ``html``, ...), else None. ``odd`` has the lines
    of a table that are not UTF-8; other lines are given as they are. With a ``reading`` such lines are read in the
    encoding that it names.
    """

    def __init__(
        self, source: ByteSource, found: Callable[[Finding], None], reading: Rereading | None = None
    ) -> None:
        self._measured = MeasuredStream(source)
        self._text: MeasuredStream | Unpacked | Transcoded | Reread = self._measured
        self._reading = reading
        self._stream = io.BufferedReader(self._measured, BUFFER)
        self._found = found
        self._mixed = False
        self._broken = False
        self.broken = ""
        self.odd = Readings()
        self._stopped = False
        self.kind: str | None = None
        self.layout = Layout.LINES
        self.unit = Unit.LINE
        self._starts = (array("q"), array("q"))

    @property
    def size(self) -> int:
        """Bytes read so far; after ``rows`` is used up, the size of the file."""
        return self._measured.size

    @property
    def text_size(self) -> int:
        """Bytes of plain UTF-8 read so far: what the file has once it is unpacked and re-encoded."""
        return self._text.size

    def close(self) -> None:
        """Let go of the hashing thread; the source stays open."""
        self._stream.close()

    def sha256(self) -> str:
        """Read what is left and return the digest of the whole file. Call it once."""
        self._measured.drain()
        return self._measured.hexdigest()

    def rows(self) -> Iterator[Row]:
        """Yield every line or element that may be a record; blank ones too, for they have their own rule.

        Those after the first ``MAX_ROWS``, and those that hold far more values than any record, are left out and told.
        """
        rows = (row for row in self._all_rows() if len(row[1]) <= LONG or self._is_no_crowd(row))
        yield from islice(rows, MAX_ROWS)
        if not self._stopped and next(rows, None):
            self.stop(f"It has more than {MAX_ROWS:,} rows")

    def stop(self, why: str) -> None:
        """Say that nothing more is read, and ``why``."""
        self._stopped = True
        self._found(rules.TOO_MANY_ROWS.at(message=f"{why}: what follows was not read."))

    def _is_no_crowd(self, row: Row) -> bool:
        crowded = is_crowded(row[1])
        if crowded:
            self._found(rules.CROWDED_LINE.at(row[0]))
        return not crowded

    def _all_rows(self) -> Iterator[Row]:
        stream = self._reread(self._decoded(self._unpacked()))
        head = stream.peek(sniffing.HEAD)[: sniffing.HEAD]
        refusal = sniffing.not_rows(head)
        if refusal:
            self.kind = refusal.kind
            # What came out before it broke off tells nothing of the file, and that it broke off is told
            # already.
            if self._broken:
                self.kind = self.broken
            else:
                self._found(Finding(refusal.code, Severity.ERROR, 0, "", refusal.message, refusal.hint))
            return
        if head.startswith(_BOM):
            self._found(rules.BYTE_ORDER_MARK.at(1))
            stream.read(len(_BOM))
        self.layout = sniffing.layout(head)
        if self.layout is Layout.LINES:
            yield from joined(self._lines(stream), self._found)
        elif self.layout is Layout.TABLE:
            table = Table(
                stream, sniffing.delimiter(head) or ",", self._found, self.odd.add, self._is_cut_off
            )
            self.kind = None if table.readable else "csv"
            yield from table.rows() if table.readable else ()
        else:
            self._found((rules.ARRAY if self.layout is Layout.ARRAY else rules.DOCUMENT).at(1))
            yield from self._documents(stream)

    def _documents(self, stream: Buffered) -> Iterator[Row]:
        """Yield the elements by their lines, or by their numbers when the first of them share lines."""
        told: list[Finding] = []
        elements = split_documents(stream, told.append, self._is_cut_off)
        first = list(_first(elements))
        if len({line for line, _ in first}) < len(first):
            self.unit = Unit.RECORD
        number = 0
        for number, (line, data) in enumerate(chain(first, elements), start=1):
            self._note_start(number, line)
            yield (number if self.unit is Unit.RECORD else line), data
            self._tell(told, number + 1)
        self._tell(told, number + 1)

    def _note_start(self, number: int, line: int) -> None:
        numbers, lines = self._starts
        if self.unit is Unit.RECORD and len(lines) < _STARTS and (not lines or line != lines[-1]):
            numbers.append(number)
            lines.append(line)

    def line_of(self, number: int) -> int:
        """Return the line on which a row begins; of the records that share lines, only so many lines are known."""
        numbers, lines = self._starts
        place = bisect_right(numbers, number)
        return lines[max(0, place - 1)] if self.unit is Unit.RECORD and lines else number

    def _tell(self, told: list[Finding], number: int) -> None:
        """Pass on what was found while elements were looked for, by the element's number where that is the unit."""
        for each in told:
            self._found(replace(each, line=number) if self.unit is Unit.RECORD else each)
        told.clear()

    def _is_cut_off(self) -> bool:
        """Whether the packed file broke off: then so did its last row, which is no mistake of its own."""
        return self._broken

    def _unpacked(self) -> Buffered:
        """Return the stream without the compression that the file may have."""
        stream: Buffered = self._stream
        for _ in range(_PACKINGS):
            kind = sniffing.packing(stream.peek(sniffing.HEAD)[: sniffing.HEAD])
            if kind is None:
                break
            self._found(
                rules.PACKED[kind].at(message=f"The file is packed as {kind}; Bedrock reads plain text.")
            )
            self._text = Unpacked(stream, kind, partial(self._tell_broken, kind))
            stream = io.BufferedReader(self._text, BUFFER)
        return stream

    def _tell_broken(self, kind: str, why: str) -> None:
        """Say once that the packed file cannot be read: what is packed within breaks off with it."""
        if not self._broken:
            self._broken, self.broken = True, kind
            words = f"The file is packed as {kind} and cannot be read: {why}."
            self._found(rules.BROKEN_PACKING.at(message=words))

    def _decoded(self, stream: Buffered) -> Buffered:
        """Return the stream as UTF-8, whatever wide encoding it is in."""
        codec = sniffing.encoding(stream.peek(sniffing.HEAD)[: sniffing.HEAD])
        if codec is None:
            return stream
        self._found(rules.WIDE_ENCODING.at(message=f"The file is {codec.upper()}; Bedrock reads UTF-8."))
        self._text = Transcoded(stream, codec, self._undecodable)
        return io.BufferedReader(self._text, BUFFER)

    def _reread(self, stream: Buffered) -> Buffered:
        """Return the stream with its odd lines read as a person chose."""
        if self._reading is None:
            return stream
        self._text = Reread(stream, self._reading.encoding, self._reading.on_line, MAX_LINE)
        return io.BufferedReader(self._text, BUFFER)

    def _undecodable(self) -> None:
        if not self._broken:
            self._found(rules.BROKEN_ENCODING.at())

    def _lines(self, stream: Buffered) -> Iterator[Row]:
        number = 0
        too_long = False
        ending: bool | None = None
        while line := stream.readline(BUFFER if too_long else MAX_LINE):
            ended = line[-1] == _LINE_FEED
            if too_long:
                too_long = not ended
                continue
            number += 1
            # A last line of exactly so many bytes is whole: too long is one of which more follows.
            if not ended and len(line) == MAX_LINE and stream.peek(1):
                too_long = True
                self._found(rules.LINE_TOO_LONG.at(number))
                continue
            if not ended and self._is_cut_off():
                return
            if ended and (line[-2:-1] == b"\r") is not ending:
                ending = self._note_ending(number, ending, line)
            yield number, line

    def _note_ending(self, number: int, ending: bool | None, line: bytes) -> bool:
        """Name the first line whose ending differs from the first line's, once; return the first line's."""
        if ending is None:
            return line[-2:-1] == b"\r"
        if not self._mixed:
            self._found(rules.MIXED_ENDINGS.at(number))
        self._mixed = True
        return ending


def _first(elements: Iterable[Row]) -> Iterator[Row]:
    """Yield the first elements, as many as may be held."""
    held = 0
    for count, (line, data) in enumerate(elements, start=1):
        yield line, data
        held += len(data)
        if held > _HELD or count == _LOOKED_AT:
            return
