"""Bedrock tells of a job's end by way of a queue: it is told at once; with the queue broken it is polled as ever."""

import pytest

from bot.jobs import cadence, events
from bot.playground.bedrock import BedrockStandIn
from tests.scenarios.conftest import OpenHouse
from tests.scenarios.house import HOUR, House

pytestmark = [pytest.mark.scenario, pytest.mark.redis_server]

WEST = "us-west-2"


@pytest.fixture
def queue(bedrock: BedrockStandIn, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(events, "SPACING", 0.2)
    return f"{WEST}={bedrock.world.queues.url(WEST)}"


def left(house: House) -> list[str]:
    with house.bedrock.world.lock:
        return [each.id for each in house.bedrock.world.queues.all(WEST)]


def test_an_hour_between_two_polls_and_the_end_is_told_at_once(
    open_house: OpenHouse, queue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cadence, "QUICK", HOUR)
    house = open_house(TUNESMITH_POLL_SECONDS="3600", TUNESMITH_EVENT_QUEUES=queue)
    house.job()
    theirs = '{"detail-type": "Model Customization Job State Change", "source": "aws.bedrock"}'
    for poison in ("", "{", "[" * 100_000, theirs):
        house.bedrock.world.queues.post(WEST, poison)
    house.until(lambda: not left(house), "an empty queue")
    house.passes(2 * HOUR)
    house.waits("claims-router", button="model.serve", patience=10)
    house.until(lambda: not left(house), "an empty queue")


def test_with_the_queue_gone_jobs_are_polled(open_house: OpenHouse, queue: str) -> None:
    house = open_house(TUNESMITH_EVENT_QUEUES=queue)
    house.bedrock.world.queues.missing.add(WEST)
    house.model()
    house.until(lambda: house.bedrock.log.of("ReceiveMessage", outcome="QueueDoesNotExist"), "a try")
