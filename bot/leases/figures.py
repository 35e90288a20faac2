"""What runs by the hour now, in figures for whoever watches the bot: nothing of whose it is."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from bot.controller.ports import ResourceStore
from bot.leases.deadlines import RELEASE, at_the_latest
from bot.leases.endpoint import LeasePhase
from bot.leases.model import LEASE, LEASE_SCHEMA
from bot.leases.views import agreed_hour
from bot.pricing import estimates
from bot.pricing.book import PriceBook
from bot.profiles.model import Serving

BILLED = frozenset({LeasePhase.CREATING, LeasePhase.IN_SERVICE, LeasePhase.RELEASING})
"""AWS bills from the creation to the deletion."""
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Running:
    """What all leases cost an hour, in US dollars; how many have no known price; how many should be gone by now."""

    usd_an_hour: Decimal
    unpriced: int
    overdue: int


def running(store: ResourceStore, prices: PriceBook) -> Running:
    """Return what runs now, by what the store knows.

    Raises:
        Unavailable: the store did not answer.
    """
    now = datetime.fromtimestamp(store.now(), UTC)
    usd, unpriced, overdue = Decimal(0), 0, 0
    for resource in store.unfinished(LEASE):
        spec, status = LEASE_SCHEMA.spec_of(resource), LEASE_SCHEMA.status_of(resource)
        if status.phase not in BILLED or spec.plan.serving is Serving.ON_DEMAND_DEPLOYMENT:
            continue
        each = estimates.throughput(agreed_hour(spec, prices), _HOUR, spec.plan.model_units)
        usd, unpriced = usd + (each or 0), unpriced + (each is None)
        latest = at_the_latest(spec, status)
        overdue += latest is not None and now > latest + RELEASE
    return Running(usd, unpriced, overdue)
