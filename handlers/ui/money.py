"""Prices in words. A price that nobody knows is said to be unknown, never shown as nothing."""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from bot.leases.views import hour_at_most
from bot.pricing.answers import AT_BASE_PRICE, AnswerPrices, Thousand
from bot.pricing.model import Quote
from bot.pricing.money import UNKNOWN, about, upwards
from bot.profiles.model import PriceKind
from handlers.ui.text import count, plain

_PAGE = re.compile(r"https?://([^/\s]+)\S*(?:\s*\([^)]*\))?")
"""A page, with what is said in brackets about where on it."""

NOTHING_IDLE = "nothing while idle, then by the token"

_UNITS = {
    PriceKind.TRAINING: "per 1,000 tokens",
    PriceKind.STORAGE: "a month",
    PriceKind.MODEL_UNIT_HOUR: "an hour for each model unit",
    PriceKind.MODEL_UNIT_HOUR_1_MONTH: "an hour for each model unit, for a month",
    PriceKind.MODEL_UNIT_HOUR_6_MONTHS: "an hour for each model unit, for six months",
    PriceKind.INPUT: "per million input tokens",
    PriceKind.OUTPUT: "per million output tokens",
    PriceKind.BATCH_INPUT: "per million input tokens in batch",
    PriceKind.BATCH_OUTPUT: "per million output tokens in batch",
    PriceKind.SCREENING: "per 1,000 text units that are screened",
}


def unit_price(amount: Decimal) -> str:
    """Return ``$1,234.50``; a price of fractions of a cent keeps its digits, since it is multiplied."""
    if amount and abs(amount) < Decimal("0.01"):
        return f"${amount.normalize():f}"
    return f"${amount.quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


def unit(kind: PriceKind) -> str:
    """Return what a price of this kind is for."""
    return _UNITS[kind]


def quote(price: Quote | None) -> str:
    """Return a price with its unit, or that it is unknown."""
    if price is None or price.usd is None:
        return UNKNOWN
    if price.kind is PriceKind.MODEL_UNIT_HOUR and price.usd == 0:
        return NOTHING_IDLE  # a deployment has no model units
    return f"{unit_price(price.usd)} {unit(price.kind)}"


def answer_prices(prices: AnswerPrices) -> str:
    """Return what a million tokens of an answer cost, or that it is unknown."""
    put_in, given_out = prices.put_in.usd, prices.given_out.usd
    if put_in is None or given_out is None:
        return UNKNOWN
    mark = f", {AT_BASE_PRICE}" if prices.of_base else ""
    return f"{unit_price(put_in)} for a million tokens read, {unit_price(given_out)} written{mark}"


def answers_and_tokens(answers: int, tokens: int) -> str:
    """Return how many answers there were, and the tokens that were read and written for them in all."""
    return f"{count(answers, 'answer')}, {about_tokens(tokens)}"


def about_tokens(tokens: int) -> str:
    """Return ``812 tokens``, ``34,100 tokens`` or ``1.3M tokens``."""
    if tokens >= 1_000_000:
        return f"{tokens / 1_000_000:,.1f}M tokens"
    return count(tokens if tokens < 10_000 else round(tokens, -2), "token")


def thousand_questions(cost: Thousand | None) -> str:
    """Return what a thousand questions cost at the average of those that were asked, with what that is made of.

    Empty where nobody has asked yet.
    """
    if cost is None or not cost.average.answers:
        return ""
    average = cost.average
    each = f"{round(average.put_in):,} tokens read and {round(average.given_out):,} written for each"
    of = f"the average of {count(average.answers, 'answer')} in this channel"
    mark = f" Counted {AT_BASE_PRICE}." if cost.of_base else ""
    return f"A thousand questions cost {about(cost.usd)}: {each}, {of}.{mark}"


def storage(prices: Sequence[Quote]) -> str:
    """Return what storing models costs a month, a price for each; those of unknown price are counted apart.

    It is the price of what is stored; "at most" is said of the one sum that is agreed to.
    """
    known = [each.usd for each in prices if each.usd is not None]
    models, unknown = count(len(prices), "model"), len(prices) - len(known)
    if not known:
        return f"{models}, {UNKNOWN}"
    sum_of_them = f"{upwards(sum(known, Decimal(0)))} a month"
    if not unknown:
        return f"{models}, {sum_of_them}"
    return f"{models}, {sum_of_them} for {len(known)} of them; {UNKNOWN} for {unknown}"


def served(hour: Quote | None) -> str:
    """Return what serving costs: an hour of a model unit, and a lease of an hour at most."""
    if hour is None or hour.usd == 0:
        return NOTHING_IDLE
    if hour.usd is None:
        return quote(hour)
    return f"{quote(hour)}; a lease of an hour costs {hour_at_most(hour)}"


def sources(*prices: Quote | None) -> str:
    """Return who says so, each source once and a page by its site; empty when nothing that costs has a known price."""
    known = (each.source for each in prices if each and each.usd and each.source)
    return "; ".join(dict.fromkeys(plain(_PAGE.sub(r"\1", each), 200) for each in known))
