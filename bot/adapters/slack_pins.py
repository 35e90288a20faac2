"""Pins of a channel: ``bot.jobs.ports.Pins`` on the Web API."""

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.adapters.slack_errors import slack_call


class SlackPins:
    """Pins messages. Repeating it changes nothing, so a lost answer is simply asked for again."""

    def __init__(self, posting: WebClient) -> None:
        self._posting = posting

    def pin(self, channel: str, ts: str) -> None:
        """Pin the message to its channel. One that is pinned already is no error."""
        with slack_call("pins.add", writes=False):
            try:
                self._posting.api_call("pins.add", json={"channel": channel, "timestamp": ts})
            except SlackApiError as error:
                if error.response.get("error") != "already_pinned":
                    raise
