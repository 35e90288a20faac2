"""What one answer costs where questions are billed by the token: at most, before it is asked, and in the end."""

from collections.abc import Sequence
from decimal import Decimal

from bot.pricing.answers import prices_of
from bot.pricing.book import PriceBook
from bot.profiles import registry
from bot.questions.answerer import Answerer, Turn, Usage

AROUND = 32
"""Tokens that the service puts around each turn at most: roles and separators. A choice, above any template."""


def prompt_at_most(answerer: Answerer, turns: Sequence[Turn]) -> int:
    """Return how many tokens the prompt has at most: a tokenizer makes no more of a text than it has bytes."""
    texts = [answerer.system_prompt or "", *(turn.text for turn in turns)]
    return sum(len(text.encode()) + AROUND for text in texts)


def prompt_about(answerer: Answerer, turns: Sequence[Turn]) -> int:
    """Return about how many tokens the prompt has: three bytes each, which is much for any language but code."""
    texts = [answerer.system_prompt or "", *(turn.text for turn in turns)]
    return sum(len(text.encode()) // 3 + 1 for text in texts)


def cost(prices: PriceBook, base: str, *, prompt: int, answer: int) -> Decimal | None:
    """Return what so many tokens of a model of that base cost in US dollars, or None when a price is unknown."""
    return prices_of(prices, registry.get(base)).cost(prompt, answer)


def is_at_base_price(prices: PriceBook, base: str) -> bool:
    """Return whether answers of models of that base count at the base's own price: ``pricing.answers`` says why."""
    return prices_of(prices, registry.get(base)).of_base


def at_most(prices: PriceBook, answerer: Answerer, turns: Sequence[Turn]) -> Decimal | None:
    """Return what asking this costs at most by the token, in US dollars, or None when a price is unknown.

    It is the same figure for a model and for its base: they read the same, and may write as much.
    """
    prompt = prompt_at_most(answerer, turns)
    return cost(prices, answerer.profile, prompt=prompt, answer=answerer.max_tokens)


def of_answer(prices: PriceBook, answerer: Answerer, usage: Usage | None) -> tuple[Decimal | None, bool]:
    """Return what one answer cost in US dollars, and whether at the base's price in the place of the model's own.

    None where nobody knows.
    """
    if not answerer.by_token:
        return Decimal(0), False
    if usage is None:
        return None, False
    usd = cost(prices, answerer.profile, prompt=usage.input, answer=usage.output)
    at_base_price = not answerer.of_base and is_at_base_price(prices, answerer.profile)
    return usd, usd is not None and at_base_price
