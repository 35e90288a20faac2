"""What is shown beside a conversation: that the bot is at work, and what stops it. All of it best effort."""

import logging

from slack_sdk import WebClient

from bot.adapters.slack_errors import slack_call
from bot.errors import TunesmithError
from bot.questions.sanitising import sanitised

MAX_TITLE = 200
"""docs.slack.dev/reference/methods/agents.sessions.setStatus"""
_log = logging.getLogger(__name__)


class SlackStatus:
    """``bot.controller.ports.Thinking`` and ``bot.questions.ports.Sessions``: nothing depends on them."""

    def __init__(self, posting: WebClient) -> None:
        self._posting = posting

    def show(self, channel: str, thread_ts: str, status: str) -> None:
        """Show a line such as ``is thinking…`` in the thread; Slack takes it away when we post, or in two minutes."""
        self._try(
            "assistant.threads.setStatus", {"channel_id": channel, "thread_ts": thread_ts, "status": status}
        )

    def working(self, channel: str, thread_ts: str, *, title: str) -> None:
        """Show the button that stops what is at work in the thread. Nothing in the title acts: somebody typed it."""
        shown = " ".join(sanitised(title).split())[:MAX_TITLE]
        self._session(channel, thread_ts, "processing", {"title": shown})

    def idle(self, channel: str, thread_ts: str) -> None:
        """Take that button away."""
        self._session(channel, thread_ts, "active", {})

    def _session(self, channel: str, thread_ts: str, status: str, more: dict[str, object]) -> None:
        where = {"channel_id": channel, "thread_ts": thread_ts, "status": status}
        self._try("agents.sessions.setStatus", {**where, **more})

    def _try(self, method: str, arguments: dict[str, object]) -> None:
        try:
            with slack_call(method, writes=False):
                self._posting.api_call(method, json=arguments)
        except TunesmithError as error:
            _log.info("%s was not shown: %s", method, error.detail)
