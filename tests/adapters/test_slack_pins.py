"""Pinning, on the Slack stand-in: repeated without harm, and a refusal is told as what it is."""

from collections.abc import Iterator

import pytest

from bot.adapters.slack_clients import posting_client
from bot.adapters.slack_pins import SlackPins
from bot.errors import Misconfigured, NotFound, Refused, Throttled, Unavailable
from bot.playground.slack import SlackStandIn
from tests.doubles.clock import FakeClock

CHANNEL = "C0CLAIMSAI"


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    with SlackStandIn(clock=FakeClock()) as stand_in:
        yield stand_in


def pins(slack: SlackStandIn) -> SlackPins:
    return SlackPins(posting_client(slack.bot_token, slack.api_url))


def test_a_message_is_pinned_and_pinning_again_changes_nothing(slack: SlackStandIn) -> None:
    ts = slack.person("trainer").says("claims-ai", "the card")["ts"]
    for _ in range(2):
        pins(slack).pin(CHANNEL, ts)

    assert slack.person("trainer").sees("claims-ai")[0]["pinned_to"] == [CHANNEL]


def test_refusals_say_who_can_act(slack: SlackStandIn) -> None:
    with pytest.raises(NotFound):
        pins(slack).pin(CHANNEL, "1700000000.000100")
    with pytest.raises(Refused):
        pins(slack).pin("C0NOWHERE1", "1700000000.000100")


def test_an_installation_without_the_scope_is_the_operators_business() -> None:
    with (
        SlackStandIn(clock=FakeClock(), scopes=["chat:write"]) as slack,
        pytest.raises(Misconfigured) as refused,
    ):
        pins(slack).pin(CHANNEL, "1.1")
    assert "`pins:write`" in refused.value.sentence


def test_a_lost_answer_is_simply_asked_for_again(slack: SlackStandIn) -> None:
    ts = slack.person("trainer").says("claims-ai", "the card")["ts"]
    slack.faults.drop_after("pins.add")
    with pytest.raises(Unavailable):
        pins(slack).pin(CHANNEL, ts)
    pins(slack).pin(CHANNEL, ts)

    slack.faults.rate_limit("pins.add", retry_after=7)
    with pytest.raises(Throttled):
        pins(slack).pin(CHANNEL, ts)
