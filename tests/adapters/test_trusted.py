"""The system's certificates are read once, and not for each call to Slack."""

from types import SimpleNamespace
from typing import Any

import pytest

from bot.adapters.slack_clients import posting_client, reading_client, trusted
from bot.controller.model import Message
from handlers.core import Invocation, Say
from handlers.delivery import ReplySender
from tests.doubles.details import InMemoryDetails


def test_all_calls_to_slack_trust_by_one_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    given = list[object]()

    def webhook(_: str, **settings: Any) -> SimpleNamespace:
        given.append(settings.get("ssl"))
        return SimpleNamespace(send_dict=lambda _: SimpleNamespace(status_code=200, body=""))

    monkeypatch.setattr("handlers.delivery.WebhookClient", webhook)
    posting, reading = (make("xoxb-1", "https://slack.com/api/") for make in (posting_client, reading_client))
    sender = ReplySender(posting, InMemoryDetails())
    sender.deliver(Invocation("1", "U1", response_url="https://hooks.slack.com/x"), Say(Message("Hello")))
    assert [posting.ssl, reading.ssl, *given] == [trusted()] * 3
