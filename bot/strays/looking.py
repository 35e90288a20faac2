"""What runs in a region and is nobody's here: all throughput and deployments, without what store or tags know.

What our tags name well enough is not among them: a forgotten lease or deployment is followed again by the look at the
account, and what another bot leased has its deadline, which is kept for it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.controller.model import Resource
from bot.controller.ports import ResourceStore
from bot.deployments import tags as deployed
from bot.deployments.model import KIND as DEPLOYMENT_KIND
from bot.deployments.model import SCHEMA as DEPLOYMENTS
from bot.deployments.model import is_live
from bot.errors import NotFound
from bot.leases import tags
from bot.leases.endpoint import EndpointObservation, EndpointStatus
from bot.leases.model import LEASE, LEASE_SCHEMA, RELEASE, RELEASE_SCHEMA
from bot.leases.ports import Endpoints
from bot.profiles.model import Serving
from bot.profiles.registry import profile_of
from bot.spending.comparing import Neighbours
from bot.spending.tags import BOT, DEPLOYMENT
from bot.strays.model import MOST, Stray


@dataclass(frozen=True, slots=True)
class Looking:
    """A look at the account. ``bot`` is what this bot is called among several."""

    endpoints: Endpoints
    store: ResourceStore
    neighbours: Neighbours
    bot: str = ""

    def look(self, region: str) -> tuple[Stray, ...]:
        """Return the strays of a region, the oldest first.

        Raises:
            TunesmithError: a listing, or the tags of one of them, could not be read.
        """
        known = self._known()
        found = [
            stray
            for serving in Serving
            for seen in self.endpoints.list_all(region, serving)
            if seen.arn not in known and (stray := self._one(region, serving, seen))
        ]
        return tuple(sorted(found, key=lambda each: each.created)[:MOST])

    def is_stray(self, region: str, serving: Serving, seen: EndpointObservation) -> bool:
        """Return whether it still is one, whatever an earlier look saw."""
        return seen.arn not in self._known() and self._one(region, serving, seen) is not None

    def _one(self, region: str, serving: Serving, seen: EndpointObservation) -> Stray | None:
        try:
            marked = self.endpoints.tags(region, seen.arn)
        except NotFound:  # it went between the listing and now
            return None
        if self._is_looked_after(seen, marked):
            return None
        is_ours = tags.is_ours(marked, self.bot)
        return Stray(
            arn=seen.arn,
            name=seen.name,
            region=region,
            serving=serving,
            created=seen.created,
            seen_at=seen.seen_at,
            model_arn=seen.model_arn,
            units=seen.units,
            is_ready=seen.status is EndpointStatus.IN_SERVICE,
            committed_until=seen.committed_until,
            bot=marked.get(BOT, "") if tags.is_tunesmiths(marked) and not is_ours else "",
            is_ours=is_ours,
        )

    def _is_looked_after(self, seen: EndpointObservation, marked: Mapping[str, str]) -> bool:
        """Return whether its tags alone have it looked after: by its deadline, or as a deployment that is followed.

        Another bot's is followed by that, as long as it is at work.
        """
        if not tags.is_tunesmiths(marked):
            return False
        if DEPLOYMENT not in marked:
            return tags.LEASE in marked and tags.release_by(marked) is not None
        if not tags.is_ours(marked, self.bot):
            return self.neighbours.at_work(marked.get(BOT, ""))
        return deployed.is_looked_after(marked, self.bot) and profile_of(seen.model_arn) is not None

    def _known(self) -> set[str]:
        return set(
            arns_of(
                self.store.of_kind(LEASE), self.store.of_kind(RELEASE), self.store.of_kind(DEPLOYMENT_KIND)
            )
        )


def arns_of(
    leases: Iterable[Resource], releases: Iterable[Resource], deployments: Iterable[Resource]
) -> Iterable[str]:
    """Return the ARNs of what is leased, to be released or deployed here, as far as they are known."""
    found = [LEASE_SCHEMA.status_of(each).arn for each in leases if not each.done]
    found += [RELEASE_SCHEMA.status_of(each).arn for each in releases if not each.done]
    found += [DEPLOYMENTS.status_of(each).arn for each in deployments if is_live(each)]
    return [each for each in found if each]
