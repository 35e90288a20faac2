"""When somebody else has to agree before money is spent."""

from decimal import Decimal

from bot.pricing.money import money, upwards


def own_is_fine(cost: Decimal | None, self_approval_limit: Decimal) -> bool:
    """Return whether an approver may approve what they asked for themselves; an unknown price is over any limit."""
    return cost is not None and cost <= self_approval_limit


def needs_approval(cost: Decimal | None, limit: Decimal) -> str:
    """Return why an approver has to agree, or an empty string when nobody has to.

    An unknown price always needs one: a limit means nothing against a figure that nobody knows.
    """
    if cost is None:
        return "The price is unknown, so an approver has to agree."
    if cost > limit:
        return f"{upwards(cost)} is over the limit of {money(limit)} that needs no approval."
    return ""
