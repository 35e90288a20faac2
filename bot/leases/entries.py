"""What a lease takes from the budgets: at most, before it begins, and in the end."""

from datetime import datetime, timedelta
from decimal import Decimal

from bot.leases.extensions import spenders
from bot.leases.model import LEASE, LeaseSpec, LeaseStatus, ReleaseStatus
from bot.leases.transitions import NEVER_STARTED
from bot.leases.views import agreed_hour, billed, cost_at_most
from bot.pricing import estimates
from bot.pricing.book import PriceBook
from bot.spending.ledger import Entry, SpendingKind


def entry_of(spec: LeaseSpec, prices: PriceBook, at: datetime) -> Entry:
    """Return the ledger's line for a lease: what can be billed for it at most."""
    plan = spec.plan
    return Entry(
        id=f"{LEASE}:{plan.id}",
        kind=SpendingKind.SERVING,
        owner=plan.owner,
        channel=plan.channel,
        model=plan.model_name,
        base=plan.profile,
        dataset="",
        at=at,
        committed=cost_at_most(spec, prices),
        others=spenders(spec),
        edition=spec.edition,
    )


def actual(
    spec: LeaseSpec, progress: LeaseStatus, prices: PriceBook, release: ReleaseStatus | None
) -> Decimal | None:
    """Return what a lease that is over cost at most, in US dollars; None when the price is unknown."""
    if progress.phase in NEVER_STARTED:
        return Decimal(0)
    elapsed = billed(spec, progress, release) or timedelta()
    return estimates.throughput(agreed_hour(spec, prices), elapsed, spec.plan.model_units)
