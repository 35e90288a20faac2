"""What a check of a record is: it says what is wrong, and what clears a good row of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.datasets.clearance import Clearance
from bot.datasets.findings import Finding
from bot.datasets.records import Record
from bot.profiles.model import Profile, RecordFormat


@dataclass(frozen=True, slots=True)
class Check:
    """One check. Without ``cleared_by`` it is run on every row, which is right, and slow in a large file."""

    find: Callable[[Record, Profile], Iterator[Finding]]
    cleared_by: tuple[Clearance, ...] = ()
    only_for: RecordFormat | None = None
    """The format whose records it is about; None for both."""
