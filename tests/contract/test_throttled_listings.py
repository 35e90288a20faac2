"""A storm of throttling from the Bedrock stand-in: the listing slows down by itself, and nothing else does.

botocore waits in three places: between attempts, for a token of adaptive mode, and by the clock that measures its
rate. All three are on a time of our own here, so that minutes of storm take no time and every wait is seen.
"""

import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore import endpoint
from botocore.config import Config
from botocore.retries import bucket

from bot.adapters import aws_clients
from bot.adapters.aws_clients import LISTING, AwsClients
from bot.adapters.bedrock_endpoints import BedrockEndpoints
from bot.adapters.bedrock_jobs import BedrockJobs
from bot.errors import NotFound, Throttled
from bot.playground.bedrock import BedrockStandIn, SimulatedClock
from bot.profiles.model import Serving
from tests.doubles.clock import START

WEST = "us-west-2"
ARN = f"arn:aws:bedrock:{WEST}:123456789012:provisioned-model/abcdefabcdef"
LIST, DELETE = "ListModelCustomizationJobs", "DeleteProvisionedModelThroughput"
CALL = 0.05
"""Seconds that a call takes on our time."""
STORM = 120.0

STANDARD = Config(connect_timeout=3, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 4})
"""What the listing's client would be without adaptive mode: all else is the same."""


@dataclass
class Waits:
    """Time that passes by waiting alone."""

    now: float = 1_000_000.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, seconds: float) -> None:
        with self.lock:
            self.now += max(seconds, 0.0)


class Condition(threading.Condition):
    """Waits on our time. Nobody ever notifies here while another waits."""

    waits: Waits

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is not None
        self.waits.wait(timeout)
        return False


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> Waits:
    """botocore on a time of our own."""
    waits = Waits()
    Condition.waits = waits
    monkeypatch.setattr(bucket, "time", SimpleNamespace(time=lambda: waits.now, sleep=waits.wait))
    monkeypatch.setattr(bucket, "threading", SimpleNamespace(Lock=threading.Lock, Condition=Condition))
    monkeypatch.setattr(endpoint, "time", SimpleNamespace(sleep=waits.wait))
    return waits


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[BedrockStandIn]:
    with BedrockStandIn(clock=SimulatedClock.manual(START)) as stand_in:
        for name in BedrockStandIn.UNSET:
            monkeypatch.delenv(name, raising=False)
        for name, value in stand_in.environment().items():
            monkeypatch.setenv(name, value)
        yield stand_in


def clients(waits: Waits) -> AwsClients:
    """The bot's clients, of which each call takes a little of our time."""
    made = AwsClients(
        lambda: boto3.Session(aws_access_key_id="playground", aws_secret_access_key="playground")
    )

    def take_time(**_: Any) -> None:
        waits.wait(CALL)

    for client in (made.bedrock_listing(WEST), made.bedrock_changing(WEST)):
        client.meta.events.register_first("before-send", take_time)
    return made


def listed_through_the_storm(stand_in: BedrockStandIn, waits: Waits, made: AwsClients) -> int:
    """List again and again for two minutes, all of it throttled, and return how often Bedrock was called."""
    stand_in.faults.order("throttle", LIST, times=100_000)
    jobs, ends = BedrockJobs(made), waits.now + STORM
    while waits.now < ends:
        with pytest.raises(Throttled):
            jobs.list_since(WEST, START - timedelta(hours=1))
    return len(stand_in.log.of(LIST))


@pytest.mark.slow
def test_a_throttled_listing_asks_less_by_itself_than_standard_retries_would(
    stand_in: BedrockStandIn, waits: Waits, monkeypatch: pytest.MonkeyPatch
) -> None:
    adaptive = listed_through_the_storm(stand_in, waits, clients(waits))
    monkeypatch.setattr(aws_clients, "LISTING", STANDARD)
    standard = listed_through_the_storm(stand_in, waits, clients(waits)) - adaptive

    assert LISTING.retries["total_max_attempts"] == STANDARD.retries["total_max_attempts"]  # type: ignore[attr-defined]
    assert adaptive <= STORM * 0.5 + 10, "at botocore's lowest rate: one call in two seconds"
    assert standard >= 1.5 * adaptive, "its backoff alone"


@pytest.mark.slow
def test_a_release_in_the_storm_waits_for_nothing(stand_in: BedrockStandIn, waits: Waits) -> None:
    made = clients(waits)
    listed_through_the_storm(stand_in, waits, made)
    before = waits.now
    with suppress(NotFound):
        BedrockEndpoints(made).delete(WEST, Serving.PROVISIONED_THROUGHPUT, ARN)
    assert len(stand_in.log.of(DELETE)) == 1
    assert waits.now - before == pytest.approx(CALL)

    with pytest.raises(Throttled):
        BedrockJobs(made).list_since(WEST, START)
    assert waits.now - before > 2, "the listing's own bucket is as good as empty"


@pytest.mark.slow
def test_what_somebody_waits_for_is_not_listed_by_the_patient_client(
    stand_in: BedrockStandIn, waits: Waits
) -> None:
    made = clients(waits)
    listed_through_the_storm(stand_in, waits, made)
    stand_in.faults.clear()
    before = waits.now

    assert BedrockJobs(made, for_people=True).list_since(WEST, START) == []
    assert waits.now == before


@pytest.mark.slow
def test_the_storm_over_a_listing_is_quick_again(stand_in: BedrockStandIn, waits: Waits) -> None:
    made = clients(waits)
    listed_through_the_storm(stand_in, waits, made)
    stand_in.faults.clear()
    began = waits.now
    for _ in range(20):
        waits.wait(15)
        BedrockJobs(made).list_since(WEST, START)
    assert waits.now - began < 20 * 15 + 10
