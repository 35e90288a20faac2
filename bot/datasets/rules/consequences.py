"""One mistake, one cause: what only follows from another cause is left out of the report."""

from collections.abc import Iterable, Iterator

from bot.datasets.content import wording
from bot.datasets.model import Cause
from bot.datasets.rules import file, file_statistics

FOLLOWS: dict[str, frozenset[str]] = {
    file.BROKEN_PACKING.code: frozenset(
        {
            *(rule.code for rule in file.PACKED.values()),
            file_statistics.TOO_FEW_RECORDS.code,
            file_statistics.FEW_RECORDS.code,
        }
    ),
    # What could not be decoded stands in the rows as U+FFFD, by which damaged text is known.
    file.BROKEN_ENCODING.code: frozenset({wording.DAMAGED_TEXT.code}),
    file.NOT_UTF8.code: frozenset({wording.DAMAGED_TEXT.code}),
}
"""By the code of a cause, the codes of what follows from it."""

OPENING = ("unpack", "re-encode")
"""Repairs that only bring to light what is within."""


def without_consequences(causes: Iterable[Cause], *, holds_rows: bool) -> Iterator[Cause]:
    """Yield the causes that stand for a mistake of their own.

    When there are no rows within, unpacking or re-encoding the file leads nowhere, so it is not asked for.
    """
    known = tuple(causes)
    hidden = {code for cause in known for code in FOLLOWS.get(cause.code, ())}
    for cause in known:
        if cause.code not in hidden and (holds_rows or cause.repair not in OPENING):
            yield cause
