"""What records are labelled with, so that both sides of a split get their share of every label.

A label is what ``bot.datasets.file_statistics.labels`` takes for one: a short answer, or a short text in an answer
that is a JSON object, of a vocabulary that repeats. Of several such fields the one in most records counts, then the
richer one.
"""

from collections import Counter
from collections.abc import Iterator

from pydantic_core import from_json

from bot.datasets.file_statistics.labels import LONGEST, REPEATED

_MOST_FIELDS = 1000
"""Of more fields none is what records are told apart by: taking those that come first would depend on the order."""

_MOST_VALUES = 1000
_LONGEST_OBJECT = 4000
_LEAST_SHARE = 0.5
"""Of the records must have a field for it to be what they are told apart by."""


class Strata:
    """Collects labels record by record; memory is bounded by fields and values, and a few numbers a record."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, str], int] = {}
        self._counts: dict[str, Counter[int]] = {}
        self._records: list[tuple[int, ...]] = []
        self._crowded = False

    def add(self, answer: str) -> None:
        """Take the last answer of the next record."""
        self._records.append(tuple(self._note(field, value) for field, value in labelled(answer)))

    def chosen(self) -> tuple[str | None, list[str | None]]:
        """Return the field that records are told apart by (empty: the whole answer), and each record's label.

        The field is None, and so is every label, when the answers choose from nothing.
        """
        field = None if self._crowded else max(self._choices(), key=self._weight, default=None)
        if field is None:
            return None, [None] * len(self._records)
        texts = {number: value for (name, value), number in self._names.items() if name == field}
        return field, [
            next((texts[number] for number in each if number in texts), None) for each in self._records
        ]

    def _choices(self) -> Iterator[str]:
        for field, counts in self._counts.items():
            total = counts.total()
            repeats = 2 <= len(counts) < _MOST_VALUES and len(counts) * REPEATED <= total
            if repeats and total >= _LEAST_SHARE * len(self._records):
                yield field

    def _weight(self, field: str) -> tuple[int, int, str]:
        return self._counts[field].total(), len(self._counts[field]), field

    def _note(self, field: str, value: str) -> int:
        """Return the number of the label, 0 for one beyond what is remembered."""
        if field not in self._counts and len(self._counts) >= _MOST_FIELDS:
            self._crowded = True
            return 0
        counts = self._counts.setdefault(field, Counter())
        known = self._names.get((field, value))
        if known is None:
            if len(counts) >= _MOST_VALUES:
                return 0
            known = self._names[field, value] = len(self._names) + 1
        counts[known] += 1
        return known


def labelled(answer: str) -> Iterator[tuple[str, str]]:
    """Yield (field, value) of everything in an answer that may be a label; the field of a plain answer is empty."""
    if answer[:1] != "{":
        if len(answer) <= LONGEST:
            yield "", answer
        return
    if len(answer) > _LONGEST_OBJECT:
        return
    try:
        value = from_json(answer)
    except ValueError:
        return
    for name, each in value.items() if isinstance(value, dict) else ():
        if isinstance(each, str) and len(each) <= LONGEST:
            yield name, each
