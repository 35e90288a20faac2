"""Puts records together that stand over several lines of a file in which the others stand on one.

Some are printed over lines with indents; in some a text has a raw line break. A line that begins with a bracket and
does not end with one begins such a record; it ends where its brackets are closed. When that does not come, or a line
follows that is a whole record of its own, the lines are given as they are: the first of them was cut off.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from bot.datasets.findings import Finding
from bot.datasets.reading.blanks import SPACE
from bot.datasets.reading.parsing import parse
from bot.datasets.reading.wrapping import is_record
from bot.datasets.rules import file as rules

Row = tuple[int, bytes]

MAX_LINES = 10_000
MAX_BYTES = 4 << 20
"""Lines and bytes that one record may stand over. A record of 32,000 tokens has some 130 kB, escaped at worst 1 MB."""

_BRACKET_OR_QUOTE = re.compile(rb'["{}\[\]]')
_QUOTE_OR_ESCAPE = re.compile(rb'["\\]')
# Possessive, as in ``parsing``: a text of megabytes is remembered nowhere.
_TEXT_OR_BREAK = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[\r\n]', re.DOTALL)
_ESCAPE_OR_BREAK = re.compile(rb"\\.|[\r\n]", re.DOTALL)
_ON_ONE_LINE = {b"\n": b"\\n", b"\r": b"\\r", b"\\\n": b"\\ ", b"\\\r": b"\\ "}
_OPENING = b"{["
_WHOLE = (b"{", b"\x1e{", b"\xef\xbb\xbf{")
_AROUND = SPACE + b"\x1e"
"""What may stand around a record of a JSON text sequence."""
_PIECE = re.compile(rb'[ \t]+\S|[ \t]*[\]}"]|\s*$')
"""How the lines of a printed record begin: with an indent, a bracket, or a key."""


class _Brackets:
    """How many brackets are open, outside of texts, after what was fed."""

    def __init__(self) -> None:
        self.depth = 0
        self._in_text = False

    def feed(self, line: bytes) -> None:
        """Count the brackets of one more line."""
        position = 0
        while position < len(line):
            if self._in_text:
                position = self._leave_text(line, position)
                continue
            match = _BRACKET_OR_QUOTE.search(line, position)
            if match is None:
                return
            position = match.end()
            if match[0] == b'"':
                self._in_text = True
            else:
                self.depth += 1 if match[0] in _OPENING else -1

    def _leave_text(self, line: bytes, position: int) -> int:
        match = _QUOTE_OR_ESCAPE.search(line, position)
        if match is None:
            return len(line)
        if match[0] == b'"':
            self._in_text = False
            return match.end()
        return match.end() + 1


def on_one_line(record: bytes) -> bytes:
    """Return a record that stands over several lines on one, every text as it is.

    Between values a line feed means nothing; within a text it is written as JSON writes it. What is escaped wrongly
    stays wrong: it is for a person to say what was meant.
    """

    def written(match: re.Match[bytes]) -> bytes:
        if match[0][:1] != b'"':
            return b" " if match[0] == b"\n" else b""
        return _ESCAPE_OR_BREAK.sub(lambda each: _ON_ONE_LINE.get(each[0], each[0]), match[0])

    return _TEXT_OR_BREAK.sub(written, record)


def joined(rows: Iterable[Row], found: Callable[[Finding], None]) -> Iterator[Row]:
    """Yield the rows, of which those that are pieces of one record come as one; ``found`` is told of each such."""
    held = _Held()
    for number, line in rows:
        if not held.rows:
            if not _begins(line):
                yield number, line
                continue
        elif _is_whole(line):
            yield from _as_they_are(held.taken())
            yield number, line
            continue
        held.add(number, line)
        if held.is_complete:
            yield _as_one(held.taken(), found)
        elif held.is_hopeless:
            yield from _as_they_are(held.taken())
    yield from _as_they_are(held.taken())


class _Held:
    """The lines of a record that was begun."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._brackets = _Brackets()
        self._size = 0

    def add(self, number: int, line: bytes) -> None:
        """Take one more line."""
        self.rows.append((number, line))
        self._brackets.feed(line)
        self._size += len(line)

    @property
    def is_complete(self) -> bool:
        """Whether all brackets are closed."""
        return self._brackets.depth == 0

    @property
    def is_hopeless(self) -> bool:
        """Whether they never will be, or not in what one record may have."""
        return self._brackets.depth < 0 or self._size > MAX_BYTES or len(self.rows) > MAX_LINES

    def taken(self) -> list[Row]:
        """Return the lines, and hold none any more."""
        rows, self.rows, self._brackets, self._size = self.rows, [], _Brackets(), 0
        return rows


def _as_one(rows: list[Row], found: Callable[[Finding], None]) -> Row:
    """Return the lines as one record; a line that was complete by itself is nothing to tell of."""
    number = rows[0][0]
    if len(rows) > 1:
        found(rules.OVER_LINES.at(number))
    return number, b"".join(line for _, line in rows)


def _as_they_are(rows: list[Row]) -> list[Row]:
    """Return the lines, or one broken record when all the others look like pieces of the first."""
    if len(rows) > 2 and all(_PIECE.match(line) for _, line in rows[1:]):
        return [(rows[0][0], b"".join(line for _, line in rows))]
    return rows


def _begins(line: bytes) -> bool:
    """Whether the line opens a bracket and does not end with one. Nearly all lines are told by their last byte."""
    end = line.rstrip(SPACE)
    return end[-1:] not in b"}]" and line.lstrip(_AROUND)[:1] in (b"{", b"[")


def _is_whole(line: bytes) -> bool:
    """Whether the line is a record by itself, and no piece of one.

    One that is yet to be mended (Python's quotes, a comma behind it) counts as it will when it is: else the rows around
    it would be read otherwise once it was, and a second repair would change the file again.
    """
    return line.startswith(_WHOLE) and any(map(is_record, parse(line).values))
