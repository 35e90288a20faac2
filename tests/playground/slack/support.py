"""What the tests of the stand-in share: a clock that stands still, a Bolt app on a WebSocket, shorthands."""

import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.playground.slack import SlackStandIn


class ManualClock:
    """A clock that moves only when told to."""

    def __init__(self) -> None:
        self._now = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._now.timestamp()

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


def client_of(slack: SlackStandIn, token: str | None = None) -> WebClient:
    return WebClient(token=token or slack.bot_token, base_url=slack.api_url, retry_handlers=[])


def error_of(call: Callable[..., object], *positional: Any, **arguments: Any) -> str:
    """Return the error of a call that Slack must refuse."""
    return str(answer_of(call, *positional, **arguments)["error"])


def answer_of(call: Callable[..., object], *positional: Any, **arguments: Any) -> Mapping[str, Any]:
    """Return the body of a call that Slack must refuse."""
    with pytest.raises(SlackApiError) as refusal:
        call(*positional, **arguments)
    data = refusal.value.response.data
    assert isinstance(data, dict)
    return data


def new_app(slack: SlackStandIn) -> App:
    return App(
        name="tests",
        client=client_of(slack),
        signing_secret=slack.signing_secret,
        token_verification_enabled=False,
        raise_error_for_unhandled_request=False,
    )


@contextmanager
def connected(slack: SlackStandIn, app: App) -> Iterator[SocketModeHandler]:
    """Run a Bolt app on a WebSocket of the stand-in."""
    web_client = client_of(slack)
    web_client.ssl = ssl.SSLContext(
        ssl.PROTOCOL_TLS_CLIENT
    )  # else the SDK reads all certificates, for ws:// too
    handler: Any = SocketModeHandler(app, slack.app_token, web_client=web_client)
    before = slack.sockets.count()
    handler.connect()
    assert slack.wait_for(lambda: slack.sockets.count() > before)
    try:
        yield handler
    finally:
        close(handler)


def close(handler: Any) -> None:
    """Close a handler without the seconds that the SDK's own close waits for its socket and its queue."""
    client = handler.client
    client.auto_reconnect_enabled = False
    client.closed = True
    client.message_queue.put("")
    session = client.current_session
    if session is not None and session.sock is not None:
        with suppress(OSError):
            session.sock.shutdown(socket.SHUT_RDWR)
    with suppress(AttributeError):  # the session may just be closing itself
        client.disconnect()
    handler.close()


def section(text: str = "hello", **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(action_id: str = "press", value: str = "v", text: str = "Press") -> dict[str, Any]:
    return {
        "type": "button",
        "text": {"type": "plain_text", "text": text},
        "action_id": action_id,
        "value": value,
    }


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": {"type": "plain_text", "text": "A form"},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": list(blocks) or [section()],
        **more,
    }


def text_input(name: str = "name", **more: Any) -> dict[str, Any]:
    optional = more.pop("optional", False)
    return {
        "type": "input",
        "block_id": f"{name}_block",
        "optional": optional,
        "label": {"type": "plain_text", "text": name.title()},
        "element": {"type": "plain_text_input", "action_id": name, **more},
    }
