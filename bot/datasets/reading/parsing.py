"""From the bytes of one line to values, and to words for what is wrong with it. Slow and thorough.

The fast path never comes here: see ``fast``. What can be read without guessing is read on, so that one mistake
does not hide another.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.datasets.reading.cells import inside
from bot.datasets.reading.literals import as_json
from bot.datasets.reading.wrapping import opened, unwrapped
from bot.datasets.records import Written
from bot.datasets.rule import Rule
from bot.datasets.rules import file as rules
from bot.datasets.spelling import shown
from bot.wording import quoted

MAX_DEPTH = 100
"""Levels of nesting that are read. Parsers stop between 127 (serde) and 1,000; a record needs six."""

# Python itself reads no longer ones (`sys.int_info.default_max_str_digits`).
_MAX_DIGITS = 4300
# Possessive, so that nothing is remembered to go back to: a string of 16 MB would take 2 GB. It may lack its end: were
# that no match, each quote of a long damaged line would be tried up to its end.
_STRING = r'"(?:[^"\\]++|\\.)*+"?'
_STRING_OR_BRACKET = re.compile(rf"{_STRING}|[\[{{]|[\]}}]", re.DOTALL)
_STRING_OR_COMMA = re.compile(rf"{_STRING}|,(?=\s*+[}}\]])", re.DOTALL)
_LOOSE_COMMA = re.compile(r",\s*+[}\]]")
_BETWEEN_VALUES = re.compile(r"[ \t\r\n]*+,?[ \t\r\n]*+")
_CONTROL = re.compile("[\x00-\x1f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_MAY_HOLD_SURROGATE = re.compile(r"\\(?:u|U0000)[dD][89a-fA-F]")
_MAX_JOINED = 1 << 17
"""Objects on one line, or commas to be dropped, more than any base takes records: a line of `{}{}{}` would need far
more memory than bytes."""
_BOM = "\ufeff"
_SEPARATOR = "\x1e"
_OPENINGS = ("{", "[", '"')
_CURLY = ("\u201c", "\u201d", "\u201e", "\u2018", "\u2019")
_SHOWN = 12
"""Characters of a line that is quoted: enough to know it by, too few for a secret."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A breach that the parser saw: the rule, the place in the value, and better words when there are some."""

    rule: Rule
    path: str = ""
    message: str | None = None


@dataclass(slots=True)
class Parsed:
    """The values of one line, most often one, and what is wrong with it."""

    values: list[Any] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    wrapped: list[Any] | None = None
    """The values with what stood around their records, when something did."""

    def has(self, rule: Rule) -> bool:
        """Whether the line breaks that rule."""
        return any(each.rule is rule for each in self.problems)


class _Marked(dict[str, Any]):
    """An object in which a key stood twice."""

    repeated: str = ""


