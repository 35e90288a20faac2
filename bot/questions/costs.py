"""What one answer costs where questions are billed by the token: at most, before it is asked, and in the end."""

from collections.abc import Sequence
from decimal import Decimal

from bot.pricing.book import PriceBook
from bot.profiles import registry
from bot.profiles.model import PriceKind
from bot.questions.answerer import Answerer, Turn

MILLION = 1_000_000
AROUND = 32
"""Tokens that the service puts around each turn at most: roles and separators. A choice, above any template."""


def prompt_at_most(answerer: Answerer, turns: Sequence[Turn]) -> int:
    """Return how many tokens the prompt has at most: a tokenizer makes no more of a text than it has bytes."""
    texts = [answerer.system_prompt or "", *(turn.text for turn in turns)]
    return sum(len(text.encode()) + AROUND for text in texts)


def cost(prices: PriceBook, base: str, *, prompt: int, answer: int) -> Decimal | None:
    """Return what so many tokens of a model of that base cost in US dollars, or None when a price is unknown."""
    profile = registry.get(base)
    put_in, given_out = (
        prices.quote(profile, PriceKind.INPUT).usd,
        prices.quote(profile, PriceKind.OUTPUT).usd,
    )
    if put_in is None or given_out is None:
        return None
    return (prompt * put_in + answer * given_out) / MILLION
