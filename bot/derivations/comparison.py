"""Compares two versions of a dataset: what was added, removed, changed, put in another form, and what stayed.

Records are compared by what they say, so a file and its conversion to another base's format are the same words in
another form. Two records with the same turns up to the answer, of which each stands in one version only, count as one
that was changed.
"""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.datasets.content.scan import SCANNER
from bot.datasets.rows import Row, rows
from bot.profiles.model import Profile
from bot.wording import counted

SHOWN_LINES = 10
SHOWN_EXAMPLES = 3
LONGEST_EXCERPT = 240
"""Characters of a text in an example."""


@dataclass(frozen=True, slots=True)
class Example:
    """One record that differs. The lines are 1-based, None where it is not; texts are masked and cut.

    ``before`` and ``after`` are what differs: answers, or system prompts where ``what`` says so.
    """

    before_line: int | None
    after_line: int | None
    question: str
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """All records with one fate: how many, their first lines (of the later version, for removed ones the earlier)."""

    count: int
    lines: tuple[int, ...]
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """The later version (``after``) beside the earlier one (``before``); both are counts of records."""

    before: int
    after: int
    added: Difference
    removed: Difference
    changed: Difference
    reformed: Difference
    """The same words in another form: another format, other white space, keys in another order."""
    unchanged: int

    @property
    def same(self) -> bool:
        """Whether both say the same."""
        return not (self.added.count or self.removed.count or self.changed.count)


class _Mark:
    """One record as it is remembered: line, and digests of its bytes, of what it says, of its turns before the last."""

    __slots__ = ("line", "prompt", "raw", "said")

    def __init__(self, row: Row) -> None:
        self.line = row.line
        # Python salts `hash` in each process: these are compared in this one, and kept nowhere.
        self.raw = hash(row.raw)
        readable = bool(row.texts)
        self.said = hash((row.system, *row.said)) if readable else self.raw
        self.prompt = hash(("prompt", *row.said[:-1])) if readable else None


def compare(before: Path, after: Path, profile_before: Profile, profile_after: Profile) -> Comparison:
    """Return how the later version differs from the earlier one.

    One pass over each file, and another over its beginning for the examples. Memory grows by some 300 bytes a record,
    never with its length. Rows that cannot be read as records are compared by their bytes.

    Raises:
        OSError: a file cannot be read.
    """
    old = [_Mark(each) for each in rows(before, profile_before)]
    by_words: defaultdict[int, list[_Mark]] = defaultdict(list)
    # From the end, so that of equal ones the first in the file is taken first.
    for each in reversed(old):
        by_words[each.said].append(each)
    new, reformed, unmatched = 0, [], []
    for mark in map(_Mark, rows(after, profile_after)):
        new += 1
        same = by_words.get(mark.said)
        if not same:
            unmatched.append(mark)
        elif not _take(same, mark):
            reformed.append(mark.line)
    left = sorted((each for group in by_words.values() for each in group), key=lambda each: each.line)
    changed, removed, added = _paired(left, unmatched)
    wanted_old, wanted_new = _wanted(changed, removed, added)
    texts = (_texts(before, profile_before, wanted_old), _texts(after, profile_after, wanted_new))
    return Comparison(
        before=len(old),
        after=new,
        added=_difference([(None, each) for each in added], *texts),
        removed=_difference([(each, None) for each in removed], *texts),
        changed=_difference(changed, *texts),
        reformed=Difference(len(reformed), tuple(reformed[:SHOWN_LINES])),
        unchanged=new - len(unmatched) - len(reformed),
    )


Pair = tuple[int | None, int | None]


def _take(same: list[_Mark], mark: _Mark) -> bool:
    """Take the record out that the mark is matched with, and return whether it has the same bytes."""
    for index in range(len(same) - 1, -1, -1):
        if same[index].raw == mark.raw:
            del same[index]
            return True
    same.pop()
    return False


