"""The rows that a report is about, each with its text around the place: what a person pages through to decide.

The rows are picked while the file is at hand and kept as small, masked excerpts, so that they can be shown at once
later, when it is not.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from bot.datasets.inspecting.editing import editable, judged
from bot.datasets.inspecting.excerpts import excerpt, printable
from bot.datasets.model import Cause, Report, Severity, Unit
from bot.datasets.reading.blanks import is_blank
from bot.datasets.reading.reader import Reader
from bot.datasets.reading.sniffing import Layout
from bot.datasets.repairs.good_rows import fast_path
from bot.datasets.repairs.registry import REPAIRS, effects
from bot.profiles.model import Profile

MAX_ROWS = 50
"""How many rows are kept: more than that nobody pages through."""
MAX_FINDINGS = 4
"""How many findings of one row are kept: what a modal shows on a phone without much scrolling."""
MAX_CHARACTERS = 40_000
"""Of all rows together, so that the status of an upload stays small in Redis whatever the file holds."""
MAX_TEXTS = 40_000
"""Of all texts together that can be edited, for the same reason."""
TOO_MANY = (
    "The rows before it fill what I keep for editing: make a copy with those first, then look at its rows."
)
_MAX_WORDS = 300


@dataclass(frozen=True, slots=True)
class RowFinding:
    """One thing that is said of a row. ``repair`` is the name of the safe repair, or None."""

    code: str
    is_error: bool
    path: str
    message: str
    hint: str
    repair: str | None


@dataclass(frozen=True, slots=True)
class InspectedRow:
    """One row: its position among all (1 is the first, blank ones counted), its line, its text and its findings.

    ``unit`` is what ``line`` counts: "record" where several records share a line.
    """

    position: int
    line: int
    excerpt: str
    findings: tuple[RowFinding, ...]
    unit: str = "line"
    text: str = ""
    """As a person may edit it; empty where they cannot, and ``closed`` says why."""
    closed: str = ""
    edited: str = ""
    """What somebody made of it that is not in a copy yet."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """What can be looked at of one file. ``is_cut`` says that more rows than these have findings.

    ``effects`` are what the safe repairs would do, in words; ``sha256`` is the file that the positions are of.
    """

    file: str
    sha256: str
    rows: tuple[InspectedRow, ...]
    is_cut: bool
    effects: tuple[str, ...]
    profile: str = ""
    """The base model that it was judged for; empty in one from before rows could be edited."""


def inspect(path: Path, report: Report, profile: Profile) -> Inspection:
    """Return the rows that ``report`` is about: first those that only a person can mend, in the file's order.

    Rows that the report names are all looked at, and others with errors up to ``MAX_ROWS``. The file is read once
    more, and only to the last of them.

    Raises:
        OSError: the file cannot be read.
    """
    picking = _Picking(report, profile)
    rows = sorted(picking.rows(path), key=_urgency)
    kept, size, texts = [], 0, 0
    for row in rows[:MAX_ROWS]:
        size += len(row.excerpt) + sum(len(each.message) + len(each.hint) for each in row.findings)
        if size > MAX_CHARACTERS:
            break
        texts += len(row.text)
        kept.append(row if texts <= MAX_TEXTS else replace(row, text="", closed=TOO_MANY))
    shown = tuple(sorted(kept, key=lambda row: row.position))
    is_cut = len(shown) < len(rows) or picking.is_cut
    return Inspection(report.file, report.sha256, shown, is_cut, effects(report), profile.name)


def dump(inspection: Inspection) -> dict[str, Any]:
    """Return it as JSON."""
    return asdict(inspection)


def load(document: dict[str, Any]) -> Inspection:
    """Return what :func:`dump` wrote."""
    rows = tuple(
        InspectedRow(**row | {"findings": tuple(RowFinding(**each) for each in row["findings"])})
        for row in document["rows"]
    )
    return Inspection(**document | {"rows": rows, "effects": tuple(document["effects"])})


def _urgency(row: InspectedRow) -> int:
    if any(each.is_error and each.repair is None for each in row.findings):
        return 0
    return 1 if any(each.is_error for each in row.findings) else 2


class _Picking:
    """One more pass over a file that was judged."""

    def __init__(self, report: Report, profile: Profile) -> None:
        self._report = report
        self._profile = profile
        self._fast = fast_path(profile)
        self._named: dict[int, list[Cause]] = {}
        for cause in report.causes:
            for line in cause.numbers:
                self._named.setdefault(line, []).append(cause)
        self._codes = {each.code for each in report.causes}
        self._last = max(self._named, default=0)
        self._others = 0
        self._unnamed = any(each.count > len(each.numbers) for each in report.errors)

    def rows(self, path: Path) -> Iterator[InspectedRow]:
        """Yield the rows that something is said of."""
        if not self._named and not self._wants_others:
            return
        with path.open("rb", buffering=0) as source:
            reader = Reader(source, lambda _finding: None)
            try:
                for position, (line, data) in enumerate(reader.rows(), start=1):
                    if line > self._last and not self._wants_others:
                        break
                    by_line = reader.layout is Layout.LINES or reader.unit is Unit.RECORD
                    findings = self._findings(line, data, by_line=by_line)
                    if findings:
                        yield replace(self._row(position, line, data, findings), unit=reader.unit.value)
            finally:
                reader.close()

    @property
    def _wants_others(self) -> bool:
        """Whether rows with errors are looked for that the report does not name."""
        return self._unnamed and self._others < MAX_ROWS

    @property
    def is_cut(self) -> bool:
        """Whether more rows than were found have something said of them."""
        return self._others >= MAX_ROWS or any(
            each.count > len(each.numbers) for each in self._report.warnings if each.numbers
        )

    def _findings(self, line: int, data: bytes, *, by_line: bool) -> list[RowFinding]:
        """Return what is to be said of a row: nothing of one that is good or blank, or that comes too late."""
        if is_blank(data):
            return []
        if line not in self._named:
            # What the fast path takes is good, which is nearly every row: only the others are judged at
            # length.
            if not self._wants_others or self._fast.read(data) is not None:
                return []
            self._others += 1
        return self._told(line, data, by_line=by_line)

    def _told(self, line: int, data: bytes, *, by_line: bool) -> list[RowFinding]:
        """Return what is wrong with the row alone, then what the report says of its line beside others.

        In an array several rows may stand on one line; unless rows are told by their own numbers there, a line's
        number tells nothing of a row.
        """
        alone = judged(data, self._profile, self._report.role, self._report.file)
        own = [each for each in alone if each.code in self._codes]
        codes = {each.code for each in own}
        among = [each for each in self._named.get(line, []) if by_line and each.code not in codes]
        causes = sorted([*own, *among], key=_order)
        return [_finding(each) for each in causes[:MAX_FINDINGS]]

    def _row(self, position: int, line: int, data: bytes, findings: list[RowFinding]) -> InspectedRow:
        errors = [each for each in findings if each.is_error]
        places = [(each.path, each.message, each.repair is not None) for each in errors or findings]
        text, closed = editable(data)
        shown = excerpt(data, places, self._profile)
        return InspectedRow(position, line, shown, tuple(findings), text=text, closed=closed)


def _order(cause: Cause) -> tuple[bool, bool]:
    """Errors before warnings, and what only a person can mend before what a repair does."""
    return cause.severity is Severity.WARNING, cause.repair is not None


def _finding(cause: Cause) -> RowFinding:
    return RowFinding(
        code=cause.code,
        is_error=cause.severity is Severity.ERROR,
        path=printable(cause.path[:_MAX_WORDS]),
        message=printable(cause.message[:_MAX_WORDS]),
        hint=printable(cause.hint[:_MAX_WORDS]),
        repair=cause.repair if cause.repair in REPAIRS else None,
    )
