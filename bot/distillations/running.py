"""The batch jobs that run, by their ARNs: whom an event of Bedrock's is about."""

from collections.abc import Mapping

from bot.controller.model import Key
from bot.controller.ports import ResourceStore
from bot.distillations.model import KIND, SCHEMA
from bot.distillations.transitions import RUNNING


def running(store: ResourceStore, region: str) -> Mapping[str, Key]:
    """Return the distillations whose batch job runs in the region. Raises ``Unavailable``."""
    found: dict[str, Key] = {}
    for each in store.unfinished(KIND):
        status = SCHEMA.status_of(each)
        if status.arn and status.phase in RUNNING and SCHEMA.spec_of(each).plan.region == region:
            found[status.arn] = each.key
    return found
