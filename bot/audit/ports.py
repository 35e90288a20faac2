"""What the audit needs of the outside: where entries are kept, and where what is sealed is published."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from bot.audit.chain import Chain, Entry, Head
from bot.audit.decisions import Decision


def place_of(regions: Iterable[str]) -> str:
    """Return the region whose bucket has the audit: the first by its name."""
    return min(regions)


class Refusals(Protocol):
    """Where it is written that somebody was refused something. Raises ``Unavailable``."""

    def append(self, decision: Decision) -> None:
        """Add an entry for what is written nowhere else."""


class Trail(Protocol):
    """The entries, in the order in which they were made. All methods raise ``Unavailable``."""

    @property
    def chain(self) -> Chain:
        """What makes their codes."""

    def head(self) -> Head:
        """Return where they end."""

    def read(self, after: int = 0, count: int = 1000) -> Sequence[Entry]:
        """Return so many of those after a number, the oldest first."""

    def cut(self, up_to: int) -> None:
        """Forget those up to a number, that one included. Repeating it is harmless."""


class Segments(Protocol):
    """What is sealed, in a place that Redis has no hand in. Raises what S3 answers: all our errors."""

    @property
    def region(self) -> str:
        """The region of the bucket that they are in."""

    def put(self, first: int, head: Head, content: bytes) -> None:
        """Keep a segment. The same again changes nothing; another one of the same numbers is kept beside it."""

    def heads(self) -> Mapping[int, str]:
        """Return the codes of all segments' last entries, by number; of two that differ both, so that no chain fits."""
