"""A lease as a way of serving: the model that answers under it, and the one that is to take its place."""

from bot.controller.model import Resource
from bot.leases.endpoint import LeasePhase
from bot.leases.model import LEASE_SCHEMA
from bot.leases.versions import models_at
from bot.models.serving import Served, ServedState
from bot.profiles.model import Serving


def served_under(resource: Resource) -> list[Served]:
    """Return the model that answers under a lease, and the one that is to take its place."""
    spec, status = LEASE_SCHEMA.spec_of(resource), LEASE_SCHEMA.status_of(resource)
    states = {LeasePhase.IN_SERVICE: ServedState.IN_SERVICE, LeasePhase.RELEASING: ServedState.ENDING}
    state = states.get(status.phase, ServedState.WAKING)
    first, *coming = models_at(resource)
    return [
        Served(
            model_arn=each.arn,
            model_name=each.name,
            channel=spec.plan.channel,
            state=state if each is first or state is ServedState.ENDING else ServedState.WAKING,
            asked_at=each.at,
            endpoint_arn=status.arn,
            by_token=spec.plan.serving is Serving.ON_DEMAND_DEPLOYMENT,
        )
        for each in (first, *coming)
    ]
