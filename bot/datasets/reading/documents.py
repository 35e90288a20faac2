"""Finds the records in a file that is not one record a line: arrays, objects printed over several lines, or both.

Works on bytes in one pass: brackets and quotes are counted, nothing is parsed, so memory holds one record at most.
"""

import re
from collections.abc import Callable, Iterator

from bot.datasets.findings import Finding
from bot.datasets.reading.blanks import SPACE
from bot.datasets.reading.streams import Buffered
from bot.datasets.rules import file as rules

MAX_DOCUMENT = 16 << 20
"""Bytes of one record that are held at once."""

_CHUNK = 1 << 20
_OUTSIDE = re.compile(rb'["{}\[\],]')
_INSIDE_STRING = re.compile(rb'["\\]')
_BETWEEN = SPACE + b","
"""What may stand between an array and what comes after it."""


class _Splitter:
    """Feeds on chunks, gives whole elements.

    Within an array on the outermost level a comma or the closing bracket ends an element; outside of one, the bracket
    that closes an object does. After an array, another one may come, or objects on their own. Whatever lies between is
    given along, for the parser to judge.
    """

    def __init__(self, found: Callable[[Finding], None]) -> None:
        self._found = found
        self._depth = 0
        self._in_array = False
        self._in_string = False
        self._held = bytearray()
        self._position = 0
        self._start = 0
        self._line = 1
        self._counted = 0
        self._given_up = False
        """Whether the element being read is too long, and its beginning forgotten."""

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Yield the elements that end in ``data``."""
        self._held += data
        while (end := self._next_end()) is not None:
            yield from self._element(end)
        self._trim()

    def finish(self) -> Iterator[tuple[int, bytes]]:
        """Yield what was begun and never ended: the parser will say that it is cut off."""
        unclosed = self._in_array
        begun = list(self._element(len(self._held)))
        yield from begun
        if unclosed and not begun:
            self._found(rules.TRUNCATED.at(self._line, message="The array is never closed."))

    def _next_end(self) -> int | None:
        """Return where the next element ends, or None when more bytes are needed."""
        while not self._in_string or self._leave_string():
            match = _OUTSIDE.search(self._held, self._position)
            if match is None:
                self._position = len(self._held)
                return None
            self._position = match.end()
            if match[0] == b'"':
                self._in_string = True
            elif (end := self._bracket(match)) is not None:
                return end
        return None

    def _bracket(self, match: re.Match[bytes]) -> int | None:
        """Return where an element ends at this bracket or comma, None when none does."""
        if match[0] in b"{[":
            return self._opening(match)
        if match[0] == b",":
            return match.start() if self._in_array and self._depth == 1 else None
        return self._closing(match)

    def _opening(self, match: re.Match[bytes]) -> int | None:
        if self._depth == 0 and match[0] == b"[":
            before = self._held[self._start : match.start()]
            if before.strip(_BETWEEN):
                self._position = match.start()  # come back to it when what stands before it was given
                return match.start()
            self._in_array, self._start = True, match.end()
        elif self._depth == 0 and not self._held[self._start : match.start()].strip(_BETWEEN):
            self._start = match.start()
        self._depth += 1
        return None

    def _closing(self, match: re.Match[bytes]) -> int | None:
        if self._depth == 0 or (self._in_array and self._depth == 1 and match[0] == b"}"):
            return match.end()  # it closes nothing, which is for the parser to say
        self._depth -= 1
        if self._depth:
            return None
        if self._in_array:
            self._in_array = False
            return match.start()
        return match.end()

    def _leave_string(self) -> bool:
        """Move behind the closing quote; False when it is not in what is held yet."""
        while match := _INSIDE_STRING.search(self._held, self._position):
            if match[0] == b'"':
                self._position, self._in_string = match.end(), False
                return True
            # What is escaped is not held yet, and may be a quote: come back here with more bytes.
            if match.end() == len(self._held):
                self._position = match.start()
                return False
            self._position = match.end() + 1
        self._position = len(self._held)
        return False

    def _element(self, end: int) -> Iterator[tuple[int, bytes]]:
        """Yield what lies between the last end and this one, unless it is only space."""
        raw = bytes(self._held[self._start : end])
        begin = self._start + len(raw) - len(raw.lstrip(SPACE))
        # The comma or bracket that ended it belongs to no element.
        self._start = max(end, self._position)
        raw, given_up, self._given_up = raw.strip(SPACE), self._given_up, False
        if raw and not given_up:
            yield self._line_at(begin), raw

    def _line_at(self, position: int) -> int:
        # From where the last count ended, so that each byte is counted once.
        self._line += self._held.count(b"\n", self._counted, position)
        self._counted = position
        return self._line

    def _trim(self) -> None:
        """Forget what is behind the element being read; give up on one that is too long to be a record."""
        if len(self._held) - self._start > MAX_DOCUMENT:
            if not self._given_up:
                self._found(rules.LINE_TOO_LONG.at(self._line_at(self._start)))
            self._given_up = True
            self._start = self._position
        self._line_at(self._start)
        del self._held[: self._start]
        self._position -= self._start
        self._start = self._counted = 0


def split_documents(
    stream: Buffered,
    found: Callable[[Finding], None],
    is_cut_off: Callable[[], bool] = lambda: False,
) -> Iterator[tuple[int, bytes]]:
    """Yield ``(line it begins on, bytes)`` of every element of an array, and of every object outside of one.

    When ``is_cut_off`` says at the end that the stream was, what was begun last is left out and not told.
    """
    splitter = _Splitter(found)
    while data := stream.read(_CHUNK):
        yield from splitter.feed(data)
    if not is_cut_off():
        yield from splitter.finish()
