"""Links to messages in Slack."""

import logging

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

log = logging.getLogger(__name__)


class SlackLinks:
    """``handlers.core.MessageLinks`` by asking Slack."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    def to(self, channel: str, ts: str) -> str:
        """Return the permalink, empty when Slack has none for us: it is a comfort, never a reason to fail."""
        if not channel or not ts:
            return ""
        try:
            answer = self._client.chat_getPermalink(channel=channel, message_ts=ts)
        except (SlackApiError, SlackClientError, OSError) as error:
            log.info("no link to message %s in %s: %s", ts, channel, error)
            return ""
        link = answer.get("permalink")
        return link if isinstance(link, str) and link.startswith(("https://", "http://")) else ""
