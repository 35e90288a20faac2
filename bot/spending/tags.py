"""The tags of what Tunesmith makes in the account: who, from where, and which plan.

They are what is left when the store is lost: a look at the account reads them, and finds the job and the people it
belongs to.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.profiles.service_patterns import tag_text

MANAGED_BY = "managed-by"
OURS = "tunesmith"
DIGEST = "tunesmith-digest"
BOT = "tunesmith-bot"
DEPLOYMENT = "tunesmith-deployment"
"""On a deployment that stays until somebody removes it; what is leased has a deadline in its place."""
_OWNER, _SLACK, _DATASET, _OPENED = "owner", "slack", "dataset", "own"
_A_DIGEST = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Origin:
    """What the tags tell of where something comes from."""

    digest: str
    owner: str
    channel: str
    thread_ts: str | None
    dataset_id: str = ""
    opened: bool = False
    """The thread began with a message of its own, and not with a person's."""


def common(
    *, owner: str, channel: str, thread_ts: str | None, digest: str, bot: str = "", opened: bool = False
) -> dict[str, str]:
    """Return what is on everything: the bot's mark, the Slack user, the channel and thread, the plan's digest.

    ``bot`` tells several bots in one account apart; empty: there is one. ``opened``: the thread began with a message
    of its own.
    """
    place = [channel, *([thread_ts] if thread_ts else []), *([_OPENED] if thread_ts and opened else [])]
    marks = {
        MANAGED_BY: OURS,
        **owned_by(owner),
        _SLACK: tag_text("/".join(place)),
        DIGEST: digest,
    }
    return marks | ({BOT: tag_text(bot)} if bot else {})


def owned_by(owner: str) -> dict[str, str]:
    """Return the one tag that names the owner."""
    return {_OWNER: tag_text(owner)}


def is_tunesmiths(tags: Mapping[str, str]) -> bool:
    """Return whether a Tunesmith made it, this one or another."""
    return tags.get(MANAGED_BY) == OURS


def is_ours(tags: Mapping[str, str], bot: str = "") -> bool:
    """Return whether this bot made it, or one from before bots were told apart."""
    return is_tunesmiths(tags) and tags.get(BOT, tag_text(bot)) == tag_text(bot)


def origin(tags: Mapping[str, str]) -> Origin | None:
    """Return where something of ours comes from, or None when its tags do not tell."""
    channel, thread, opened = (*tags.get(_SLACK, "").split("/"), "", "")[:3]
    digest, owner = tags.get(DIGEST, ""), tags.get(_OWNER, "")
    if not (channel and owner and _A_DIGEST.fullmatch(digest)):
        return None
    return Origin(digest, owner, channel, thread or None, tags.get(_DATASET, ""), opened == _OPENED)
