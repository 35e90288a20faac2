"""Links to messages in Slack."""

import logging
from urllib.parse import quote, urlencode

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

log = logging.getLogger(__name__)


class SlackLinks:
    """``handlers.core.MessageLinks`` by asking Slack."""

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._site = ""
        """Where the workspace is, once that was asked."""

    def thread(self, channel: str, root: str) -> str:
        """Return a link that opens the thread, made as Slack makes it (reference/methods/chat.getPermalink)."""
        if not channel or not root:
            return ""
        site = self._site or self._asked()
        digits = root.replace(".", "")
        query = urlencode({"thread_ts": root, "cid": channel})
        return f"{site}archives/{quote(channel)}/p{quote(digits)}?{query}" if site else ""

    def _asked(self) -> str:
        """Return the workspace's address; empty while Slack does not say."""
        try:
            told = self._client.auth_test().get("url")
        except (SlackApiError, SlackClientError, OSError) as error:
            log.info("no links to threads: %s", error)
            return ""
        site = told if isinstance(told, str) and told.startswith(("https://", "http://")) else ""
        self._site = f"{site.rstrip('/')}/" if site else ""
        return self._site

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
