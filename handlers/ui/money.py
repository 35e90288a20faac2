"""Prices in words. A price that nobody knows is said to be unknown, never shown as nothing."""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from bot.leases.views import hour_at_most
from bot.pricing.model import Quote
from bot.pricing.money import UNKNOWN, at_most
from bot.profiles.model import PriceKind
from handlers.ui.text import count, plain

_PAGE = re.compile(r"https?://([^/\s]+)\S*(?:\s*\([^)]*\))?")
"""A page, with what is said in brackets about where on it."""

_UNITS = {
    PriceKind.TRAINING: "per 1,000 tokens",
    PriceKind.STORAGE: "a month",
    PriceKind.MODEL_UNIT_HOUR: "an hour for each model unit",
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
    return f"{unit_price(price.usd)} {unit(price.kind)}"


def storage(prices: Sequence[Quote]) -> str:
    """Return what storing models costs a month, a price for each; those of unknown price are counted apart."""
    known = [each.usd for each in prices if each.usd is not None]
    models, unknown = count(len(prices), "model"), len(prices) - len(known)
    if not known:
        return f"{models}, {UNKNOWN}"
    sum_of_them = f"{at_most(sum(known, Decimal(0)))} a month"
    if not unknown:
        return f"{models}, {sum_of_them}"
    return f"{models}, {sum_of_them} for {len(known)} of them; {UNKNOWN} for {unknown}"


def served(hour: Quote | None) -> str:
    """Return what serving costs: an hour of a model unit, and a lease of an hour at most."""
    if hour is None or hour.usd == 0:
        return "nothing while idle, then by the token"
    if hour.usd is None:
        return quote(hour)
    return f"{quote(hour)}; a lease of an hour costs {hour_at_most(hour)}"


def sources(*prices: Quote | None) -> str:
    """Return who says so, each source once and a page by its site; empty when nothing that costs has a known price."""
    known = (each.source for each in prices if each and each.usd and each.source)
    return "; ".join(dict.fromkeys(plain(_PAGE.sub(r"\1", each), 200) for each in known))
