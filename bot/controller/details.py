"""What a message holds back, and shows to whoever presses *Details* under it.

A card says one thing, on one screen of a phone; all else that there is to say of it lies behind a button. What lies
there is kept, drawn as it was, until somebody presses, and is read back by the place of the message alone: the channel
that it is in, or the one person who sees it. So it is seen by whoever sees the message, by nobody else, and for as long
as it is kept it says what the message meant, whatever has become of it since.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.controller.model import Message
from bot.controller.ports import Details, Messages


def details_id(blocks: Sequence[dict[str, Any]]) -> str:
    """Return what details are found by: the same for the same content, so that a repeated edit keeps nothing new."""
    content = json.dumps(list(blocks), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def keep_details(details: Details, place: str, message: Message, *, briefly: bool = False) -> None:
    """Keep what the message holds back, if it does, for the place that it is shown in.

    Raises:
        Unavailable: the store is away; nothing was kept.
    """
    if message.details:
        found_by = message.details_id or details_id(message.details)
        details.keep(place, found_by, message.details, briefly=briefly)


class DetailedMessages:
    """``Messages`` that keeps what a message holds back before the message is there to be pressed."""

    def __init__(self, messages: Messages, details: Details) -> None:
        self._messages = messages
        self._details = details

    def post(self, channel: str, message: Message, *, marker: str, thread_ts: str | None = None) -> str:
        """Keep the details, then post it."""
        keep_details(self._details, channel, message)
        return self._messages.post(channel, message, marker=marker, thread_ts=thread_ts)

    def find(self, channel: str, marker: str, *, since: datetime, thread_ts: str | None = None) -> list[str]:
        """Read Slack."""
        return self._messages.find(channel, marker, since=since, thread_ts=thread_ts)

    def update(self, channel: str, ts: str, message: Message) -> None:
        """Keep the details, then edit it."""
        keep_details(self._details, channel, message)
        self._messages.update(channel, ts, message)

    def delete(self, channel: str, ts: str) -> None:
        """Delete it. Its details are forgotten in their time."""
        self._messages.delete(channel, ts)

    def whisper(self, channel: str, user: str, message: Message, *, thread_ts: str | None = None) -> None:
        """Keep the details for this person, then show it to them."""
        keep_details(self._details, user, message, briefly=True)
        self._messages.whisper(channel, user, message, thread_ts=thread_ts)

    def direct(self, user: str) -> str:
        """Open the direct message."""
        return self._messages.direct(user)
