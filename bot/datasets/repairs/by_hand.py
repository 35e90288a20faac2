"""What a person chose of the rows of a file, row by row."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ByHand:
    """Rows by their positions: 1 is the first row that ``Reader`` gives, blank ones counted.

    ``drop`` are left out; ``edits`` have that text in their place, one record in one line.
    """

    drop: frozenset[int] = frozenset()
    edits: Mapping[int, str] = field(default_factory=dict)


UNTOUCHED = ByHand()
