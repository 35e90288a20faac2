"""The end of a process by Socket Mode, against Slack's stand-in."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.cli.socket_mode import DEAF_FOR, Handler, Listening
from bot.playground.slack import SlackStandIn
from bot.process import Bot
from handlers import manifest
from tests.doubles.clock import FakeClock
from tests.playground.slack.support import new_app

COMMANDS = 400


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    with SlackStandIn(manifest.build("socket", None), rate_limits=False, ack_deadline=1.0) as standin:
        yield standin


@pytest.mark.slow
def test_every_command_is_either_answered_or_told_to_whoever_typed_it(slack: SlackStandIn) -> None:
    app, ran, lock = new_app(slack), set[str](), threading.Lock()

    def run(ack: Any, command: dict[str, Any]) -> None:
        with lock:
            ran.add(command["text"])
        ack()

    app.command("/tune")(run)
    handler = Handler(cast("Bot", SimpleNamespace(app=app)), slack.app_token)
    handler.connect()  # type: ignore[no-untyped-call]
    slack.wait_until_connected()
    person, halfway, over = slack.person("trainer"), threading.Semaphore(0), threading.Event()

    def type_it(number: int) -> None:
        if not over.is_set():
            person.slash("/tune", f"number-{number}")
            halfway.release()

    with ThreadPoolExecutor(8) as people:
        futures = [people.submit(type_it, number) for number in range(COMMANDS)]
        for _ in range(40):
            halfway.acquire(timeout=5)
        assert handler.drain() == 0
        over.set()
        for future in futures:
            future.exception(30)  # Slack says that the app did not answer

    told = {each.data["id"]: each.data["payload"]["text"] for each in slack.log.of("delivery")}
    acked = {told[each.data["id"]] for each in slack.log.of("ack") if each.data["acked"]}
    assert len(acked) >= 40
    assert acked == ran


@pytest.mark.slow
def test_a_connection_that_slack_wants_replaced_and_that_is_not_is_none(
    slack: SlackStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old one stays open, and events come to it no more: ``/readyz`` was well, and nobody tried a second time."""
    clock = FakeClock()
    handler = Handler(cast("Bot", SimpleNamespace(app=new_app(slack))), slack.app_token)
    client = handler.client
    listening, tried, connect = (
        Listening(client, clock.monotonic),
        threading.Event(),
        client.connect_to_new_endpoint,
    )

    def connect_anew(force: bool = False) -> None:
        tried.set()
        connect(force)

    monkeypatch.setattr(client, "connect_to_new_endpoint", connect_anew)
    handler.connect()  # type: ignore[no-untyped-call]
    slack.wait_until_connected()
    client.current_app_monitor.event.set()  # its turns are ours
    try:
        assert listening.try_it() == ""
        first = client.session_id()
        slack.faults.error("apps.connections.open", "internal_error", times=2)
        slack.sockets.disconnect("warning")
        assert tried.wait(5)
        with client._replacing:  # it is over by then
            pass
        assert client.is_connected()
        for seconds, is_told in ((0, False), (DEAF_FOR - 1, False), (1, True)):
            clock.advance(seconds)
            assert bool(listening.try_it()) is is_told
        client._monitor_current_session()  # refused once more
        assert listening.try_it()
        assert client.session_id() == first, "until there is another, what still comes by it is answered"
        client._monitor_current_session()
        assert client.session_id() != first
        assert listening.try_it() == ""
    finally:
        handler.drain()
