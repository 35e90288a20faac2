"""What a lease is offered for, and why an approver has to agree to that."""

from dataclasses import replace

from bot.leases.extensions import Limits
from bot.leases.model import LeaseSpec
from bot.leases.views import cost_at_most, hour_of
from bot.pricing.book import PriceBook
from bot.spending.approval import needs_approval, own_is_fine


def offered(spec: LeaseSpec, prices: PriceBook, limits: Limits) -> LeaseSpec:
    """Return the lease at the price of now, with whoever has to agree to that."""
    spec = replace(spec, hour=hour_of(spec.plan, prices))
    cost = cost_at_most(spec, prices)
    return replace(
        spec,
        usd=cost,
        needs_approval=needs_approval(cost, limits.approval),
        own_is_fine=own_is_fine(cost, limits.own),
    )


def why_approver(spec: LeaseSpec, prices: PriceBook, limits: Limits) -> str:
    """Return why an approver had to agree to the lease as it was asked for; empty when nobody had to."""
    if spec.needs_approval is not None:
        return spec.needs_approval
    asked = LeaseSpec(plan=spec.plan, asked_at=spec.asked_at)
    return needs_approval(cost_at_most(asked, prices), limits.approval)
