"""What a repair did, row by row: a few examples for people, and all of it as a unified diff.

Rows are shown with secrets and personal data masked, and cut around the place where they begin to differ.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.datasets.content.scan import SCANNER
from bot.datasets.model import Unit

DROP_ROW, EDIT_ROW = "drop-row", "edit-row"
"""The names of what is no repair: a person chose to leave the row out, or wrote it anew."""
EXAMPLES = 3
"""How many examples a repair has at most."""
CARD_EXAMPLES = 6
"""How many examples there are in all, when several repairs have some: at least one each."""
EXAMPLE_WIDTH = 120
"""Characters of a row in an example: four lines on a phone."""
NAMED_LINES = 10
"""How many lines are named of the rows that were left out."""
DIFF_WIDTH = 2_000
"""Characters of a row in the diff."""
DIFF_BYTES = 2 * 10**6
"""How large the diff grows. Slack shows text files up to about 1 MB; beyond this the copy itself tells more."""
_LEAD = 24
"""Characters that stay in front of the first difference, to find the place again."""


@dataclass(frozen=True, slots=True)
class Change:
    """One row that came out otherwise than it went in.

    ``line`` is where it stood, ``written`` where in the new file it is or would be, both 1-based; ``repairs`` are
    their names; ``before`` and ``after`` are its bytes, ``after`` empty for a row that was left out.
    """

    line: int
    written: int
    repairs: tuple[str, ...]
    before: bytes
    after: tuple[bytes, ...]
    unit: Unit = Unit.LINE
    """What ``line`` counts: "record" where several records share a line."""


@dataclass(frozen=True, slots=True)
class Example:
    """A row before and after, masked and cut."""

    repair: str
    line: int
    before: str
    after: str
    unit: Unit = Unit.LINE


@dataclass(frozen=True, slots=True)
class Dropped:
    """Rows that were left out for one reason: how many, and the first lines."""

    repair: str
    count: int
    lines: tuple[int, ...]
    unit: Unit = Unit.LINE


@dataclass(frozen=True, slots=True)
class ChangeSummary:
    """What people are shown of a repair beside its counts. ``changes`` is how many rows came out otherwise."""

    examples: tuple[Example, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    changes: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether every change is here: an example, or the line of a row that was left out."""
        return self.changes <= len(self.examples) + sum(len(each.lines) for each in self.dropped)


@dataclass(slots=True)
class ChangeLog:
    """Collects changes as they come. Memory is bounded by ``DIFF_BYTES``."""

    old: str
    new: str
    _examples: dict[str, list[Example]] = field(default_factory=dict)
    _dropped: dict[str, list[int]] = field(default_factory=dict)
    _counts: Counter[str] = field(default_factory=Counter)
    _diff: list[str] = field(default_factory=list)
    _size: int = 0
    _changes: int = 0
    _left_out: int = 0
    _unit: Unit = Unit.LINE

    def add(self, change: Change) -> None:
        """Take one more change in."""
        self._changes += 1
        self._unit = change.unit
        if not change.after:
            self._add_dropped(change)
        name = self._wants_example(change)
        if self._size > DIFF_BYTES and name is None:
            self._left_out += 1
            return
        before, after = _shown([change.before]), _shown(change.after)
        if name is not None:
            old, new = _cut_alike("\n".join(before), "\n".join(after), EXAMPLE_WIDTH)
            self._examples.setdefault(name, []).append(Example(name, change.line, old, new, change.unit))
        self._add_to_diff(change, before, after)

    def summary(self) -> ChangeSummary:
        """Return what people are shown of it."""
        each_shows = max(1, min(EXAMPLES, CARD_EXAMPLES // max(1, len(self._examples))))
        return ChangeSummary(
            tuple(each for group in self._examples.values() for each in group[:each_shows]),
            tuple(
                Dropped(name, self._counts[name], tuple(lines), self._unit)
                for name, lines in self._dropped.items()
            ),
            self._changes,
        )

    def diff(self) -> bytes:
        """Return all changes as a unified diff in UTF-8; what did not fit is counted at the end."""
        head = f"Secrets and personal data are masked, long rows are cut.\n--- {self.old}\n+++ {self.new}\n"
        tail = f"... and {self._left_out:,} more changes.\n" if self._left_out else ""
        return "".join([head, *self._diff, tail]).encode("utf-8", "replace")

    def _wants_example(self, change: Change) -> str | None:
        """Return the repair that this row is an example of, None when there are enough."""
        if not change.after:
            return None
        return next((each for each in change.repairs if len(self._examples.get(each, ())) < EXAMPLES), None)

    def _add_dropped(self, change: Change) -> None:
        # A row that is left out goes no further: what left it out is the last that was made.
        name = change.repairs[-1]
        self._counts[name] += 1
        lines = self._dropped.setdefault(name, [])
        if len(lines) < NAMED_LINES:
            lines.append(change.line)

    def _add_to_diff(self, change: Change, before: list[str], after: list[str]) -> None:
        old, new = _cut_alike("\n".join(before), "\n".join(after), DIFF_WIDTH)
        removed = [f"-{row}\n" for row in old.split("\n")]
        added = [f"+{row}\n" for row in new.split("\n")] if change.after else []
        place = f"@@ -{change.line},{len(removed)} +{change.written},{len(added)} @@"
        entry = "".join([f"{place} {', '.join(change.repairs)}\n", *removed, *added])
        self._size += len(entry.encode("utf-8", "replace"))
        if self._size > DIFF_BYTES:
            self._left_out += 1
        else:
            self._diff.append(entry)


def _shown(rows: Iterable[bytes]) -> list[str]:
    """Return rows as they may be shown: JSON written in one way, so that only what matters differs."""
    return [SCANNER.masked(_text(row)) for row in rows]


def _text(row: bytes) -> str:
    try:
        text = json.dumps(json.loads(row), ensure_ascii=False)
    except (ValueError, RecursionError):
        text = " ".join(row.decode("utf-8", "replace").split())
    return text.encode("utf-8", "replace").decode()


def _cut_alike(before: str, after: str, width: int) -> tuple[str, str]:
    """Return both texts, cut to ``width`` characters around the place where they begin to differ."""
    if max(len(before), len(after)) <= width:
        return before, after
    start = max(0, min(_first_difference(before, after) - _LEAD, max(len(before), len(after)) - width))
    return _cut(before, start, width), _cut(after, start, width)


# By blocks first: a step for each character of a row of megabytes takes too long.
def _first_difference(one: str, other: str) -> int:
    step, at = 4096, 0
    while at < len(one) and one[at : at + step] == other[at : at + step]:
        at += step
    pairs = zip(one[at : at + step], other[at : at + step], strict=False)
    return at + next((place for place, (mine, yours) in enumerate(pairs) if mine != yours), 0)


def _cut(text: str, start: int, width: int) -> str:
    piece = text[start : start + width]
    return f"{'…' if start else ''}{piece}{'…' if start + width < len(text) else ''}"