def _paired(left: Iterable[_Mark], right: Iterable[_Mark]) -> tuple[list[Pair], list[int], list[int]]:
    """Return (changed, removed, added): records with the same turns up to the answer are one, in order of lines."""
    by_prompt: defaultdict[int, deque[_Mark]] = defaultdict(deque)
    # A dictionary for a set that keeps the order of the file.
    gone: dict[_Mark, None] = dict.fromkeys(left)
    for each in gone:
        if each.prompt is not None:
            by_prompt[each.prompt].append(each)
    changed: list[Pair] = []
    added: list[int] = []
    for mark in right:
        same = by_prompt.get(mark.prompt) if mark.prompt is not None else None
        if same:
            matched = same.popleft()
            del gone[matched]
            changed.append((matched.line, mark.line))
        else:
            added.append(mark.line)
    return changed, [each.line for each in gone], added


def _wanted(changed: list[Pair], removed: list[int], added: list[int]) -> tuple[set[int], set[int]]:
    pairs = changed[:SHOWN_EXAMPLES]
    old = {one for one, _ in pairs if one} | set(removed[:SHOWN_EXAMPLES])
    return old, {other for _, other in pairs if other} | set(added[:SHOWN_EXAMPLES])


def _texts(path: Path, profile: Profile, wanted: Collection[int]) -> dict[int, Row]:
    """Return the rows on those lines; of several on one line the last."""
    last = max(wanted, default=0)
    found: dict[int, Row] = {}
    for row in rows(path, profile) if last else ():
        if row.line > last:
            break
        if row.line in wanted:
            found[row.line] = row
    return found


def _difference(pairs: list[Pair], old: dict[int, Row], new: dict[int, Row]) -> Difference:
    lines = [other if other is not None else one for one, other in pairs[:SHOWN_LINES]]
    return Difference(
        len(pairs),
        tuple(each for each in lines if each is not None),
        tuple(_examples(pairs[:SHOWN_EXAMPLES], old, new)),
    )


def _examples(pairs: Iterable[Pair], old: dict[int, Row], new: dict[int, Row]) -> Iterator[Example]:
    for one, other in pairs:
        before = old.get(one) if one is not None else None
        after = new.get(other) if other is not None else None
        shown = after or before
        if shown is None:
            continue
        what, was, is_now = _what_differs(before, after)
        question = shown.texts[-2] if shown.texts else ""
        yield Example(one, other, excerpt(question), what, excerpt(was), excerpt(is_now))


def _what_differs(before: Row | None, after: Row | None) -> tuple[str, str, str]:
    if before and after and _answer(before) == _answer(after):
        return "system prompt", before.system or "", after.system or ""
    return "answer", _answer(before) if before else "", _answer(after) if after else ""


def _answer(row: Row) -> str:
    return row.said[-1] if row.said else row.raw.decode("utf-8", "replace")


def excerpt(text: str) -> str:
    """Return the beginning of a text, fit to be shown: masked, on one line."""
    masked = " ".join(SCANNER.masked(text).split())
    return masked if len(masked) <= LONGEST_EXCERPT else f"{masked[: LONGEST_EXCERPT - 1]}…"


def sentences(comparison: Comparison) -> list[str]:
    """Return what differs, a sentence a kind."""
    kinds = (
        ("added", comparison.added),
        ("removed", comparison.removed),
        ("changed (the same question, another answer or system prompt)", comparison.changed),
        ("the same words in another form", comparison.reformed),
    )
    said = [f"{counted(each.count, 'record')} {name}: {_where(each)}." for name, each in kinds if each.count]
    return [*said, f"{counted(comparison.unchanged, 'record')} unchanged."]


def _where(difference: Difference) -> str:
    more = " …" if difference.count > len(difference.lines) else ""
    word = "line" if difference.count == 1 else "lines"
    return f"{word} {', '.join(f'{each:,}' for each in difference.lines)}{more}"
