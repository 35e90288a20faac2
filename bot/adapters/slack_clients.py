"""Slack's client, built so that a call is made once: the SDK's own retries post a message twice.

Its default handler sends the request again when the connection drops after the server took the call
(slack_sdk.http_retry.ConnectionErrorRetryHandler); here the durable loop decides what is repeated.
"""

import ssl
import urllib.request
from collections.abc import Mapping
from functools import cache, cached_property
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import tracing
from bot.adapters.slack_errors import slack_call
from bot.listening import waiting
from bot.moved_channels import ChannelMoves
from bot.tracing import SpanKind

POST_TIMEOUT = 5.0
"""Seconds that a write may take: what a claim must still have left before it makes one."""
_BODIES = ("params", "json", "data")
"""What of a call names channels; the rest is about the connection."""
READ_TIMEOUT = 10.0
"""Seconds that a read may take: repeating one is harmless, so it may be waited for longer."""


def posting_client(token: str | None, base_url: str, moves: ChannelMoves | None = None) -> WebClient:
    """Return a client for calls that change something: no retries, five seconds.

    With ``moves`` channels are named by the IDs that they have at Slack now, and answered by those known here.
    """
    return _client(token, base_url, POST_TIMEOUT, moves)


def reading_client(token: str, base_url: str, moves: ChannelMoves | None = None) -> WebClient:
    """Return a client for calls that only read: no retries either, so that no thread sleeps in one."""
    return _client(token, base_url, READ_TIMEOUT, moves)


def _client(token: str | None, base_url: str, timeout: float, moves: ChannelMoves | None) -> WebClient:
    share_opener()
    # The SDK declares whole seconds and hands the figure on to urllib as it is.
    client = _Client(token=token, base_url=base_url, timeout=int(timeout), retry_handlers=[])
    client.moves = moves
    if client.proxy:  # the SDK makes an opener for each call then
        client.ssl = trusted()
    return client


class _Client(WebClient):
    """The SDK's client; each call is a span, by its method alone, and holds up nobody else meanwhile."""

    moves: ChannelMoves | None = None

    def api_call(self, api_method: str, **arguments: Any) -> Any:
        """Call Slack."""
        attributes = {"rpc.system.name": "slack", "rpc.method": api_method}
        with waiting(), tracing.span(api_method, SpanKind.CLIENT, attributes):
            return self._called(api_method, arguments, self.moves)

    def _called(self, api_method: str, arguments: dict[str, Any], moves: ChannelMoves | None) -> Any:
        if moves is None:
            return super().api_call(api_method, **arguments)
        try:
            answer = super().api_call(api_method, **_outward(arguments, moves))
        except SlackApiError as error:
            # It may have another ID since we looked; of what was not found nothing was changed.
            if error.response.get("error") != "channel_not_found" or not moves.refresh():
                raise
            answer = super().api_call(api_method, **_outward(arguments, moves))
        answer.data = moves.inward(answer.data)
        return answer


def _outward(arguments: dict[str, Any], moves: ChannelMoves) -> dict[str, Any]:
    return {name: moves.outward(each) if name in _BODIES else each for name, each in arguments.items()}


@cache
def share_opener() -> None:
    """Have urllib, by which the SDK calls, read certificates and proxies once in a process.

    By itself it reads all of the system's certificates for each call, which is some 20 ms of computing, and makes an
    opener for each call that is given them.
    """
    urllib.request.install_opener(urllib.request.build_opener(urllib.request.HTTPSHandler(context=trusted())))


@cache
def trusted() -> ssl.SSLContext:
    """Return whom we trust, as the system has it, read once in a process."""
    return ssl.create_default_context()


class Ourselves:
    """Who we are in the workspace, asked once: only our own messages are ever adopted, edited or deleted."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    @property
    def user_id(self) -> str:
        """The bot user's ID.

        Raises:
            Unavailable, Misconfigured: Slack did not say; it is asked again the next time.
        """
        return str(self._told["user_id"])

    @property
    def team_id(self) -> str:
        """The ID of the workspace that we are installed in, empty when Slack names none. Raises the same."""
        return str(self._told.get("team_id") or "")

    @cached_property
    def _told(self) -> Mapping[str, Any]:
        with slack_call("auth.test", writes=False):
            answer = self._client.auth_test()
        return {name: answer.get(name) for name in ("user_id", "team_id")}
