"""The house, open: fixtures for whoever drives the whole bot."""

import os
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import datetime
from typing import Any

import pytest

from bot.playground.bedrock import BedrockStandIn, SimulatedClock
from bot.playground.slack import SlackStandIn
from bot.spending import undo
from bot.wiring import base
from handlers import manifest
from tests.hurry import HURRIED, UNDO
from tests.scenarios.doors import by_socket, payloads_that_slack_refused, tracebacks
from tests.scenarios.house import House
from tests.scenarios.spans import Spans, kept, secrets_of
from tests.scenarios.warm_workers import WarmWorkers

OpenHouse = Callable[..., House]


@pytest.fixture
def bedrock(monkeypatch: pytest.MonkeyPatch) -> Iterator[BedrockStandIn]:
    """Bedrock, whose time moves only when it is told to; the AWS SDK of this process is led there."""
    with BedrockStandIn(clock=SimulatedClock(speed=0)) as stand_in:
        for name in stand_in.UNSET:
            monkeypatch.delenv(name, raising=False)
        for name, value in stand_in.environment().items():
            monkeypatch.setenv(name, value)
        yield stand_in


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a bot of this process, nobody waits long for a turn at Slack, or for a worker to begin."""
    monkeypatch.setattr(base, "RATE_LIMITS", HURRIED)
    monkeypatch.setattr(base, "WorkerProcesses", WarmWorkers)
    monkeypatch.setattr(undo, "SECONDS", UNDO)


@pytest.fixture(autouse=True)
def spans() -> Iterator[Spans]:
    """What is told to OpenTelemetry in every scenario: nothing that nobody declared."""
    with kept() as spans:
        yield spans
    assert spans.undeclared == set()


@pytest.fixture
def settings(bedrock: BedrockStandIn, redis_url: str) -> dict[str, str]:
    """The bot's settings but for where Slack is."""
    buckets = ",".join(f"{region}={name}" for region, name in bedrock.buckets.items())
    return {
        "REDIS_URL": redis_url,
        "TUNESMITH_REDIS_PREFIX": f"scenario-{uuid.uuid4().hex[:12]}",
        "TUNESMITH_BUCKETS": buckets,
        "TUNESMITH_ROLE_ARN": bedrock.role_arn,
        "TUNESMITH_TRAINERS": "U0TRAINER1,U0APPROVE1,U0ASKER001,U0BYSTAND1",
        "TUNESMITH_APPROVERS": "U0APPROVE1",
        "TUNESMITH_PRICES": "claude-3-haiku.training_per_1k_tokens=0.003,claude-3-haiku.model_unit_hour=22",
        "TUNESMITH_APPROVAL_LIMIT_USD": "50",
        "TUNESMITH_POLL_SECONDS": "0.2",
    }


@contextmanager
def slack_for(**options: Any) -> Iterator[SlackStandIn]:
    """A workspace; what the bot sent must have been what Slack takes."""
    plain: dict[str, Any] = {
        "manifest": manifest.build("socket", None),
        "rate_limits": False,
        "ack_deadline": 15.0,
    }
    with SlackStandIn(**(plain | options)) as slack:
        yield slack
        assert payloads_that_slack_refused(slack) == []


def addresses(slack: SlackStandIn) -> dict[str, str]:
    """Return the settings that lead a bot to this workspace."""
    return {
        "SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
    }


class BedrocksTime:
    """A clock of the bot that goes with Bedrock's: two that agree outvote Redis's, so that a lease's hour passes."""

    def __init__(self, bedrock: SimulatedClock) -> None:
        self._bedrock = bedrock

    def now(self) -> datetime:
        return self._bedrock.now()

    def monotonic(self) -> float:
        return time.monotonic()


def _tells_no_secret(slack: SlackStandIn, environment: Mapping[str, str], spans: Spans) -> None:
    told = spans.holding(secrets_of(slack, environment | os.environ))
    assert told == set()


@pytest.fixture
def open_house(
    bedrock: BedrockStandIn, settings: dict[str, str], spans: Spans, caplog: pytest.LogCaptureFixture
) -> Iterator[OpenHouse]:
    """Open a house with settings of one's own: ``open_house(TUNESMITH_TRAINERS=…)``; ``slack`` is for its Slack."""
    with ExitStack() as rooms:

        def enter(room: AbstractContextManager[Any]) -> Any:
            return rooms.enter_context(room)

        def opened(
            slack: dict[str, Any] | None = None, *, on_bedrocks_time: bool = False, **changed: str
        ) -> House:
            workspace = enter(slack_for(bedrock=bedrock, **(slack or {})))
            environment = settings | addresses(workspace) | changed
            rooms.callback(_tells_no_secret, workspace, environment, spans)
            clock = BedrocksTime(bedrock.clock) if on_bedrocks_time else None
            enter(by_socket(environment, workspace, clock))
            return House(workspace, bedrock, environment)

        yield opened
    assert tracebacks(caplog.get_records("call")) == []


@pytest.fixture
def house(open_house: OpenHouse) -> House:
    """The house as most tests want it."""
    return open_house()


@pytest.fixture
def trained(house: House) -> House:
    """The house with a tuned model, ``claims-router``, which sleeps."""
    house.model()
    return house
