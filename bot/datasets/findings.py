"""Findings and how they are grouped into causes while the file streams by. No row is ever kept."""

import re
from bisect import insort
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.datasets.model import Cause, Severity

MAX_LINES = 10
"""How many line numbers a cause names: the issue's own figure, and what fits on a card."""

ELSEWHERE = "*"
"""The path of a cause that stands in many different places."""

_MAX_PLACES = 20
_Key = tuple[str, Severity, str, str | None, str]
_INDEX = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake in one place. ``line`` is 1-based, 0 when it concerns the file as a whole."""

    code: str
    severity: Severity
    line: int
    path: str
    message: str
    hint: str
    repair: str | None = None
    group: str = ""
    """Tells findings of one code apart that have different causes, such as rows in two foreign formats."""
    decisions: tuple[str, ...] = ()
    """Repairs of which a person has to choose one: none is made unless it is asked for by name."""


@dataclass(slots=True)
class _Group:
    """What is remembered of all findings with one cause: the first of them, a count and ten line numbers."""

    first: Finding
    path: str
    count: int = 0
    line_of: Callable[[int], int] | None = None
    last_row: tuple[int, int] = (-1, -1)
    lines: list[int] = field(default_factory=list)

    def add(self, finding: Finding, times: int, row: int) -> None:
        if finding.path != self.path:
            general = _INDEX.sub("[*]", self.path)
            self.path = general if general == _INDEX.sub("[*]", finding.path) else ELSEWHERE
        if finding.line and (finding.line, row) == self.last_row:
            return
        self.last_row = finding.line, row
        self.count += times
        if (
            finding.line
            and finding.line not in self.lines
            and (len(self.lines) < MAX_LINES or finding.line < self.lines[-1])
        ):
            insort(self.lines, finding.line)
            del self.lines[MAX_LINES:]


class Causes:
    """Collects findings; memory grows with the number of different causes only.

    A record counts once for a cause, however many places in it are wrong. Findings of one record must come together,
    which streaming gives by itself. ``on_new`` is told of each cause once, at its first line.

    ``row`` tells the records of one line apart: whoever adds findings sets it to another number for each of them.
    With ``line_of``, findings to come have numbers of records for lines, and it tells their lines.
    """

    def __init__(self, on_new: Callable[[Cause], None] | None = None) -> None:
        self._on_new = on_new
        self._groups: dict[_Key, _Group] = {}
        self._places: Counter[str] = Counter()
        self.row = 0
        self.line_of: Callable[[int], int] | None = None

    def add(self, finding: Finding, times: int = 1) -> None:
        """Count the finding under its cause: code and severity, path without indexes, repair, and group.

        ``times`` counts for lines that are known to be wrong but not by number.
        """
        key = (finding.code, finding.severity, _INDEX.sub("[*]", finding.path), finding.repair, finding.group)
        group = self._groups.get(key)
        if group is None:
            key = self._room_for(key)
            group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = _Group(finding, finding.path, line_of=self.line_of)
            group.add(finding, times, self.row)
            if self._on_new:
                self._on_new(_cause(group))
        else:
            group.add(finding, times, self.row)

    @property
    def errors(self) -> int:
        """How many causes are errors so far."""
        return sum(group.first.severity is Severity.ERROR for group in self._groups.values())

    def _room_for(self, key: _Key) -> _Key:
        """Beyond so many places of one code, further places share one cause: keys can be as many as rows."""
        code, severity, _, repair, _ = key
        self._places[code] += 1
        return key if self._places[code] <= _MAX_PLACES else (code, severity, ELSEWHERE, repair, "")

    def grouped(self) -> tuple[Cause, ...]:
        """Return the causes: errors first, then what is on most lines."""
        causes = [_cause(group) for group in self._groups.values()]
        return tuple(sorted(causes, key=lambda cause: (cause.severity is Severity.WARNING, -cause.count)))


def _cause(group: _Group) -> Cause:
    first = group.first
    return Cause(
        code=first.code,
        severity=first.severity,
        count=group.count,
        lines=tuple(sorted(set(map(group.line_of, group.lines)))) if group.line_of else tuple(group.lines),
        path=group.path,
        message=first.message,
        hint=first.hint,
        repair=first.repair,
        decisions=first.decisions,
        records=tuple(group.lines) if group.line_of else (),
    )
