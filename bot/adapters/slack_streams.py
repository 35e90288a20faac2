"""A message that grows: ``bot.questions.ports.Streams`` on chat.startStream, appendStream and stopStream."""

from datetime import datetime
from typing import Any

from slack_sdk import WebClient

from bot.adapters.slack_clients import Ourselves
from bot.adapters.slack_errors import slack_call
from bot.adapters.slack_reading import OwnMessages, Pace, at_once, marker_of, metadata_with
from bot.adapters.thumbs import Thumbs
from bot.controller.model import Message
from bot.questions.shown import message_of


class SlackStreams:
    """Streams Markdown. The SDK's own helper is not used: after a failure it sends what it had buffered again."""

    def __init__(self, posting: WebClient, reading: WebClient, pace: Pace = at_once) -> None:
        self._posting = posting
        self._thumbs = Thumbs()
        self._own = OwnMessages(reading, Ourselves(reading), pace)

    def start(self, channel: str, thread_ts: str, *, user: str, team: str, text: str) -> str:
        """Open a stream. Outside of direct messages Slack wants to know for whom."""
        recipient = {} if channel.startswith("D") else {"recipient_user_id": user, "recipient_team_id": team}
        answer = self._write(
            "chat.startStream", channel=channel, thread_ts=thread_ts, markdown_text=text, **recipient
        )
        return str(answer["ts"])

    def append(self, channel: str, ts: str, text: str) -> None:
        """Add a piece."""
        self._write("chat.appendStream", channel=channel, ts=ts, markdown_text=text)

    def stop(
        self,
        channel: str,
        ts: str,
        *,
        marker: str,
        text: str = "",
        goes_on: bool = False,
        under: Message | None = None,
    ) -> None:
        """Close it with the marker in its metadata: only now can it be found by it.

        That makes the thread's session ``active``, unless it is told else.
        """
        more: dict[str, Any] = {"session_status": "processing"} if goes_on else {}
        if text:
            more["markdown_text"] = text
        self._thumbs.sent(
            under.blocks if under else (),
            lambda blocks: self._write(
                "chat.stopStream",
                channel=channel,
                ts=ts,
                metadata=metadata_with(marker),
                **more,
                **({"blocks": blocks} if blocks else {}),
            ),
        )

    def replace(self, channel: str, ts: str, text: str, *, marker: str, under: Message | None = None) -> None:
        """Put the text in place of what the message says: what mends a stream that expired, too."""
        said = message_of(text, under)
        self._thumbs.sent(
            said.blocks if under else (),
            lambda blocks: self._write(
                "chat.update",
                channel=channel,
                ts=ts,
                metadata=metadata_with(marker),
                **({"text": said.text, "blocks": blocks} if blocks else {"markdown_text": text}),
            ),
        )

    def unmarked(
        self, channel: str, thread_ts: str, *, since: datetime, or_with: str | None = None
    ) -> list[str]:
        """Return the timestamps of our messages in the thread that carry no marker, or this one, oldest first."""
        found = self._own.since(channel, since, thread_ts)
        # A shared file has no marker either, and was no stream.
        return sorted(
            str(each["ts"]) for each in found if marker_of(each) in (None, or_with) and not each.get("files")
        )

    def _write(self, method: str, **arguments: Any) -> Any:
        with slack_call(method, writes=True):
            return self._posting.api_call(method, json=arguments)
