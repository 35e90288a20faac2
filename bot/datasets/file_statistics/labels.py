"""Collects what answers choose from: short answers, and short texts in answers that are JSON objects.

A field counts as a closed vocabulary when its values repeat, four times each on average. Memory is bounded by the
number of fields and of values kept for each.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from pydantic_core import from_json

from bot.datasets.content.scan import SCANNER
from bot.datasets.model import Label, LabelTable

LONGEST = 60
"""Characters of a label; longer texts are prose."""

REPEATED = 4
"""How often values must occur on average for a field to be a choice between labels."""

_MOST_VALUES = 1000
_MOST_FIELDS = 50
_LONGEST_OBJECT = 4000
_SHOWN_TABLES = 6
_SHOWN_LABELS = 20
_WHOLE = ""


@dataclass(slots=True)
class _Field:
    """Counts and first lines of the values of one field."""

    total: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)

    def add(self, line: int, value: str) -> None:
        self.total += 1
        if value in self.counts:
            self.counts[value] += 1
        elif len(self.counts) < _MOST_VALUES:
            self.counts[value] = 1
            self.lines[value] = line

    @property
    def is_choice(self) -> bool:
        values = len(self.counts)
        # At the most values counting stopped, so that nobody knows how many there are.
        return 2 <= values < _MOST_VALUES and values * REPEATED <= self.total


@dataclass(frozen=True, slots=True)
class Doubt:
    """A label that stands once, at ``line``. ``meant`` is a frequent one of nearly the same spelling, or None."""

    line: int
    field: str
    label: str
    meant: str | None


@dataclass(frozen=True, slots=True)
class Variants:
    """Frequent labels that differ in case, spaces and punctuation only, most frequent first, with their counts.

    ``line`` is where the first of the less frequent ones stands, ``records`` in how many they do.
    """

    field: str
    labels: tuple[tuple[str, int], ...]
    line: int
    records: int


class Labels:
    """What the answers of a file choose from."""

    def __init__(self) -> None:
        self._fields: dict[str, _Field] = {}

    def add(self, line: int, answer: str) -> None:
        """Take the last answer of one record."""
        if len(answer) <= LONGEST and answer[:1] != "{":
            self._add(line, _WHOLE, answer)
        elif answer[:1] == "{" and len(answer) <= _LONGEST_OBJECT:
            self._add_object(line, answer)

    def doubts(self) -> Iterator[Doubt]:
        """Yield labels that stand once or are rare misspellings, by line."""
        found = [
            doubt for name, each in self._fields.items() if each.is_choice for doubt in _doubts(name, each)
        ]
        yield from sorted(found, key=lambda doubt: doubt.line)

    def variants(self) -> Iterator[Variants]:
        """Yield frequent labels that are one label in several spellings, by line."""
        found = [
            each for name, known in self._fields.items() if known.is_choice for each in _variants(name, known)
        ]
        yield from sorted(found, key=lambda each: each.line)

    def tables(self) -> tuple[LabelTable, ...]:
        """Return the vocabularies with their labels, the one in most records first."""
        choices = [(name, each) for name, each in self._fields.items() if each.is_choice]
        choices.sort(key=lambda pair: -pair[1].total)
        return tuple(_table(name, each) for name, each in choices[:_SHOWN_TABLES])

    def _add_object(self, line: int, answer: str) -> None:
        try:
            value = from_json(answer)
        except ValueError:
            return
        for name, each in value.items() if isinstance(value, dict) else ():
            if isinstance(each, str) and len(each) <= LONGEST:
                self._add(line, name, each)

    def _add(self, line: int, name: str, value: str) -> None:
        known = self._fields.get(name)
        if known is None:
            if len(self._fields) >= _MOST_FIELDS:
                return
            known = self._fields[name] = _Field()
        known.add(line, value)


def _table(name: str, known: _Field) -> LabelTable:
    frequent = sorted(known.counts.items(), key=lambda pair: -pair[1])[:_SHOWN_LABELS]
    labels = tuple(Label(SCANNER.masked(text), count) for text, count in frequent)
    return LabelTable(SCANNER.masked(name)[:LONGEST], known.total, len(known.counts), labels)


def _variants(name: str, known: _Field) -> Iterator[Variants]:
    spelt: dict[str, list[tuple[str, int]]] = {}
    for label, count in known.counts.items():
        if count >= REPEATED and (folded := _letters(label)):
            spelt.setdefault(folded, []).append((label, count))
    for several in spelt.values():
        if len(several) > 1:
            ordered = tuple(sorted(several, key=lambda pair: -pair[1]))
            line = min(known.lines[label] for label, _ in ordered[1:])
            yield Variants(name, ordered, line, sum(count for _, count in ordered[1:]))


def _doubts(name: str, known: _Field) -> Iterator[Doubt]:
    frequent = [label for label, count in known.counts.items() if count >= REPEATED]
    for label, count in known.counts.items():
        if count >= REPEATED:
            continue
        meant = next((each for each in frequent if is_nearly(label, each)), None)
        if meant is not None or count == 1:
            yield Doubt(known.lines[label], name, label, meant)


def is_nearly(one: str, other: str) -> bool:
    """Whether two labels differ in case, spacing and punctuation only, or in one letter that is not the first.

    Digits always make a difference, and so does any letter of a word of fewer than six: ``low`` is not ``slow``.
    """
    first, second = (_letters(each) for each in (one, other))
    if first == second:
        return bool(first)
    if min(len(first), len(second)) < 6 or first[0] != second[0]:
        return False
    return _digits(one) == _digits(other) and _one_edit(*sorted((first, second), key=len))


def _letters(label: str) -> str:
    return "".join(each for each in label.casefold() if each.isalnum())


def _digits(label: str) -> str:
    return "".join(each for each in label if each.isdigit())


def _one_edit(short: str, long: str) -> bool:
    place = next((index for index, each in enumerate(short) if each != long[index]), len(short))
    if len(short) == len(long):
        swapped = short[place : place + 2] == long[place : place + 2][::-1]
        return short[place + 1 :] == long[place + 1 :] or (
            swapped and short[place + 2 :] == long[place + 2 :]
        )
    return len(long) == len(short) + 1 and short[place:] == long[place + 1 :]
