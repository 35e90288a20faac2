"""Whatever Slack's socket says: an envelope is acknowledged, a line tells of what cannot be read, nothing is lost."""

import json
import logging
import threading
from collections.abc import Iterator
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientNotConnectedError
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.cli.socket_mode import DEAF_FOR, EnvelopeClient, Handler, Listening, _connect
from bot.readiness import Readiness
from tests.doubles.clock import FakeClock


class Session:
    """A connection that keeps what is sent."""

    session_id = "session"
    sock = None

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.open = True
        self.told = threading.Condition()

    def is_active(self) -> bool:
        return False  # the SDK's reader leaves it alone

    def send(self, message: str) -> None:
        if not self.open:
            raise SlackClientNotConnectedError("closed")
        with self.told:
            self.sent.append(json.loads(message))
            self.told.notify_all()

    def close(self) -> None:
        self.open = False

    def acks(self, count: int) -> list[str]:
        with self.told:
            self.told.wait_for(lambda: len(self.sent) >= count, 5)
            return [each["envelope_id"] for each in self.sent]


class Tried:
    """A client with a connection of ours, and what its listener was asked about."""

    def __init__(self) -> None:
        self.client = EnvelopeClient(app_token="xapp-1", web_client=WebClient(), concurrency=2)
        self.session = Session()
        self.client.current_session = self.session  # type: ignore[assignment]
        self.asked: list[str] = []
        self.may_end = threading.Event()
        self.may_end.set()
        self.begun = threading.Event()
        self.client.socket_mode_request_listeners.append(self.listen)

    def listen(self, client: Any, request: SocketModeRequest) -> None:
        self.asked.append(request.envelope_id)
        self.begun.set()
        self.may_end.wait(10)
        client.send_socket_mode_response({"envelope_id": request.envelope_id})


def envelope(number: int) -> str:
    return json.dumps({"envelope_id": f"e{number}", "type": "events_api", "payload": {}})


@pytest.fixture
def tried(caplog: pytest.LogCaptureFixture) -> Iterator[Tried]:
    made = Tried()
    with caplog.at_level(logging.INFO):
        yield made
        made.may_end.set()
        made.client.close()
    assert [record.getMessage() for record in caplog.records if record.exc_info] == []


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"type": "events_api"},
        {"payload": {}},
        {"type": None, "payload": {}},
        {"type": 7, "payload": {}},
        {"type": "x" * 20_000, "payload": None},
        {"type": "events_api", "payload": None},
        {"type": "events_api", "payload": []},
        {"type": "slash_commands", "payload": "text"},
        {"type": "interactive", "payload": 1e308},
    ],
    ids=lambda more: str(more)[:40],
)
def test_a_malformed_envelope_is_acknowledged_and_logged_in_a_line(
    tried: Tried, more: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    tried.client.enqueue_message(json.dumps({"envelope_id": "bad"} | more))
    assert tried.session.acks(1) == ["bad"]
    tried.client.enqueue_message(envelope(1))
    assert tried.session.acks(2) == ["bad", "e1"]
    assert tried.asked == ["e1"]
    (line,) = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert len(line) < 200
    assert "\n" not in line


@pytest.mark.parametrize(
    "raw", ["{", "[]", "null", "7", '"text"', "{" * 5, "[" * 100_000, "\x00", "{}" * 3, "hello\nworld"]
)
def test_what_is_no_envelope_is_logged_in_a_line_and_the_next_one_is_answered(
    tried: Tried, raw: str, caplog: pytest.LogCaptureFixture
) -> None:
    tried.client.enqueue_message(raw)
    tried.client.enqueue_message(envelope(1))
    assert tried.session.acks(1) == ["e1"]
    assert len([record for record in caplog.records if record.levelno == logging.WARNING]) == 1


@pytest.mark.parametrize("envelope_id", [None, 7, "", [], {}])
def test_an_envelope_without_a_usable_id_is_no_traceback(tried: Tried, envelope_id: object) -> None:
    tried.client.enqueue_message(
        json.dumps({"envelope_id": envelope_id, "type": "events_api", "payload": {}})
    )
    tried.client.enqueue_message(envelope(1))
    assert tried.session.acks(1) == ["e1"]


def test_what_was_read_before_the_end_is_answered_before_the_socket_is_closed(tried: Tried) -> None:
    tried.may_end.clear()
    for number in range(10):  # more than there are workers, so that most of them wait in the queue
        tried.client.enqueue_message(envelope(number))
    tried.begun.wait(5)
    ending = threading.Thread(target=tried.client.finish, args=(5.0,))
    ending.start()
    tried.client.enqueue_message(envelope(10))  # the socket is still open
    tried.may_end.set()
    ending.join(10)
    assert not tried.session.open
    assert sorted(tried.session.acks(11)) == sorted(f"e{number}" for number in range(11))


def test_nothing_that_comes_after_the_socket_is_closed_is_begun(tried: Tried) -> None:
    assert tried.client.finish(5.0) == 0
    tried.client.enqueue_message(envelope(1))
    assert tried.asked == []
    assert tried.session.sent == []


def test_closing_does_not_wait_for_a_listener_that_never_ends(tried: Tried) -> None:
    tried.may_end.clear()
    tried.client.enqueue_message(envelope(1))
    tried.begun.wait(5)
    assert tried.client.finish(0.05) == 1
    assert not tried.session.open


def test_a_bot_that_never_gets_a_connection_says_so_to_whoever_probes(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """With a wrong app-level token it was ready for ever, and heard of nothing."""
    client = EnvelopeClient(app_token="xapp-1", web_client=WebClient(), concurrency=1)
    readiness, stop = Readiness({}, FakeClock()), Patience(3)
    readiness.also("the connection to Slack", Listening(client).try_it)
    begun: list[list[str]] = []

    def connect() -> None:
        raise SlackApiError("no", {"ok": False, "error": "invalid_auth"})  # type: ignore[no-untyped-call]

    handler = cast("Handler", SimpleNamespace(connect=connect))
    try:
        _connect(handler, stop, cache(lambda: begun.append(readiness.try_all())))
    finally:
        client.close()
    assert len(begun) == 1
    assert "There is no connection to Slack" in begun[0][0]
    assert "SLACK_APP_TOKEN" in caplog.text
    assert "SLACK_BOT_TOKEN" not in caplog.text


class Patience(threading.Event):
    """Is over after so many waits, none of which takes any time."""

    def __init__(self, waits: int) -> None:
        super().__init__()
        self._left = waits

    def wait(self, _: float | None = None) -> bool:
        self._left -= 1
        if not self._left:
            self.set()
        return self.is_set()


def test_a_bot_whose_connection_does_not_come_back_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK only logs it: with its app-level token revoked a bot looked well, and heard of nothing.

    Whoever asks is told right then, and not at the next try of everything, which is up to a minute away.
    """
    clock, client = FakeClock(), EnvelopeClient(app_token="xapp-1", web_client=WebClient(), concurrency=1)
    readiness = Readiness({}, clock)
    readiness.also("the connection to Slack", Listening(client, clock.monotonic).try_it, at_once=True)
    try:
        for seconds, is_connected, is_told in (
            (0, False, True),  # there never was one
            (1, True, False),
            (60, False, False),  # it may have broken this very moment
            (DEAF_FOR - 1, False, False),
            (1, False, True),
            (600, False, True),
            (1, True, False),
            (1, False, False),
        ):
            clock.advance(seconds)
            monkeypatch.setattr(client, "is_connected", lambda now=is_connected: now)
            if not seconds:
                readiness.try_all()
            assert bool(readiness.problems()) is is_told, (seconds, is_connected)
    finally:
        client.close()
