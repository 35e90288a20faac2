"""A lease's release, as it is registered and read."""

import logging
from datetime import UTC, datetime

from bot.controller.documents import dump
from bot.controller.effects import Effect
from bot.controller.model import Key, Registration
from bot.errors import TunesmithError
from bot.leases.deadlines import latest
from bot.leases.model import RELEASE, LeaseSpec, ReleaseSpec

SOON = 5.0
"""Seconds after the registration of the first look, and after a first deletion that failed."""
LONGEST = 60.0
"""Seconds at most between two tries of a deletion: at tens of dollars an hour, less than a dollar goes by unnoticed
once AWS lets it be deleted again."""


def until_next_try(failures: int) -> float:
    """Return the seconds to wait after so many deletions in a row that failed: doubled with each, up to the longest."""
    # Not 2 ** failures of any size: one that fails for days would not fit into a float.
    return min(SOON * 2.0 ** min(max(failures - 1, 0), 10), LONGEST)


log = logging.getLogger(__name__)


def note(key: Key, error: TunesmithError) -> None:
    """Have the log tell what keeps a release from working: it is not raised, so that nobody else does."""
    log.warning("%s: %s", key, error.sentence)


TROUBLE, WORKS = "release-trouble", "release-works"
"""What a lease's notices that its release does not work, and works again, are called."""
REFUSED = "AWS refuses it."
"""Stands for AWS's own words of a refusal, which may name what it is about, where others read along."""


DELETE = Effect(
    "delete-endpoint",
    "deleting the endpoint",
    "an endpoint that is gone: asked for by its ARN, it is not found, and that is what was wanted",
    longest=15.0,
)
WAKE = Effect("released", "having the lease tell it", "a lease that finds out by itself a little later")


def registration(spec: LeaseSpec, now: float) -> Registration:
    """Return the release of a lease, to be registered before anything is bought; ``now`` is the store's time."""
    plan, asked_at = spec.plan, datetime.fromtimestamp(now, UTC)
    wanted = ReleaseSpec(
        lease_id=plan.id,
        region=plan.region,
        serving=plan.serving,
        endpoint_name=plan.endpoint_name,
        asked_at=asked_at,
        release_by=latest(asked_at, plan.minutes),
        model_name=plan.model_name,
        owner=spec.owner,
        channel=plan.channel,
        adopts=bool(spec.adopts),
    )
    return Registration(Key(RELEASE, plan.id), dump(wanted), due_in=SOON)
