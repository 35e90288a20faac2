"""Amounts of money as people read them."""

from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

UNKNOWN = "price unknown"
_CENT = Decimal("0.01")
_SHOWN = 2
"""Digits of an amount under a cent."""


def money(usd: Decimal | None) -> str:
    """Return ``$0.42``, ``$8,712.00``, ``less than $0.01``, or ``price unknown`` for None."""
    if usd is None:
        return UNKNOWN
    if 0 < usd < _CENT:
        return f"less than ${_CENT}"
    return f"${usd.quantize(_CENT, ROUND_HALF_UP):,}"


def upwards(usd: Decimal | None) -> str:
    """Return an amount that nothing may exceed: cents are rounded up, where ``money`` takes the nearest."""
    return money(usd if usd is None or 0 < usd < _CENT else usd.quantize(_CENT, ROUND_CEILING))


def at_most(usd: Decimal | None) -> str:
    """Return ``at most $0.42``, or ``price unknown``: for an estimate that is an upper bound.

    What is less than a cent needs no other bound: ``less than $0.01``.
    """
    return _bounded("at most", usd)


def up_to(usd: Decimal | None) -> str:
    """Return ``up to $0.42``: the same where "at most" is said of another figure."""
    return _bounded("up to", usd)


def _bounded(how: str, usd: Decimal | None) -> str:
    said = upwards(usd)
    return said if usd is None or 0 < usd < _CENT else f"{how} {said}"


def about(usd: Decimal | None) -> str:
    """Return ``≈ $0.42``, ``less than $0.01``, or ``price unknown``: for a sum computed here, not of a bill."""
    return money(usd) if usd is None or 0 < usd < _CENT else f"≈ {money(usd)}"


def fine(usd: Decimal | None) -> str:
    """Return ``$0.00031``, ``$0.42``, or ``price unknown``: for what is a fraction of a cent, and adds up."""
    if usd is None or not 0 < usd < _CENT:
        return money(usd)
    # `adjusted` is the place of the first digit that is not 0.
    return f"${usd.quantize(Decimal(1).scaleb(usd.adjusted() + 1 - _SHOWN), ROUND_HALF_UP).normalize():f}"
