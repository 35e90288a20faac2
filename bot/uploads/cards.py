"""What is shown about uploads, beside the verdicts of ``bot.datasets.cards``, as values."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class WaitsInLine:
    """All places for work on files are taken: which this one is in the line, counted from 1."""

    place: int


@dataclass(frozen=True, slots=True)
class ScreeningBegun:
    """A guardrail reads some of a file's rows: what of it, and what that costs at most (None: unknown)."""

    guardrail: str
    rows: int
    records: int
    units: int
    usd: Decimal | None


@dataclass(frozen=True, slots=True)
class ScreeningEnded:
    """What came of it, in a sentence."""

    said: str
