"""What a lease takes from the budgets: at most, before it begins, and in the end."""

from datetime import datetime, timedelta
from decimal import Decimal

from bot.pricing import estimates
from bot.pricing.book import PriceBook
from bot.pricing.ledger import Entry, SpendingKind
from bot.profiles.model import Serving
from bot.serving.record import LEASE, LeaseProgress, LeaseSpec, ReleaseProgress
from bot.serving.transitions import NEVER_STARTED
from bot.serving.views import billed, hour_of

STARTUP_MINUTES = 30
"""What is reserved for the start-up, which AWS bills too: its own notebook says that it takes 20 to 30 minutes."""


def entry_of(spec: LeaseSpec, prices: PriceBook, at: datetime) -> Entry:
    """Return the ledger's line for a lease: its minutes in service and its start-up, in begun hours."""
    plan = spec.plan
    startup = STARTUP_MINUTES if plan.serving is Serving.PROVISIONED_THROUGHPUT else 0
    return Entry(
        id=f"{LEASE}:{plan.id}",
        kind=SpendingKind.SERVING,
        owner=plan.owner,
        channel=plan.channel,
        model=plan.model_name,
        base=plan.profile,
        dataset="",
        at=at,
        committed=estimates.lease(hour_of(plan, prices), spec.minutes + startup, plan.model_units),
    )


def actual(
    spec: LeaseSpec, progress: LeaseProgress, prices: PriceBook, release: ReleaseProgress | None
) -> Decimal | None:
    """Return what a lease that is over cost, in US dollars; None when the price is unknown."""
    if progress.phase in NEVER_STARTED:
        return Decimal(0)
    elapsed = billed(progress, release) or timedelta()
    return estimates.spent(hour_of(spec.plan, prices), elapsed, spec.plan.model_units)
