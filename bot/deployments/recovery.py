"""Deployments held against the store: what it has forgotten is followed again where it was told."""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.clock import Clock
from bot.controller.ports import ResourceStore
from bot.deployments import tags
from bot.deployments.cards import DeploymentFollowedAgain
from bot.deployments.model import KIND, SCHEMA, DeploymentSpec
from bot.deployments.ports import DeploymentObservation, Deployments
from bot.models.versions import ModelVersion
from bot.profiles.registry import profile_of
from bot.spending.comparing import Looked, compare
from bot.spending.recovery import Found
from bot.spending.tags import Origin

_BEFORE = timedelta(hours=1)
"""How long before its creation its first message may have been posted."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LostDeployments:
    """Compares a region's deployments with the store. ``bot`` is what this bot is called among several."""

    deployments: Deployments
    store: ResourceStore
    clock: Clock
    bot: str = ""

    def look(self, region: str, strangers: Collection[str]) -> Looked:
        """Compare; ``strangers`` are the ARNs that were none of our business the last time."""
        return compare(
            lambda: self.deployments.list_all(region),
            self._known,
            strangers,
            lambda seen: self._one(region, seen),
        )

    def _known(self) -> set[str]:
        return {str(SCHEMA.status_of(each).arn) for each in self.store.of_kind(KIND)}

    def _one(self, region: str, seen: DeploymentObservation) -> list[Found] | None:
        """Return what there is to be told of one; None when it is none of ours."""
        marked = self.deployments.tags(region, seen.arn)
        origin = tags.origin(marked) if tags.is_ours(marked, self.bot) else None
        if origin is None or marked.get(tags.DEPLOYMENT) != origin.digest[:12]:
            return None
        spec = self._spec(region, seen, origin, marked.get(tags.MODEL, ""))
        if spec is None:
            log.warning("%s is tagged as ours, and of a base that there is no profile of", seen.arn)
            return None
        wanted = SCHEMA.wanted(spec.id, spec)
        if self.store.get(wanted.key):
            return []  # it is just being written down, or removed
        log.warning("%s was forgotten; it is followed again", seen.arn)
        return [Found(DeploymentFollowedAgain(seen.name, region, spec.channel), (wanted,))]

    def _spec(
        self, region: str, seen: DeploymentObservation, origin: Origin, model: str
    ) -> DeploymentSpec | None:
        """Return the deployment as its tags tell of it; what people wanted of it since is at AWS, or lost."""
        profile = profile_of(seen.model_arn)
        if profile is None or not model:
            return None
        return DeploymentSpec(
            name=seen.name,
            region=region,
            profile=profile.name,
            owner=origin.owner,
            channel=origin.channel,
            thread_ts=None if origin.opened else origin.thread_ts,
            asked_at=_posted(origin) or seen.created - _BEFORE,
            request="",
            versions=(ModelVersion(seen.model_arn, model, origin.owner, seen.created),),
            found_again=self.clock.now(),
            known_as=origin.digest,
        )


def _posted(origin: Origin) -> datetime | None:
    """Return when the thread began: a message's timestamp is its time. Its card is looked for from then on."""
    try:
        return datetime.fromtimestamp(float(origin.thread_ts or ""), UTC)
    except (ValueError, OverflowError):
        return None
