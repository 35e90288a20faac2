"""The durable kinds of leases: the lease itself, and its release, which nothing about the lease can hold up."""

from collections.abc import Mapping

from bot.controller.kind import Called, Kind, Schema, Sources, is_told_to_stop
from bot.controller.model import Document
from bot.leases.model import LEASE, RELEASE, LeaseSpec, LeaseStatus, ReleaseSpec, ReleaseStatus
from bot.visibility import Origin

_BY_TAGS = "What it leased is released when its tags at AWS say that its time is over, and that is told."


def _is_billed(spec: Document, status: Document) -> bool:
    """Return whether the lease may have bought something: following it to its end is then what ends the bill."""
    lease = status.get("lease")
    return is_told_to_stop(spec, status) or (isinstance(lease, Mapping) and bool(lease.get("intent_at")))


def _sources(spec: Document) -> Sources:
    plan = spec["plan"]
    return Sources(Origin(plan["channel"], plan["owner"]), model=str(plan["model_name"]))


KINDS = (
    Kind(
        schema=Schema(LEASE, LeaseSpec, {"lease": LeaseStatus}),
        called=Called("lease", "leases", _BY_TAGS),
        wanted="this model in service until then",
        done="price, approval, create, countdown, hand over to its release",
        billed=(
            "If its throughput was bought, AWS bills it by the hour until it is deleted. I still release it at its "
            "deadline: that is done apart from this."
        ),
        ends_spending=_is_billed,
        sources=_sources,
    ),
    Kind(
        schema=Schema(RELEASE, ReleaseSpec, {"release": ReleaseStatus}),
        called=Called("release", "releases", _BY_TAGS),
        wanted="this throughput gone at the deadline",
        done="delete by ARN, read the deletion back; an entry of its own, claimed first",
        billed=(
            "AWS bills this throughput by the hour until it is deleted, and I cannot do that for now: delete it in the "
            "Bedrock console if it must not run on."
        ),
        ends_spending=lambda _spec, _status: True,
        urgent=True,
    ),
)
