"""Messages in Slack: ``bot.controller.ports.Messages`` on the Web API."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from slack_sdk import WebClient

from bot.adapters.slack_clients import Ourselves
from bot.adapters.slack_errors import slack_call
from bot.adapters.slack_reading import OwnMessages, Pace, at_once, marker_of, metadata_with
from bot.adapters.thumbs import Thumbs
from bot.controller.model import Message
from bot.errors import NotFound

POST_TEXT = 40_000
"""Characters after which chat.postMessage cuts the text (docs.slack.dev/reference/methods/chat.postMessage)."""
UPDATE_TEXT = 4_000
"""Characters that chat.update takes at most: ``msg_too_long`` beyond (same place, chat.update)."""


class SlackMessages:
    """Posts with a marker in the metadata, and finds it again by reading.

    ``client_msg_id`` carries the marker too: undocumented for apps, so nothing relies on it, but the server knows
    of duplicates by it.
    """

    def __init__(self, posting: WebClient, reading: WebClient, pace: Pace = at_once) -> None:
        self._posting = posting
        self._thumbs = Thumbs()
        self._own = OwnMessages(reading, Ourselves(reading), pace)

    def post(self, channel: str, message: Message, *, marker: str, thread_ts: str | None = None) -> str:
        """Post it with ``marker`` in its metadata and return its timestamp."""
        arguments = {
            "channel": channel,
            # Beside blocks the text is for notifications alone, and has to fit an edit, too.
            **_content(message, limit=UPDATE_TEXT if message.blocks else POST_TEXT),
            "metadata": metadata_with(marker),
            "client_msg_id": marker,
            "unfurl_links": False,
            "unfurl_media": False,
        }
        if thread_ts:
            arguments["thread_ts"] = thread_ts
        return str(self._write("chat.postMessage", arguments)["ts"])

    def find(self, channel: str, marker: str, *, since: datetime, thread_ts: str | None = None) -> list[str]:
        """Return the timestamps of our messages with that marker, oldest first."""
        found = self._own.since(channel, since, thread_ts)
        return sorted(str(each["ts"]) for each in found if marker_of(each) == marker)

    def update(self, channel: str, ts: str, message: Message) -> None:
        """Replace the message; its metadata stays."""
        content = _content(message, limit=UPDATE_TEXT) | {"blocks": list(message.blocks)}
        self._write("chat.update", {"channel": channel, "ts": ts, **content})

    def delete(self, channel: str, ts: str) -> None:
        """Delete our message. One that is gone already is no error."""
        try:
            with slack_call("chat.delete", writes=True):
                self._posting.api_call("chat.delete", json={"channel": channel, "ts": ts})
        except NotFound:
            return

    def whisper(self, channel: str, user: str, message: Message, *, thread_ts: str | None = None) -> None:
        """Show it to one person only."""
        arguments = {"channel": channel, "user": user, **_content(message, limit=UPDATE_TEXT)}
        if thread_ts:
            arguments["thread_ts"] = thread_ts
        self._write("chat.postEphemeral", arguments)

    def _write(self, method: str, arguments: Mapping[str, Any]) -> Any:
        def send(blocks: list[dict[str, Any]]) -> Any:
            with slack_call(method, writes=True):
                return self._posting.api_call(
                    method, json={**arguments, **({"blocks": blocks} if "blocks" in arguments else {})}
                )

        return self._thumbs.sent(arguments.get("blocks", ()), send)

    def direct(self, user: str) -> str:
        """Return the person's direct message with the app."""
        with slack_call("conversations.open", writes=False):
            return str(self._posting.api_call("conversations.open", json={"users": user})["channel"]["id"])


def _content(message: Message, *, limit: int) -> dict[str, Any]:
    text = message.text if len(message.text) <= limit else message.text[: limit - 1] + "…"
    return {"text": text, "blocks": list(message.blocks)} if message.blocks else {"text": text}
