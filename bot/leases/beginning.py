"""Since when what is leased is in service, whatever a store has forgotten of that."""

from datetime import datetime, timedelta

from bot.errors import Unavailable
from bot.leases import tags
from bot.leases.deadlines import begun, passed
from bot.leases.model import LeaseSpec, LeaseStatus, Moment
from bot.leases.ports import Endpoints

PATIENCE = timedelta(minutes=2)
"""How long after the first look its tags are waited for."""


def in_service_since(
    endpoints: Endpoints,
    region: str,
    arn: str,
    spec: LeaseSpec,
    status: LeaseStatus,
    *,
    first: Moment,
    now: Moment,
) -> Moment | None:
    """Return since when it is in service; None while its tags may yet tell that a store has forgotten it.

    ``first`` is when it was first seen. Nothing that AWS does not answer keeps its minutes from running.
    """
    tagged: datetime | None = None
    try:
        tagged = tags.deadline_at(endpoints, region, arn)
    except Unavailable:
        if passed(first, now) < PATIENCE:
            return None
    return begun(now, spec, status, tagged)
