"""Jobs that were made elsewhere, as handlers ask for them."""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from bot.access import Access
from bot.clock import Clock
from bot.controller.model import Resource
from bot.controller.ports import SpecWriter
from bot.directory.directory import Directory
from bot.directory.refusals import not_here, places
from bot.errors import NotFound
from bot.jobs.adoption import FollowWish
from bot.jobs.model import Elsewhere, JobObservation
from bot.jobs.record import KIND as JOB
from bot.jobs.record import SCHEMA as JOBS
from bot.names import did_you_mean
from bot.unmanaged.model import KIND, SCHEMA, Maker, UnmanagedJobsSpec, UnmanagedJobsStatus
from bot.visibility import Origin, Provenance
from bot.wording import quoted

_FRESH = timedelta(seconds=30)
"""A look that is younger is not repeated."""


def _ours(directory: Directory) -> set[tuple[str, str]]:
    """Return the region and name of every job that is followed, whoever sees it."""
    plans = (JOBS.spec_of(each).plan for each in directory.for_rules(JOB))
    return {(each.region, each.job_name) for each in plans}


def _origin_of(maker: Maker) -> Origin | None:
    return Origin(maker.channel, maker.owner) if maker.channel else None


def status_of(resource: Resource | None) -> UnmanagedJobsStatus:
    """Return what was seen at the last look; nothing when there was none."""
    return SCHEMA.status_of(resource) if resource else UnmanagedJobsStatus()


class UnmanagedJobsService:
    """What people want to know of the account's other jobs. Writes it down; never waits for AWS."""

    def __init__(
        self, store: SpecWriter, directory: Directory, access: Access, clock: Clock, regions: Collection[str]
    ) -> None:
        self._store = store
        self._directory = directory
        self._access = access
        self._clock = clock
        self._regions = tuple(regions)

    @property
    def is_shown(self) -> bool:
        """Whether the viewer may know of jobs that were made elsewhere."""
        return self._directory.sees_account

    def region_of(self, name: str) -> str | None:
        """Return the region in which the last look saw a job of that name that is none of ours, or None.

        None as well when the viewer may not know of such jobs.
        """
        if not self._directory.sees_account:
            return None
        folded, ours = name.lower(), _ours(self._directory)
        for region in self._regions:
            seen = self._shown(region)
            if any(each.name.lower() == folded and (region, each.name) not in ours for each in seen):
                return region
        return None

    def look(self) -> None:
        """Have every region looked at, unless that was done just now, or the viewer may not see what is found."""
        if not self._directory.sees_account:
            return
        now = self._clock.now()
        for region in self._regions:
            status = self._status(region)
            if status.at is None or abs(now - status.at) > _FRESH:
                self._want(region, ())

    def elsewhere(self) -> list[Elsewhere]:
        """Return what the last look saw of jobs that are not followed, newest first; what the viewer may know of."""
        ours = _ours(self._directory)
        found = [
            Elsewhere(
                region, seen.name, seen.status, seen.seen_at - seen.created, status.settled.get(seen.name, "")
            )
            for region in self._regions
            for status in [self._status(region)]
            for seen in self._shown(region)
            if (region, seen.name) not in ours
        ]
        return sorted(found, key=lambda each: each.age)

    def follow(self, region: str, name: str, *, by: str, channel: str) -> None:
        """Have a job followed that was made elsewhere, and told of in the channel. Repeating it is harmless.

        Raises:
            NotFound: the last look saw no such job; the hint has the nearest.
            NotAllowed: the person or the channel may not.
            Refused: another bot made it for a conversation that not everybody in the channel sees.
        """
        self._access.check_oversees(by)
        self._access.check_channel(channel)
        there = {each.name: each for each in self._shown(region)} if region in self._regions else {}
        shown = {JOBS.spec_of(each).plan.job_name for each in self._directory.resources(JOB)}
        # Somebody follows it where this person does not see it: naming it would tell that.
        unseen = {job for place, job in _ours(self._directory) if place == region and job not in shown}
        known = [each for each in there if each not in unseen]
        if name not in known:
            hint = did_you_mean(name, known, "`/tune jobs all` lists what there is.")
            raise NotFound(f"I saw no job {quoted(name)} in {region}.", hint=hint)
        origin = _origin_of(self._status(region).makers.get(there[name].arn, Maker()))
        if origin and not self._directory.sight.may_show(Provenance(((origin,),)), channel):
            raise not_here(quoted(name), places([origin]), "write to me directly")
        self._want(region, (FollowWish(name, by, channel),))

    def _want(self, region: str, wishes: tuple[FollowWish, ...]) -> None:
        now = self._clock.now()
        wanted = SCHEMA.wanted(region, UnmanagedJobsSpec(region, now, wishes))
        if self._store.register(wanted):
            return

        def change(spec: UnmanagedJobsSpec) -> UnmanagedJobsSpec:
            new = tuple(each for each in wishes if each.name not in {wish.name for wish in spec.follow})
            return replace(spec, asked_at=now, follow=spec.follow + new)

        self._store.amend(wanted.key, SCHEMA.on_documents(change))

    def _shown(self, region: str) -> list[JobObservation]:
        """Return what the last look saw, as the viewer may know of it: what a bot made came from a conversation."""
        status, found = self._status(region), []
        for each in status.jobs:
            maker = status.makers.get(each.arn)
            origin = _origin_of(maker) if maker else None
            if maker and (not origin or self._directory.sight.sees_channel(origin.channel, origin.person)):
                found.append(each)
        return found

    def _status(self, region: str) -> UnmanagedJobsStatus:
        return status_of(self._directory.unmanaged(KIND, region))
