from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from bot.playground.slack import Person, SlackStandIn
from tests.playground.slack.support import ManualClock, client_of


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def slack(clock: ManualClock) -> Iterator[SlackStandIn]:
    with SlackStandIn(clock=clock, rate_limits=False, ack_deadline=2.0) as standin:
        yield standin


@pytest.fixture
def impatient(clock: ManualClock) -> Iterator[SlackStandIn]:
    """A stand-in that waits only a moment for an acknowledgement."""
    with SlackStandIn(clock=clock, rate_limits=False, ack_deadline=0.1) as standin:
        yield standin


@pytest.fixture
def client(slack: SlackStandIn) -> WebClient:
    return client_of(slack)


@pytest.fixture
def trainer(slack: SlackStandIn) -> Person:
    return slack.person("trainer")
