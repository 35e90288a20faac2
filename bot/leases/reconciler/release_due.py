"""When what was leased has to go, by what is wanted, what AWS says of its term, and which clocks agree."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.clock import Clock
from bot.leases import tags, terms
from bot.leases.deadlines import STARTUP, agreed, passed
from bot.leases.endpoint import EndpointObservation, EndpointStatus, LeasePhase
from bot.leases.model import LeaseSpec, LeaseStatus, Moment, ReleaseSpec, ReleaseStatus
from bot.leases.ports import Endpoints
from bot.leases.transitions import ENDED

GOING = ENDED | {LeasePhase.RELEASING}


@dataclass(frozen=True, slots=True)
class KnownLease:
    """What is known of the lease now: read again before each deletion, since it may have been extended."""

    spec: LeaseSpec
    status: LeaseStatus

    @property
    def startup(self) -> timedelta:
        """How long it may take to come into service, by what is left of that when it was found again."""
        return STARTUP - timedelta(minutes=self.spec.billed_before)

    @property
    def is_for_a_term(self) -> bool:
        """Whether nothing but the end of its term ends it."""
        return self.spec.plan.term is not None


class Due:
    """When one release is due. ``store_now`` tells the store's time, and ``poll`` how long is waited at most."""

    def __init__(
        self,
        spec: ReleaseSpec,
        status: ReleaseStatus,
        endpoints: Endpoints,
        clock: Clock,
        poll: float,
        store_now: Callable[[], float],
    ) -> None:
        self._spec = spec
        self._status = status
        self._endpoints = endpoints
        self._clock = clock
        self._poll = poll
        self._store_now = store_now

    def now(self, seen: EndpointObservation) -> Moment:
        """Return this moment on the three clocks."""
        return Moment(self._store_now(), self._clock.now(), seen.seen_at)

    def earlier(self) -> datetime:
        """Return the time by the slower of the two clocks that tell it without AWS."""
        return min(self._clock.now(), datetime.fromtimestamp(self._store_now(), UTC))

    def wait(self, lease: KnownLease | None, seen: EndpointObservation | None) -> float | None:
        """Return the seconds until the next look, or None when it has to go now."""
        failed = seen is not None and seen.status is EndpointStatus.FAILED
        if seen and not failed and self.is_for_a_term(lease, seen):
            return self._until_its_term_ends(lease, seen)
        if seen and self.is_held(seen) and self._status.deleting_since:
            return self._soon(self._status.deleting_since + terms.HELD - self.earlier())
        return self._of_its_minutes(lease, seen)

    def _of_its_minutes(self, lease: KnownLease | None, seen: EndpointObservation | None) -> float | None:
        # What is being deleted goes on being deleted, even if it was made longer since: no deletion is taken back.
        if self._status.deleting_since or (seen and seen.status is EndpointStatus.FAILED):
            return None
        # Lost with the store, or unreadable: nothing is known but the tag, which whoever knew more has kept right.
        if lease is None:
            return self._until(self.tagged(seen) if seen else self._spec.release_by, seen)
        if lease.spec.ending or lease.spec.over or lease.status.phase in GOING:
            return None
        # It may still appear: the request for it may be on its way. After the start-up's time nothing does any more.
        if seen is None:
            return self._until(self._spec.asked_at + STARTUP, None)
        since = self._in_service(lease)
        if not since:
            now = self.now(seen)
            return self._soon(lease.startup - passed(self._status.first_seen or now, now))
        wait = self._until_its_minutes_end(lease, since, seen)
        if wait is None and lease.spec.found_again:  # another bot may have given it more
            return self._until(self.tagged(seen), seen)
        return wait

    def is_for_a_term(self, lease: KnownLease | None, seen: EndpointObservation) -> bool:
        """Return whether nothing but the end of its term ends it; of a lease that is lost AWS alone tells."""
        return lease.is_for_a_term if lease else seen.committed_until is not None

    def is_held(self, seen: EndpointObservation) -> bool:
        """Return whether it has failed, and AWS may keep it to the end of its term: it is deleted now and then."""
        until = seen.committed_until
        failed = seen.status is EndpointStatus.FAILED
        return failed and until is not None and agreed(self.now(seen)) < until

    def is_within_its_term(self, lease: KnownLease | None) -> bool:
        """Return whether its term still runs, by what AWS said last: it cannot be gone, though it is not shown."""
        until = lease.spec.committed_until if lease else None
        return until is not None and self.earlier() < until

    def _until_its_term_ends(self, lease: KnownLease | None, seen: EndpointObservation) -> float | None:
        """Whatever is wished: AWS lets nobody end it before. Its minutes count until AWS has told that end."""
        until = seen.committed_until or (lease.spec.committed_until if lease else None)
        if until:
            return self._until(until, seen)
        since = self._in_service(lease) if lease else []
        if lease is None or not since:
            return self._poll
        return self._until_its_minutes_end(lease, since, seen)

    def _until_its_minutes_end(
        self, lease: KnownLease, since: Sequence[Moment], seen: EndpointObservation
    ) -> float | None:
        now = self.now(seen)
        return self._soon(timedelta(minutes=lease.spec.minutes) - max(passed(each, now) for each in since))

    def _in_service(self, lease: KnownLease) -> list[Moment]:
        return [each for each in (self._status.in_service, lease.status.in_service) if each]

    def tagged(self, seen: EndpointObservation) -> datetime:
        """Return the deadline as its tag has it now: whoever knew the lease moved it there before anywhere else."""
        return tags.deadline_at(self._endpoints, self._spec.region, seen.arn) or self._spec.release_by

    def _until(self, deadline: datetime, seen: EndpointObservation | None) -> float | None:
        """What is not there costs nothing, so that without a word of Bedrock's the slower clock counts."""
        return self._soon(deadline - (agreed(self.now(seen)) if seen else self.earlier()))

    def _soon(self, remaining: timedelta) -> float | None:
        seconds = remaining.total_seconds()
        return None if seconds <= 0 else min(seconds, self._poll)

    def due_at(self, lease: KnownLease | None) -> datetime:
        """Return when it had to go, without a look at it."""
        if self._status.deleting_since:
            return self._status.deleting_since
        if lease is None:
            return self._spec.release_by
        if lease.spec.committed_until:
            return lease.spec.committed_until
        if lease.spec.ending:
            return lease.spec.ending.at
        since = [agreed(each) for each in self._in_service(lease)]
        if not since:
            return self._spec.asked_at + lease.startup
        return min(since) + timedelta(minutes=lease.spec.minutes)
