"""When somebody else has to agree before money is spent."""

from decimal import Decimal
from typing import Protocol

from bot.pricing.money import money, upwards
from bot.profiles.model import Term
from bot.spending.model import Offer


class ApprovalLimits(Protocol):
    """What the operator decides about approvals, in US dollars."""

    @property
    def approval_limit(self) -> Decimal:
        """Up to which nobody has to approve."""

    @property
    def self_approval_limit(self) -> Decimal:
        """Up to which an approver may approve what they asked for themselves."""

    @property
    def terms(self) -> frozenset[Term]:
        """For which terms throughput may be bought at all."""


def offered(cost: Decimal | None, limits: ApprovalLimits) -> Offer:
    """Return the offer of something that costs at most so much; None: nobody knows."""
    return Offer(
        cost, needs_approval(cost, limits.approval_limit), own_is_fine(cost, limits.self_approval_limit)
    )


def offered_for_a_term(cost: Decimal | None) -> Offer:
    """Return the offer of what is billed to the end of a term: whatever it costs, two people agree to it.

    Neither a limit nor an emergency stands for the second of them, since nobody can stop it afterwards.
    """
    reason = (
        "The price is unknown, so it needs approval."
        if cost is None
        else "A term is billed to its end, so it always needs approval."
    )
    return Offer(cost, reason, own_is_fine=False, is_strict=True)


def own_is_fine(cost: Decimal | None, self_approval_limit: Decimal) -> bool:
    """Return whether an approver may approve what they asked for themselves; an unknown price is over any limit."""
    return cost is not None and cost <= self_approval_limit


def needs_approval(cost: Decimal | None, limit: Decimal) -> str:
    """Return why an approver has to agree, or an empty string when nobody has to.

    An unknown price always needs one: a limit means nothing against a figure that nobody knows.
    """
    if cost is None:
        return "The price is unknown, so it needs approval."
    if cost > limit:
        return f"{upwards(cost)} is more than the {money(limit)} that may be spent without approval."
    return ""
