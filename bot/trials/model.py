"""What is written down of a trial: which rows of which dataset are asked of which base, and how far that is."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.controller.schema import Schema
from bot.pricing.answers import MILLION
from bot.trials.prompt import ANSWER_TOKENS, CASES, PROMPT_BYTES

KIND = "trial"
AROUND = 256
"""Tokens that the service puts around a prompt at most: a choice, above any template for so few turns."""


@dataclass(frozen=True, slots=True)
class Price:
    """What a million tokens of the base cost, in US dollars, as it was offered."""

    put_in: Decimal
    given_out: Decimal

    @property
    def row(self) -> Decimal:
        """What one row costs at most: a tokenizer makes no more of a text than it has bytes."""
        return self.of(2 * PROMPT_BYTES + AROUND, ANSWER_TOKENS)

    @property
    def at_most(self) -> Decimal:
        """What all rows cost at most. No row is asked twice, whatever breaks off."""
        return CASES * self.row

    def of(self, put_in: int, given_out: int) -> Decimal:
        """Return what so many tokens cost."""
        return (put_in * self.put_in + given_out * self.given_out) / MILLION


@dataclass(frozen=True, slots=True)
class TrialSpec:
    """What is wanted: the base asked with the best prompt that the rows of a dataset suggest."""

    dataset: str
    name: str
    base: str
    fields: tuple[str, ...]
    """What is compared of each answer; see ``trials.comparing``."""
    price: Price
    user: str
    channel: str
    asked_at: datetime
    v: int = 1


@dataclass(slots=True)
class TrialStatus:
    """How far it is. A row is counted in ``begun`` before it is asked; of an ``unknown`` one nobody knows more."""

    rows: int = 0
    """How many there are to ask; 0 while nobody has looked."""
    begun: int = 0
    right: int = 0
    wrong: int = 0
    unknown: int = 0
    untold: int = 0
    """Rows that were asked, and of which nobody said what was billed: each counts as what it costs at most."""
    put_in: int = 0
    given_out: int = 0
    instruction: str = ""
    examples: int = 0
    commonest: int = 0
    """How many of the rows have the most frequent answer."""
    why: str = ""
    """Why it ended before all were asked; empty when it did not."""
    over: bool = False


SCHEMA = Schema(KIND, TrialSpec, TrialStatus)


def spent(spec: TrialSpec, status: TrialStatus) -> Decimal:
    """Return what it has cost at most so far, in US dollars."""
    return spec.price.of(status.put_in, status.given_out) + status.untold * spec.price.row
