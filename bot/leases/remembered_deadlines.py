"""The deadline of something that is leased, as a process remembers it: by what the store knew, or by its tags."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.controller.model import Resource
from bot.controller.outbox_entries import entry_in
from bot.leases import tags
from bot.leases.deadlines import at_the_latest
from bot.leases.endpoint import EndpointObservation
from bot.leases.model import CARD, LEASE_SCHEMA, LeaseSpec, ReleaseSpec
from bot.profiles.model import Serving
from bot.spending import undo
from bot.spending.tags import Origin, origin


@dataclass(frozen=True, slots=True)
class Deadline:
    """One thing that must not run on. ``wished``: somebody wants it gone, whatever its tag says."""

    lease_id: str
    region: str
    serving: Serving
    endpoint: str
    until: datetime
    wished: bool = False
    model: str = ""
    owner: str = ""
    channel: str = ""
    thread_ts: str | None = None
    untagged: bool = False
    """Whether it was made elsewhere, and nothing says that its tags name the lease yet: its name proves nothing."""

    @property
    def name(self) -> str:
        """What people call it: the model, or the endpoint where nobody knows which model it serves."""
        return self.model or self.endpoint


def deadline_of(spec: ReleaseSpec, lease: Resource | None) -> Deadline:
    """Return what is known of a release."""
    known = Deadline(
        spec.lease_id, spec.region, spec.serving, spec.endpoint_name, spec.release_by, untagged=spec.adopts
    )
    if lease is None:
        return known
    wanted, status = LEASE_SCHEMA.spec_of(lease), LEASE_SCHEMA.status_of(lease)
    # The thread is where the lease's card was posted: an end that the watchdog tells belongs there as well.
    card = entry_in(lease.status, CARD)
    return replace(
        known,
        until=_carried_out(wanted) or at_the_latest(wanted, status) or spec.release_by,
        wished=wanted.release is not None or wanted.idled is not None,
        endpoint=status.arn or spec.endpoint_name,
        model=wanted.plan.model_name,
        owner=wanted.owner,
        channel=wanted.plan.channel,
        thread_ts=wanted.thread_ts or (card.ts if card else None),
        untagged=spec.adopts and status.arn is None,
    )


def _carried_out(wanted: LeaseSpec) -> datetime | None:
    """Return from when it is released before its time; None: at its end. A wish can be taken back before."""
    if wanted.idled:
        return wanted.idled.at
    wish = wanted.release
    return wish.at + timedelta(seconds=0 if wish.is_final else undo.SECONDS) if wish else None


def tagged(
    region: str, serving: Serving, seen: EndpointObservation, marked: Mapping[str, str]
) -> Deadline | None:
    """Return what the tags of ours tell, or None when they name no lease or deadline."""
    # Of what is bought for a term, AWS's own word is the deadline.
    lease_id, until = marked.get(tags.LEASE, ""), seen.committed_until or tags.release_by(marked)
    if not lease_id or until is None:
        return None
    return with_origin(Deadline(lease_id, region, serving, seen.arn, until), origin(marked), marked)


def with_origin(deadline: Deadline, came_from: Origin | None, marked: Mapping[str, str]) -> Deadline:
    """Return it with whom and where its tags name; as it is when they name nobody."""
    if came_from is None:
        return deadline
    return replace(
        deadline,
        model=deadline.model or marked.get(tags.MODEL, ""),
        owner=came_from.owner,
        channel=came_from.channel,
        thread_ts=came_from.thread_ts,
    )
