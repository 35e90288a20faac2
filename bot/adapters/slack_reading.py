"""Reading our own messages back: what settles an unclear post."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from slack_sdk import WebClient

from bot.adapters.slack_clients import Ourselves
from bot.adapters.slack_errors import slack_call
from bot.errors import NotFound

EVENT_TYPE = "tunesmith_notice"
"""The metadata's ``event_type``; its payload is ``{"key": marker}`` and nothing else: everybody may read it."""
SKEW = timedelta(seconds=5)
"""How far our clock and Slack's may differ: a message's timestamp is Slack's."""
PAGE = 200
"""Messages asked for at once; Slack advises at most 200 (docs.slack.dev/reference/methods/conversations.history)."""


def metadata_with(marker: str) -> dict[str, Any]:
    """Return the metadata that carries a marker."""
    return {"event_type": EVENT_TYPE, "event_payload": {"key": marker}}


def marker_of(message: Mapping[str, Any]) -> str | None:
    """Return the marker in a message's metadata, or None."""
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != EVENT_TYPE:
        return None
    key = (metadata.get("event_payload") or {}).get("key")
    return key if isinstance(key, str) else None


class OwnMessages:
    """What we posted in a channel or thread, as Slack has it."""

    def __init__(self, client: WebClient, ourselves: Ourselves) -> None:
        self._client = client
        self._ourselves = ourselves

    def since(self, channel: str, since: datetime, thread_ts: str | None) -> Iterator[dict[str, Any]]:
        """Yield our messages from ``since`` on, of the thread, or without one those that are in no thread.

        A thread whose first message is gone has none.
        """
        us = self._ourselves.user_id
        try:
            for message in self._read(channel, since, thread_ts):
                root = message.get("thread_ts") in (None, message.get("ts"))
                if message.get("user") == us and root is (thread_ts is None):
                    yield message
        except NotFound:
            return

    def _read(self, channel: str, since: datetime, thread_ts: str | None) -> Iterator[dict[str, Any]]:
        method = "conversations.replies" if thread_ts else "conversations.history"
        arguments: dict[str, Any] = {
            "channel": channel,
            "oldest": f"{(since - SKEW).timestamp():.6f}",
            "include_all_metadata": True,
            "inclusive": True,
            "limit": PAGE,
        }
        if thread_ts:
            arguments["ts"] = thread_ts
        cursor = ""
        while True:
            page = arguments | ({"cursor": cursor} if cursor else {})
            with slack_call(method, writes=False):
                answer = self._client.api_call(method, params=page)
            yield from answer.get("messages") or []
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return
