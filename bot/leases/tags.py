"""The tags of what is leased: by them it is released even by a bot that has lost its memory."""

from collections.abc import Mapping
from datetime import datetime

from bot.errors import Misconfigured, NotFound
from bot.leases.endpoint import LeasePlan
from bot.leases.ports import Endpoints
from bot.profiles.model import Term
from bot.profiles.service_patterns import tag_text
from bot.spending.tags import common, is_ours, is_tunesmiths, owned_by

RELEASE_BY = "release-by"
LEASE = "tunesmith-lease"
MODEL = "model"
MINUTES = "minutes"
"""How long it may be in service, extensions included: before that, its deadline allows for the start-up as well."""
TERM = "term"
"""For which term it was bought; on nothing else."""

_DIGITS = 9
"""Digits from which on a tag's number is somebody's joke."""


def of_lease(
    plan: LeasePlan,
    owner: str,
    thread_ts: str | None,
    release_by: datetime,
    bot: str = "",
    *,
    opened: bool = False,
) -> dict[str, str]:
    """Return the tags of the throughput or deployment. ``opened``: its card is the thread's first message."""
    marks = common(
        owner=owner,
        channel=plan.channel,
        thread_ts=thread_ts,
        digest=plan.digest,
        bot=bot,
        opened=opened,
    )
    term = {TERM: plan.term.value} if plan.term else {}
    named = {LEASE: plan.id, MODEL: tag_text(plan.model_name)}
    return marks | named | term | until(release_by, plan.minutes)


def changing(name: str, owner: str) -> dict[str, str]:
    """Return the tags that change while it runs: what the model that answers is called, and in whose care it is."""
    return {MODEL: tag_text(name)} | owned_by(owner)


def until(release_by: datetime, minutes: int) -> dict[str, str]:
    """Return the tags that an extension changes: the deadline in ISO 8601, and its minutes in service."""
    return {RELEASE_BY: release_by.isoformat(timespec="seconds"), MINUTES: str(minutes)}


def deadline_at(endpoints: Endpoints, region: str, arn: str) -> datetime | None:
    """Return the deadline as AWS has it in the tags now; None where they may not be read, or it is not there.

    Raises:
        Unavailable: AWS does not answer just now.
    """
    try:
        return release_by(endpoints.tags(region, arn))
    except (Misconfigured, NotFound):
        return None


def release_by(tags: Mapping[str, str]) -> datetime | None:
    """Return the deadline that the tags name, or None when they name none that can be read."""
    try:
        moment = datetime.fromisoformat(tags.get(RELEASE_BY, ""))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def term(tags: Mapping[str, str]) -> Term | None:
    """Return for which term it was bought, or None when the tags name none that can be read."""
    named = tags.get(TERM, "")
    return Term(named) if named in set(Term) else None


def is_looked_after(tags: Mapping[str, str], bot: str = "") -> bool:
    """Return whether it is somebody's: of a lease that ends, or of another Tunesmith bot.

    One that names a lease and no deadline that can be read is nobody's: nothing ends it.
    """
    ends = LEASE in tags and release_by(tags) is not None
    return is_tunesmiths(tags) and (ends or not is_ours(tags, bot))


def minutes(tags: Mapping[str, str]) -> int | None:
    """Return how many minutes it may be in service, or None when the tags name none that can be read."""
    written = tags.get(MINUTES, "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < _DIGITS else None


__all__ = [
    "LEASE",
    "MINUTES",
    "MODEL",
    "RELEASE_BY",
    "TERM",
    "changing",
    "is_looked_after",
    "is_ours",
    "is_tunesmiths",
    "minutes",
    "of_lease",
    "release_by",
    "term",
    "until",
]
