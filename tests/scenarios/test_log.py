"""A fault does not fill the log: a line when it begins, whatever fails by it, and no traceback."""

import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from bot.playground.bedrock import BedrockStandIn
from bot.playground.redis_server import PrivateRedis
from bot.playground.slack.errors import SeenByPerson
from tests.scenarios.conftest import addresses, slack_for
from tests.scenarios.house import CHANNEL, House
from tests.scenarios.processes import Process, until

pytestmark = [pytest.mark.scenario, pytest.mark.redis_server, pytest.mark.timeout(240)]

FILES = 8
"""Uploads that meet the fault: each is tried again and again by itself."""


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[PrivateRedis]:
    with PrivateRedis(tmp_path / "redis") as server:
        yield server


def begin_and_meet(
    process: Process, house: House, begins: Callable[[], object], enough: Callable[[], bool]
) -> list[str]:
    """Have a fault begin, give the bot work that meets it, and return what it has logged when it met it often."""
    process.waits_for(r"INFO bot\.process: ready")
    before = len(process.output)
    begins()
    for _ in range(FILES):
        house.uploads()
    with suppress(SeenByPerson):  # they are told by Slack that the app does not answer
        house.trainer.slash("/tune", "jobs", CHANNEL)
    until(enough, "the fault to be met often")
    return process.output[before:].splitlines()


def test_a_revoked_token(
    bedrock: BedrockStandIn, settings: dict[str, str], redis: PrivateRedis, tmp_path: Path
) -> None:
    with slack_for(bedrock=bedrock, ack_deadline=1.0) as slack:  # a command is not answered
        environment = settings | addresses(slack) | bedrock.environment() | {"REDIS_URL": redis.url}
        with Process("run", folder=tmp_path, environment=environment) as process:
            house = House(slack, bedrock, environment)

            def refused() -> int:
                return len(slack.log.of("api_call", error="token_revoked"))

            lines = begin_and_meet(
                process,
                house,
                lambda: slack.faults.error("*", "token_revoked", times=100_000),
                lambda: refused() > 3 * FILES,  # each is tried again ever more slowly
            )
            slack.faults.clear()
            process.ends(signal.SIGTERM)
    told = [line for line in lines if "WARNING" in line or "ERROR" in line]
    assert len(told) == 1, "\n".join(lines)
    assert len(lines) <= 2 * FILES, "\n".join(lines)
    assert "Traceback" not in process.output


def test_a_redis_that_is_away(
    bedrock: BedrockStandIn, settings: dict[str, str], redis: PrivateRedis, tmp_path: Path
) -> None:
    with slack_for(bedrock=bedrock) as slack:
        environment = settings | addresses(slack) | bedrock.environment() | {"REDIS_URL": redis.url}
        with Process("run", folder=tmp_path, environment=environment) as process:
            house = House(slack, bedrock, environment)
            commands = iter(range(100))

            def enough() -> bool:
                house.trainer.slash("/tune", "jobs", CHANNEL)
                return next(commands) > 2 * FILES

            lines = begin_and_meet(process, house, redis.stop, enough)
            redis.start()
            process.ends(signal.SIGTERM)
    told = [line for line in lines if "WARNING" in line or "ERROR" in line]
    assert len(told) == 1, "\n".join(lines)
    assert "Traceback" not in process.output


def test_a_slack_that_answers_500(
    bedrock: BedrockStandIn, settings: dict[str, str], redis: PrivateRedis, tmp_path: Path
) -> None:
    with slack_for(bedrock=bedrock) as slack:
        environment = settings | addresses(slack) | bedrock.environment() | {"REDIS_URL": redis.url}
        with Process("run", folder=tmp_path, environment=environment) as process:
            house = House(slack, bedrock, environment)

            # Each upload and the command meet it, and Slack sends again what was not taken in.
            lines = begin_and_meet(
                process, house, lambda: slack.faults.server_error("*", times=100_000), lambda: True
            )
            slack.faults.clear()
            process.ends(signal.SIGTERM)
    told = [line for line in lines if "WARNING" in line or "ERROR" in line]
    assert len(told) == 1, "\n".join(lines)
    assert "Traceback" not in process.output
