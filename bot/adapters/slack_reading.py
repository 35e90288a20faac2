"""Reading our own messages back: what settles an unclear post."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol, TypeVar

from slack_sdk import WebClient

from bot.adapters.shared_reads import SharedReads
from bot.adapters.slack_clients import Ourselves
from bot.adapters.slack_errors import slack_call
from bot.errors import NotFound

T = TypeVar("T")

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


class Pace(Protocol):
    """Who sees to it that Slack is not read more often than it likes."""

    def __call__(self, method: str, who: str, read: Callable[[], T], /) -> T:
        """Read when it is ``who``'s turn, or raise ``Throttled``."""


def at_once(method: str, who: str, read: Callable[[], T]) -> T:  # noqa: ARG001 -- a ``Pace``
    """Read at once: nobody else does."""
    return read()


class OwnMessages:
    """What we posted in a channel or thread, as Slack has it. Those who read the same place at once share a read.

    Args:
        client: for reading.
        ourselves: who we are.
        pace: asked before each read; pages after the first are only held, so that a long one comes to its end.
    """

    def __init__(self, client: WebClient, ourselves: Ourselves, pace: Pace = at_once) -> None:
        self._client = client
        self._ourselves = ourselves
        self._pace = pace
        self._shared: SharedReads[tuple[datetime, list[dict[str, Any]]]] = SharedReads()

    def since(self, channel: str, since: datetime, thread_ts: str | None) -> list[dict[str, Any]]:
        """Return our messages from ``since`` on, of the thread, or without one those that are in no thread.

        A thread whose first message is gone has none.
        """
        begins, found = self._shared.get(
            (channel, thread_ts),
            since,
            lambda earliest: (earliest, self._ours(channel, earliest, thread_ts)),
        )
        if begins == since:
            return found
        oldest = (since - SKEW).timestamp()  # somebody else wanted to see more
        return [message for message in found if float(message["ts"]) >= oldest]

    def _ours(self, channel: str, since: datetime, thread_ts: str | None) -> list[dict[str, Any]]:
        us = self._ourselves.user_id
        try:
            return [
                message
                for message in self._read(channel, since, thread_ts)
                if message.get("user") == us
                and (message.get("thread_ts") in (None, message.get("ts"))) is (thread_ts is None)
            ]
        except NotFound:
            return []

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
            pace = self._pace if not cursor else at_once
            answer = pace(method, f"{channel}:{thread_ts or ''}", partial(self._page, method, page))
            yield from answer.get("messages") or []
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def _page(self, method: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        with slack_call(method, writes=False):
            answer: dict[str, Any] = self._client.api_call(method, params=dict(arguments)).data  # type: ignore[assignment]
        return answer
