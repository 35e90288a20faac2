"""The text of a row around the places that something is said of, small enough for a phone.

A record is written out over several lines, a marked place stands behind ``»``, and what is far from one is left out.
What is no JSON is shown as it stands, cut in two by ``»`` where reading stopped. Secrets and personal data are masked
before anything is cut: half of a secret would not be known as one.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from bot.datasets.content.scan import SCANNER
from bot.datasets.reading import parsing
from bot.datasets.repairs.registry import fix_record
from bot.datasets.rules import file as rules
from bot.profiles.model import Profile

MARK = "»"
CHARACTERS = 600
"""Of one excerpt, about fifteen lines on a phone."""
TEXT_WIDTH = 140
"""Characters of one text in it."""
_AROUND = 2
# Of one row, which may hold a million values: a mark further down is not shown.
_MAX_LINES = 5_000
_STEP = re.compile(r"[^.\[\]]+|\[(\d+)\]")
_QUOTED = re.compile(r"`([^`]+)`")
_CHARACTER = re.compile(r"\(character (\d+)\)|position (\d+) of the line")

Place = tuple[str, str, bool]
"""The path of a finding, its message, and whether a safe repair mends it."""


def excerpt(data: bytes, places: Sequence[Place], profile: Profile) -> str:
    """Return the text of a row around these places, at most ``CHARACTERS`` and some ellipses long."""
    parsed = parsing.parse(data)
    if len(parsed.values) != 1 or not isinstance(parsed.values[0], dict):
        is_truncated = any(each.rule is rules.TRUNCATED for each in parsed.problems)
        return printable(_raw(data, " ".join(message for _, message, _ in places), at_end=is_truncated))
    value = parsed.values[0]
    if any(path and not fixable for path, _, fixable in places):
        # What no repair mends is named as it is after them: lifting a system turn moves the turns behind it.
        value, _ = fix_record(value, profile)
        places = [each for each in places if not each[2]]
    marks = {_resolved(value, path): message for path, message, _ in places if path}
    return printable(_window(list(islice(_lines(value, marks), _MAX_LINES))))


def printable(text: str) -> str:
    """Return the text without halves of characters, which neither a store nor Slack takes."""
    return text.encode("utf-8", "replace").decode()


_Steps = tuple[str | int, ...]
_Marks = dict[_Steps, str]


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class _Part:
    """A value that is still to be written: where it is, and what stands before and after it on its line."""

    place: _Steps
    lead: str
    value: Any
    tail: str


def _resolved(value: Any, path: str) -> _Steps:
    """Return the steps of a path, as far as it leads to something that is there; ``[*]`` is the first."""
    steps: list[str | int] = []
    for found in _STEP.finditer(path.replace("[*]", "[0]")):
        step: str | int = int(found[1]) if found[1] else found[0]
        if not isinstance(value, dict | list):
            break
        try:
            value = value[step]  # type: ignore[index] # what does not fit is no place in it
        except (KeyError, IndexError, TypeError):
            break
        steps.append(step)
    return tuple(steps)


def _lines(value: Any, marks: _Marks) -> Iterator[_Line]:
    """Yield the value as indented JSON, one scalar a line."""
    todo: list[Iterator[_Line | _Part]] = [_written(_Part((), "", value, ""), marks)]
    while todo:
        part = next(todo[-1], None)
        if part is None:
            todo.pop()
        elif isinstance(part, _Line):
            yield part
        else:
            todo.append(_written(part, marks))


def _written(part: _Part, marks: _Marks) -> Iterator[_Line | _Part]:
    """Yield the opening line of a value, its parts to go on with, and its closing line."""
    depth, place, value = "  " * len(part.place), part.place, part.value
    is_marked = bool(place) and place in marks
    if not isinstance(value, dict | list) or not value:
        yield _Line(f"{depth}{part.lead}{_scalar(value, marks.get(place, ''))}{part.tail}", is_marked)
        return
    opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
    yield _Line(f"{depth}{part.lead}{opening}", is_marked)
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for number, (key, child) in enumerate(pairs, start=1):
        lead = f"{_scalar(key, '')}: " if opening == "{" else ""
        yield _Part((*place, key), lead, child, "," if number < len(value) else "")
    yield _Line(f"{depth}{closing}{part.tail}")


def _scalar(value: Any, message: str) -> str:
    if not isinstance(value, str):
        return json.dumps(value)[:TEXT_WIDTH]
    return _cut(SCANNER.masked(json.dumps(value, ensure_ascii=False)), message)


def _cut(text: str, message: str) -> str:
    """Return the text, cut to ``TEXT_WIDTH`` around what the message quotes, else from its beginning."""
    if len(text) <= TEXT_WIDTH:
        return text
    at = max((text.find(quoted) for quoted in _QUOTED.findall(message)), default=-1)
    start = max(0, min(at - TEXT_WIDTH // 3, len(text) - TEXT_WIDTH)) if at > 0 else 0
    end = start + TEXT_WIDTH
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"


def _window(lines: list[_Line]) -> str:
    """Return the marked lines with those around them; the first lines when none is marked."""
    shown = _chosen(lines)
    margin = min(len(lines[index].text) - len(lines[index].text.lstrip(" ")) for index in shown)
    told: list[str] = []
    for before, index in zip([-1, *shown], shown, strict=False):
        told += ["  …"] if index > before + 1 else []
        told.append(f"{MARK if lines[index].is_marked else ' '} {lines[index].text[margin:]}")
    return "\n".join([*told, "  …"] if shown[-1] < len(lines) - 1 else told)


def _chosen(lines: list[_Line]) -> list[int]:
    """Return the numbers of the lines to show, in order, as many as there is room for and one at least."""
    shown: list[int] = []
    size = 0
    for mark in [index for index, line in enumerate(lines) if line.is_marked] or [0]:
        first = max(shown[-1] + 1 if shown else 0, mark - _AROUND)
        for index in range(first, min(len(lines), mark + _around(lines, mark) + 1)):
            size += len(lines[index].text)
            if size > CHARACTERS and shown:
                return shown
            shown.append(index)
    return shown


def _around(lines: list[_Line], mark: int) -> int:
    """How many lines after a mark are shown: the whole head where nothing is marked, more where a part opens."""
    if not lines[mark].is_marked:
        return 12
    return _AROUND + 2 if lines[mark].text.endswith(("{", "[")) else _AROUND


def _raw(data: bytes, message: str, *, at_end: bool) -> str:
    """Return a row that is no JSON around the character that its message names, or where it was cut off."""
    text = data.decode("utf-8", "replace").strip(" \t\r\n")
    masked = SCANNER.masked(text)
    at = len(masked) if at_end else _masked_place(text, masked, _CHARACTER.search(message))
    half = CHARACTERS // 2
    before, after = masked[max(0, at - half) : at], masked[at : at + half]
    start, end = "…" if at > half else "", "…" if at + half < len(masked) else ""
    return f"{start}{before}{MARK if at else ''}{after}{end}" or "(nothing)"


def _masked_place(text: str, masked: str, found: re.Match[str] | None) -> int:
    """Return where the named character is once the text is masked; 0 when it is unknown or itself masked."""
    at = min(int(found[1] or found[2]) - 1, len(text)) if found else 0
    before = SCANNER.masked(text[:at])
    return len(before) if before + SCANNER.masked(text[at:]) == masked else 0
