"""The system's certificates are read once, and not for each call to Slack."""

import ssl
import urllib.request
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from bot.adapters import slack_clients
from bot.adapters.slack_clients import posting_client, reading_client
from bot.controller.model import Message
from handlers.core import Invocation, Say
from handlers.delivery import ReplySender
from tests.doubles.details import InMemoryDetails


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[ssl.SSLContext]]:
    """What was made of the system's certificates, in a process that begins."""
    contexts, make = list[ssl.SSLContext](), ssl.create_default_context

    def counted() -> ssl.SSLContext:
        contexts.append(make())
        return contexts[-1]

    caches = (slack_clients.trusted, slack_clients.share_opener)
    monkeypatch.setattr(ssl, "create_default_context", counted)
    monkeypatch.setattr(ssl, "_create_default_https_context", counted)
    monkeypatch.setattr(urllib.request, "_opener", None)
    for each in caches:
        each.cache_clear()
    yield contexts
    for each in caches:
        each.cache_clear()


def test_calls_to_slack_read_certificates_once(made: list[ssl.SSLContext]) -> None:
    posting, reading = (make("xoxb-1", "https://127.0.0.1:1/") for make in (posting_client, reading_client))
    for each in (posting, reading, posting):
        with pytest.raises(OSError, match="refused"):
            each.auth_test()
    assert len(made) == 1


@pytest.mark.parametrize("proxy", ["", "http://127.0.0.1:1"])
def test_answers_are_sent_as_other_calls_are(
    made: list[ssl.SSLContext], monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    given = list[object]()

    def webhook(_: str, **settings: Any) -> SimpleNamespace:
        given.append(settings.get("ssl"))
        return SimpleNamespace(send_dict=lambda _: SimpleNamespace(status_code=200, body=""))

    monkeypatch.setattr("handlers.delivery.WebhookClient", webhook)
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    sender = ReplySender(posting_client("xoxb-1", "https://slack.com/api/"), InMemoryDetails())
    sender.deliver(Invocation("1", "U1", response_url="https://hooks.slack.com/x"), Say(Message("Hello")))
    assert given == [made[0] if proxy else None]
