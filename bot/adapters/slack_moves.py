"""Whether Slack has a channel under another ID now: ``bot.moved_channels.Confirm`` on the Web API."""

from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk import WebClient

from bot.adapters.slack_channel_memberships import described


def has_moved(client: WebClient, former: Sequence[str], later: str) -> bool:
    """Return whether the bot is in the channel of the later ID, and there is none any more under the former ones.

    ``client`` exchanges no IDs itself. What is private is not seen from outside (``channel_not_found``). Slack's
    documentation does not say whether it answers for a former ID with the channel's own: that counts, too, and so does
    one that it has put away.

    Raises:
        Unavailable, Misconfigured: Slack does not say.
    """
    now = described(client, later) or {}
    if now.get("id") != later or not (now.get("is_private") is True or now.get("is_member") is True):
        return False
    return all(_is_over(described(client, each), later) for each in former)


def _is_over(found: Mapping[str, Any] | None, later: str) -> bool:
    return not found or found.get("id") == later or found.get("is_archived") is True
