"""What things cost, and where each figure comes from. US dollars as ``Decimal``; None means that nobody knows."""

from dataclasses import dataclass
from decimal import Decimal

from bot.profiles.model import PriceKind


@dataclass(frozen=True, slots=True)
class Quote:
    """One price. ``source`` says who set it: the operator, or the page that published it and when.

    ``of_base``: it is that of the base model, since none is published of what was tuned from it.
    """

    kind: PriceKind
    usd: Decimal | None
    source: str
    of_base: bool = False


@dataclass(frozen=True, slots=True)
class TrainingEstimate:
    """What training will cost at most: tokens times epochs times the price of a thousand."""

    tokens: int
    epochs: int
    per_1k_tokens: Quote
    usd: Decimal | None