class _Notes:
    """What the JSON scanner's hooks see."""

    def __init__(self) -> None:
        self.repeated = False
        self.constants: set[str] = set()
        self.huge = False
        self.decoder, self.lax = (
            json.JSONDecoder(
                object_pairs_hook=self._pairs,
                parse_constant=self._constant,
                parse_int=self._integer,
                parse_float=self._float,
                strict=strict,
            )
            for strict in (True, False)
        )
        """``lax`` takes raw control characters in strings, which JSON wants escaped."""

    def _pairs(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        value = dict(pairs)
        if len(value) == len(pairs):
            return value
        self.repeated = True
        marked = _Marked(value)
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                marked.repeated = key
                break
            seen.add(key)
        return marked

    def _constant(self, name: str) -> None:
        self.constants.add(name)

    def _integer(self, digits: str) -> int:
        if len(digits) > _MAX_DIGITS:
            self.huge = True
            return 0
        return int(digits)

    def _float(self, digits: str) -> float:
        value = float(digits)
        self.huge = self.huge or value in (float("inf"), float("-inf"))
        # Nearly all are written as Python does, and a plain number takes a quarter of the memory.
        return value if repr(value) == digits else Written(digits)


def parse(data: bytes) -> Parsed:
    """Return the values of a line and everything that is wrong with it as JSON. Never raises."""
    parsed = Parsed()
    text = _text(data, parsed)
    if not text:
        if not parsed.problems:
            parsed.problems.append(Problem(rules.BLANK_LINE))
        return parsed
    if _too_deep(text):
        parsed.problems.append(Problem(rules.TOO_DEEP))
        return parsed
    notes = _Notes()
    try:
        _read(text, notes, parsed)
    except RecursionError:
        parsed.problems.append(Problem(rules.TOO_DEEP))
        return parsed
    _unwrap(notes, parsed)
    _tell(notes, parsed)
    # These need a visit to every part of the value, so that it is made only where there may be one.
    if notes.repeated or _MAY_HOLD_SURROGATE.search(text):
        _tell_places(parsed)
    return parsed


def _unwrap(notes: _Notes, parsed: Parsed) -> None:
    """Put the records in the place of what stands around them."""

    def decode(text: str) -> Any:
        return _decoded(text, notes)

    values: list[Any] = []
    for value in parsed.values:
        layer = unwrapped(value, decode)
        if layer is not None and not parsed.has(rules.WRAPPED):
            parsed.problems.append(Problem(rules.WRAPPED, "", layer.words))
        values.extend([value] if layer is None else layer.values)
    if parsed.has(rules.WRAPPED):
        parsed.wrapped = parsed.values
    parsed.values = values


def _decoded(text: str, notes: _Notes) -> Any:
    """Return what a text within a record holds as JSON or as Python writes it, None when it is neither."""
    if _too_deep(text):
        return None
    try:
        return notes.decoder.decode(text)
    except (ValueError, RecursionError):
        plain = as_json(text)
    try:
        return None if plain is None else notes.decoder.decode(plain)
    except (ValueError, RecursionError):
        return None


def _text(data: bytes, parsed: Parsed) -> str:
    """Return the line as text without what stands around it. Bytes are cut first: a long text is never held twice."""
    data = data.strip(b" \t\r\n")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        byte = data[error.start]
        parsed.problems.append(
            Problem(
                rules.NOT_UTF8,
                message=f"The line is not UTF-8: byte 0x{byte:02x} at position {error.start + 1} of the line.",
            )
        )
        text = data.decode("utf-8", errors="replace")
    if "\0" in text:
        parsed.problems.append(Problem(rules.NUL_BYTE))
        text = text.replace("\0", "").strip(" \t\r\n")
    # RFC 7464 (JSON text sequences) puts one before each record.
    if text.startswith(_SEPARATOR) and text.strip(_SEPARATOR):
        parsed.problems.append(Problem(rules.RECORD_SEPARATOR))
        text = text.strip(f"{_SEPARATOR} \t\r\n")
    unmarked = text.removeprefix(_BOM).strip(" \t\r\n")
    if unmarked and unmarked != text:
        parsed.problems.append(Problem(rules.BYTE_ORDER_MARK))
        return unmarked
    return text


def _too_deep(text: str) -> bool:
    """Whether brackets outside of strings nest too deep. Only lines with that many brackets are looked at."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return False
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(text):
        first = text[match.start()]
        depth += 1 if first in "[{" else -1 if first in "]}" else 0
        if depth > MAX_DEPTH:
            return True
    return False


def _read(text: str, notes: _Notes, parsed: Parsed) -> None:
    """Read the line as JSON, else as the nearest thing to JSON that has only one meaning."""
    try:
        parsed.values.append(notes.decoder.decode(text))
    except json.JSONDecodeError as error:
        first = error
    else:
        return
    if any(attempt(text, notes, parsed) for attempt in (_python, _quoted)) or _nearly(
        text, notes.decoder, parsed
    ):
        return
    if _CONTROL.search(text) and _nearly(text, notes.lax, parsed):
        parsed.problems.append(Problem(rules.CONTROL_CHARACTER))
    elif not any(each.rule is rules.NOT_UTF8 for each in parsed.problems):
        parsed.problems.append(_explain(text, first))


def _nearly(text: str, decoder: json.JSONDecoder, parsed: Parsed) -> bool:
    return _several(text, decoder, parsed) or _without_commas(text, decoder, parsed)


def _several(text: str, decoder: json.JSONDecoder, parsed: Parsed) -> bool:
    """Several values side by side, with spaces or commas between."""
    values: list[Any] = []
    position, comma = 0, False
    while position < len(text):
        try:
            value, position = decoder.raw_decode(text, position)
        except json.JSONDecodeError:
            return False
        values.append(value)
        if len(values) > _MAX_JOINED or not isinstance(value, dict):
            return False
        comma = text[position : position + 64].lstrip(" \t\r\n").startswith(",")
        position = _next_value(text, position)
    parsed.values.extend(values)
    if len(values) > 1:
        parsed.problems.append(Problem(rules.JOINED_OBJECTS))
    elif comma:
        parsed.problems.append(Problem(rules.TRAILING_COMMA))
    return True


def _next_value(text: str, position: int) -> int:
    match = _BETWEEN_VALUES.match(text, position)
    return match.end() if match else position


def _without_commas(text: str, decoder: json.JSONDecoder, parsed: Parsed) -> bool:
    """Commas before closing brackets, outside of strings."""
    fixed = _comma_free(text)
    if fixed is None:
        return False
    try:
        parsed.values.append(decoder.decode(fixed))
    except json.JSONDecodeError:
        return False
    parsed.problems.append(Problem(rules.TRAILING_COMMA))
    return True


def _comma_free(text: str) -> str | None:
    """Return the text without such commas and those at its end; None when it has none, or no end of them."""
    # One more than is allowed, so that it shows when there are too many.
    loose = [match.start() for match, _ in zip(_loose_commas(text), range(_MAX_JOINED + 1), strict=False)]
    if len(loose) > _MAX_JOINED or (not loose and text[-1:] != ","):
        return None
    starts, ends = [0, *(place + 1 for place in loose)], [*loose, len(text)]
    return "".join(text[start:end] for start, end in zip(starts, ends, strict=True)).rstrip(", \t")


def _loose_commas(text: str) -> Iterator[re.Match[str]]:
    if _LOOSE_COMMA.search(text):
        yield from (each for each in _STRING_OR_COMMA.finditer(text) if text[each.start()] == ",")


def _python(text: str, notes: _Notes, parsed: Parsed) -> bool:
    """``str(record)`` of Python, when JSON can say the same."""
    plain = as_json(text)
    if plain is None:
        return False
    try:
        parsed.values.append(notes.decoder.decode(plain))
    except json.JSONDecodeError:
        return False
    parsed.problems.append(Problem(rules.PYTHON_REPR))
    return True


def _quoted(text: str, notes: _Notes, parsed: Parsed) -> bool:
    """A cell of a table that holds a record, and a record in Python's quotes."""
    held = inside(text) if text[:1] in ('"', "'") else None
    value = None if held is None else opened(held, lambda each: _decoded(each, notes))
    if value is None:
        return False
    parsed.values.append(value)
    parsed.problems.append(Problem(rules.QUOTED))
    return True


def _repeated(place: str, key: str) -> Problem:
    words = f"The key {quoted(shown(key))} stands twice in one object; readers keep only one value."
    return Problem(rules.DUPLICATE_KEY, place, words)


def _explain(text: str, error: json.JSONDecodeError) -> Problem:
    if text[:1] in "{[" and (error.pos >= len(text) or error.msg.startswith("Unterminated string")):
        return Problem(rules.TRUNCATED)
    if text[:1] not in _OPENINGS:
        words = f"it begins with {quoted(text[:_SHOWN])}, where a record begins with a brace"
    elif text[error.pos : error.pos + 1] in _CURLY:
        words = f"curly quotes such as {text[error.pos]} stand where straight ones belong (character {error.pos + 1})"
    else:
        words = f"{error.msg[:1].lower()}{error.msg[1:]} (character {error.pos + 1})"
    return Problem(rules.NOT_JSON, message=f"The line is not JSON: {words}.")


def _tell(notes: _Notes, parsed: Parsed) -> None:
    if notes.constants:
        parsed.problems.append(Problem(rules.NOT_A_NUMBER))
    if notes.huge:
        parsed.problems.append(Problem(rules.HUGE_NUMBER))


def _tell_places(parsed: Parsed) -> None:
    for value in parsed.values:
        for path, part in _walk(value):
            if isinstance(part, _Marked):
                place = f"{path}.{shown(part.repeated)}".lstrip(".")
                parsed.problems.append(_repeated(place, part.repeated))
            elif isinstance(part, str) and not part.isascii() and _SURROGATE.search(part):
                parsed.problems.append(Problem(rules.LONE_SURROGATE, path))


def _walk(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield every part of a JSON value with its path; keys too, as strings at their own place."""
    yield "", value
    todo = [_inside("", value)]
    while todo:
        for path, part in todo[-1]:
            yield path, part
            if isinstance(part, dict | list):
                todo.append(_inside(path, part))
                break
        else:
            todo.pop()


def _inside(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield what an object or a list holds, with its path; one at a time, for there may be a million."""
    if isinstance(value, dict):
        for key, child in value.items():
            place = f"{path}.{shown(key)}".lstrip(".")
            yield place, key
            yield place, child
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield f"{path}[{index}]", child
