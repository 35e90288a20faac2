"""Prices in words. A price that nobody knows is said to be unknown, never shown as nothing."""

from decimal import ROUND_HALF_UP, Decimal

from bot.pricing.model import Quote
from bot.profiles.model import PriceKind
from handlers.ui.text import plain

UNKNOWN = "price unknown"

_UNITS = {
    PriceKind.TRAINING: "per 1,000 tokens",
    PriceKind.STORAGE: "a month",
    PriceKind.MODEL_UNIT_HOUR: "an hour for each model unit",
    PriceKind.INPUT: "per million input tokens",
    PriceKind.OUTPUT: "per million output tokens",
}


def dollars(amount: Decimal | None) -> str:
    """Return ``$1,234.50``; fractions of a cent keep their digits; None is an unknown price."""
    if amount is None:
        return UNKNOWN
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
    return f"{dollars(price.usd)} {unit(price.kind)}"


def quote_with_source(price: Quote | None) -> str:
    """Return a price with its unit and who says so."""
    if price is None or price.usd is None or not price.source:
        return quote(price)
    return f"{quote(price)} ({plain(price.source, 200)})"
