"""WebSockets: hello, one connection for each payload, refresh, ten at most, another try."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socket import SHUT_RDWR
from typing import Any

import pytest
from simple_websocket import Client, ConnectionClosed
from simple_websocket.ws import Base
from slack_bolt import Ack

from bot.playground.slack import Person, SlackStandIn
from tests.playground.slack.support import ManualClock, client_of, connected, error_of, new_app

Json = dict[str, Any]


class WholeClient(Client):  # type: ignore[misc]  # simple-websocket has no annotations
    """A client that also reads what came together with the handshake's answer; the library's waits for more."""

    def handshake(self) -> None:
        super().handshake()
        self._handle_events()
        self.connected = True  # a goodbye that came along is noticed by whoever reads on


class Socket:
    """A WebSocket without an SDK around it; ``first`` is what it was sent first."""

    def __init__(self, slack: SlackStandIn) -> None:
        client = client_of(slack)
        self.url = client.apps_connections_open(app_token=slack.app_token)["url"]
        self._client = WholeClient.connect(self.url)
        self.first = self.read()  # so that sockets are admitted in the order in which they are made

    def read(self) -> Json:
        text = self._client.receive(timeout=10)
        assert text is not None
        found = json.loads(text)
        assert isinstance(found, dict)
        return found

    def ack(self, envelope: Json, payload: Json | None = None) -> None:
        body = {"envelope_id": envelope["envelope_id"]} | ({"payload": payload} if payload else {})
        self._client.send(json.dumps(body))

    def close(self) -> None:
        # The library's own close drops the socket under its reading thread, which may then never hear of it.
        with suppress(ConnectionClosed):
            Base.close(self._client)
        with suppress(OSError):
            self._client.sock.shutdown(SHUT_RDWR)
        self._client.thread.join(timeout=5)
        self._client.sock.close()


@contextmanager
def sockets(slack: SlackStandIn, count: int) -> Iterator[list[Socket]]:
    found = [Socket(slack) for _ in range(count)]
    try:
        yield found
    finally:
        for socket in found:
            socket.close()
        assert slack.wait_for(lambda: slack.sockets.count() == 0)


def test_says_hello_and_delivers_an_envelope(slack: SlackStandIn, trainer: Person) -> None:
    with sockets(slack, 1) as (socket,):
        hello = socket.first
        assert (hello["type"], hello["num_connections"]) == ("hello", 1)
        assert hello["connection_info"]["app_id"] == slack.app_id
        trainer.says("claims-ai", "x")
        envelope = socket.read()
        socket.ack(envelope)
        slack.wait_until_delivered()
    assert (envelope["type"], envelope["retry_attempt"], envelope["accepts_response_payload"]) == (
        "events_api",
        0,
        False,
    )
    assert slack.log.of("ack")[0].data["acked"] is True


def test_a_ticket_opens_one_socket(slack: SlackStandIn) -> None:
    with sockets(slack, 1) as (socket,):
        again = WholeClient.connect(socket.url)
        assert json.loads(again.receive(timeout=5))["reason"] == "link_disabled"
        again.thread.join(timeout=5)


def test_each_payload_goes_to_one_connection_in_turn(slack: SlackStandIn, trainer: Person) -> None:
    with sockets(slack, 2) as (one, two):
        trainer.says("claims-ai", "first")
        trainer.says("claims-ai", "second")
        texts = []
        for socket in (one, two):
            envelope = socket.read()
            texts.append(envelope["payload"]["event"]["text"])
            socket.ack(envelope)
        slack.wait_until_delivered()
    assert sorted(texts) == ["first", "second"]


def test_ten_connections_and_no_more(slack: SlackStandIn) -> None:
    with sockets(slack, 10) as found:
        assert [s.first["num_connections"] for s in found] == list(range(1, 11))
        eleventh = Socket(slack)
        refused = eleventh.first
        eleventh.close()
    assert (refused["type"], refused["reason"]) == ("disconnect", "too_many_websockets")


def test_an_event_goes_to_another_connection_when_one_stays_silent(impatient: SlackStandIn) -> None:
    with sockets(impatient, 2) as (one, two):
        impatient.person("trainer").says("claims-ai", "x")
        silent, other = one.read(), two.read()
        two.ack(other)
        impatient.wait_until_delivered()
    assert silent["payload"]["event_id"] == other["payload"]["event_id"]
    assert (other["retry_attempt"], other["retry_reason"]) == (1, "timeout")


def test_an_ack_on_another_socket_counts(slack: SlackStandIn, trainer: Person) -> None:
    with sockets(slack, 2) as (one, two):
        trainer.says("claims-ai", "x")
        two.ack(one.read())
        slack.wait_until_delivered()
    assert [entry.data["acked"] for entry in slack.log.of("ack")] == [True]


def test_a_refresh_makes_bolt_connect_anew(slack: SlackStandIn, trainer: Person) -> None:
    app, seen = new_app(slack), []

    @app.command("/play")
    def play(ack: Ack, command: Json) -> None:
        seen.append(command["text"])
        ack()

    with connected(slack, app):
        trainer.slash("/play", "before")
        slack.sockets.disconnect("refresh_requested", only=1)
        assert slack.wait_for(lambda: len(slack.log.of("socket", what="opened")) == 2)
        trainer.slash("/play", "after")
    assert seen == ["before", "after"]


def test_unacknowledged_events_wait_for_their_retries(slack: SlackStandIn, clock: ManualClock) -> None:
    trainer = slack.person("trainer")
    trainer.says("claims-ai", "x")
    slack.wait_until_delivered()
    assert [e.data["reason"] for e in slack.log.of("ack")] == [
        "connection_failed"
    ] * 2  # at once, and once again
    with sockets(slack, 1) as (socket,):
        clock.advance(59)
        assert slack.tick() == 0
        clock.advance(1)
        slack.tick()
        envelope = socket.read()
        socket.ack(envelope)
        slack.wait_until_delivered()
    assert (envelope["retry_attempt"], envelope["retry_reason"]) == (2, "connection_failed")
    clock.advance(600)
    assert slack.tick() == 0


def test_gives_up_after_three_retries(slack: SlackStandIn, clock: ManualClock) -> None:
    slack.person("trainer").says("claims-ai", "x")
    slack.wait_until_delivered()
    for seconds in (60, 300, 10_000):
        clock.advance(seconds)
        slack.tick()
        slack.wait_until_delivered()
    assert [e.data["attempt"] for e in slack.log.of("delivery")] == [0, 1, 2, 3]


def test_the_page_hears_whether_the_bot_is_there(slack: SlackStandIn) -> None:
    assert not slack.connected
    with sockets(slack, 1):
        assert slack.wait_for(lambda: slack.connected)
    assert not slack.connected


def test_no_sockets_without_socket_mode(clock: ManualClock) -> None:
    with SlackStandIn({"settings": {"socket_mode_enabled": False}}, clock=clock) as slack:
        client = client_of(slack)
        assert error_of(client.apps_connections_open, app_token=slack.app_token) == "internal_error"


@pytest.mark.parametrize("answer", [{"text": "hi"}, None])
def test_an_ack_may_carry_an_answer(slack: SlackStandIn, trainer: Person, answer: Json | None) -> None:
    with sockets(slack, 1) as (socket,):
        typing = threading.Thread(target=lambda: trainer.slash("/play", "x"))
        typing.start()
        envelope = socket.read()
        assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
        socket.ack(envelope, answer)
        typing.join(timeout=5)
    assert [m["text"] for m in trainer.sees("claims-ai")] == (["hi"] if answer else [])
