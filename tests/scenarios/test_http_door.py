"""The bot behind HTTP: signed requests, probes, and an end within seconds."""

import json
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bot.cli.health import READY_PATH
from bot.cli.http import EVENTS_PATH
from bot.playground.bedrock import BedrockStandIn
from bot.playground.redis_server import PrivateRedis
from bot.playground.slack.delivery.http import sign
from tests.scenarios.conftest import addresses, slack_for
from tests.scenarios.doors import by_http, tracebacks
from tests.scenarios.house import CHANNEL, HOUR, House
from tests.scenarios.processes import Process, status_of, until
from tests.scenarios.test_ending import in_hand, long_file

pytestmark = [pytest.mark.scenario, pytest.mark.redis_server]


@pytest.fixture
def port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[PrivateRedis]:
    """A server of one's own, to be taken away."""
    with PrivateRedis(tmp_path / "redis") as server:
        yield server


@pytest.fixture
def house(
    bedrock: BedrockStandIn,
    settings: dict[str, str],
    redis: PrivateRedis,
    port: int,
    caplog: pytest.LogCaptureFixture,
) -> Iterator[House]:
    """The house with the bot behind HTTP."""
    with slack_for(bedrock=bedrock, request_url=f"http://127.0.0.1:{port}{EVENTS_PATH}") as slack:
        environment = settings | addresses(slack) | {"REDIS_URL": redis.url}
        with by_http(environment, port):
            yield House(slack, bedrock, environment)
    assert tracebacks(caplog.get_records("call")) == []


def test_commands_forms_presses_and_files_come_as_signed_requests(house: House) -> None:
    assert house.slack.verify_request_url()
    house.job()
    house.passes(2 * HOUR)
    house.waits("is trained", button="model.serve")
    house.trainer.slash("/tune", "jobs", CHANNEL)
    house.waits("completed", "claims-router-job")


def test_a_request_that_slack_did_not_sign_is_refused(house: House, port: int) -> None:
    url = f"http://127.0.0.1:{port}{EVENTS_PATH}"
    body = urlencode(
        {"command": "/tune", "text": "jobs", "user_id": "U0TRAINER1", "channel_id": "C0CLAIMSAI"}
    )
    now, old = str(int(time.time())), str(int(time.time()) - 3600)
    secret = house.slack.signing_secret

    def asked(timestamp: str, signature: str) -> int:
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature,
        }
        return status_of(url, body.encode(), headers)

    assert asked(now, sign("another secret", now, body.encode())) == 401
    assert asked(now, "v0=") == 401
    assert asked(old, sign(secret, old, body.encode())) == 401
    assert status_of(url, body.encode()) == 401
    assert asked(now, sign(secret, now, body.encode())) == 200
    assert status_of(f"http://127.0.0.1:{port}/elsewhere") == 404


def test_the_probe_tells_when_redis_is_away_and_when_it_is_back(
    house: House, port: int, redis: PrivateRedis
) -> None:
    probe = f"http://127.0.0.1:{port}{READY_PATH}"
    assert status_of(probe) == 200
    redis.stop()
    until(lambda: status_of(probe) == 503, "the door to be unready")
    redis.start()
    until(lambda: status_of(probe) == 200, "the door to be ready again")
    house.lives()


@pytest.mark.timeout(200)
def test_the_process_serves_and_ends_within_seconds(
    bedrock: BedrockStandIn, settings: dict[str, str], port: int, tmp_path: Path
) -> None:
    with slack_for(bedrock=bedrock, request_url=f"http://127.0.0.1:{port}{EVENTS_PATH}") as slack:
        environment = settings | addresses(slack) | bedrock.environment() | {"TMPDIR": str(tmp_path)}
        del environment["SLACK_APP_TOKEN"]
        with Process("run", "--http", str(port), folder=tmp_path, environment=environment) as process:
            until(lambda: status_of(f"http://127.0.0.1:{port}{READY_PATH}") == 200, process.output)
            house = House(slack, bedrock, environment)
            house.lives()
            house.dataset()
            house.uploads(long_file())
            until(lambda: in_hand(tmp_path), "a long file to be in hand")

            begun = time.monotonic()
            assert process.ends(signal.SIGTERM) == 0
            assert time.monotonic() - begun < 10

    assert "Traceback" not in process.output
    assert "cannot schedule" not in process.output
    assert in_hand(tmp_path) == []
    assert slack.signing_secret not in process.output
    assert json.dumps(environment["REDIS_URL"])[1:-1] not in process.output
