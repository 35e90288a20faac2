"""A process that is told to end, or killed, in the middle of long work: nothing is left, and the next one goes on."""

import json
import random
import signal
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bot.controller.model import Key
from bot.playground.bedrock import BedrockStandIn
from bot.playground.narration import text_of
from bot.playground.redis_server import PrivateRedis
from storage.clients import worker
from storage.keys import Keys
from tests.fixtures.redis import rewind
from tests.scenarios.conftest import addresses, slack_for
from tests.scenarios.house import CHANNEL, House
from tests.scenarios.processes import Process, until

pytestmark = [pytest.mark.scenario, pytest.mark.redis_server, pytest.mark.timeout(300)]

ROWS, WORDS = 3_000, 150


def long_file() -> bytes:
    """Return a file that takes some seconds to judge, and is ready."""
    dice = random.Random(7)
    words = ["".join(dice.choices("abcdefghijklmnoprstuvw", k=dice.randint(3, 9))) for _ in range(20_000)]

    def text() -> str:
        return " ".join(dice.choices(words, k=WORDS)).capitalize() + "."

    def row() -> bytes:
        turns = [{"role": "user", "content": text()}, {"role": "assistant", "content": text()}]
        return json.dumps({"messages": turns}).encode()

    return b"\n".join(row() for _ in range(ROWS)) + b"\n"


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[PrivateRedis]:
    with PrivateRedis(tmp_path / "redis") as server:
        yield server


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


def in_hand(temporary: Path) -> list[Path]:
    return [path for path in temporary.rglob("upload*") if path.is_file()]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=["SIGTERM", "SIGKILL"])
def test_a_long_validation(
    bedrock: BedrockStandIn,
    settings: Mapping[str, str],
    redis: PrivateRedis,
    tmp_path: Path,
    temporary: Path,
    how: signal.Signals,
) -> None:
    with slack_for(bedrock=bedrock) as slack:
        environment = {
            **settings,
            **addresses(slack),
            **bedrock.environment(),
            "REDIS_URL": redis.url,
            "TMPDIR": str(temporary),
        }
        house = House(slack, bedrock, environment)
        with Process("run", folder=tmp_path, environment=environment) as first:
            until(slack.sockets.connected, "the bot to connect")
            message = house.uploads(long_file())
            until(lambda: in_hand(temporary), "the file to be in hand")
            begun = time.monotonic()
            first.ends(how)
            assert time.monotonic() - begun < 10
            assert "shutdown" not in first.output.replace("stopping", "")
            assert bool(in_hand(temporary)) is (how is signal.SIGKILL)
        if how is signal.SIGKILL:
            _lease_lapses(environment)
        with Process("run", folder=tmp_path, environment=environment) as second:
            until(slack.sockets.connected, "the bot to connect")
            until(lambda: in_hand(temporary) or _verdicts(house, message), "the file to be taken up at once")
            until(lambda: _verdicts(house, message), "the verdict")
            assert second.ends(signal.SIGTERM) == 0
        assert len(_verdicts(house, message)) == 1
        assert not any(temporary.rglob("*-*/*"))


def _lease_lapses(environment: Mapping[str, str]) -> None:
    """Let the time pass that a killed process's lease still has, and not a second more: nothing else frees the file."""
    keys = Keys(environment["TUNESMITH_REDIS_PREFIX"])
    with worker(environment["REDIS_URL"]) as client:
        [upload] = client.zrange(keys.due("upload"), 0, -1)
        left = float(client.hget(keys.resource(Key("upload", str(upload))), "lease")) / 1000 - time.time()
        assert 0 < left < 60
        rewind(client, keys, left)


def test_told_to_end_while_it_buys_throughput(
    bedrock: BedrockStandIn, settings: Mapping[str, str], redis: PrivateRedis, tmp_path: Path
) -> None:
    """The next process has what was bought: it is in service, and is released when somebody says so."""
    create = "CreateProvisionedModelThroughput"
    with slack_for(bedrock=bedrock) as slack:
        environment = {**settings, **addresses(slack), **bedrock.environment(), "REDIS_URL": redis.url}
        house = House(slack, bedrock, environment)
        with Process("run", folder=tmp_path, environment=environment) as first:
            until(slack.sockets.connected, "the bot to connect")
            house.model()
            house.trainer.slash("/tune", "serve claims-router for 1h", CHANNEL)
            card = house.waits(button="plan.start lease")
            bedrock.faults.order("delay", create)
            house.trainer.clicks(card, "plan.start")
            until(lambda: not bedrock.faults.orders(), "the purchase to be under way")
            assert first.ends(signal.SIGTERM) == 0
        with Process("run", folder=tmp_path, environment=environment) as second:
            until(slack.sockets.connected, "the bot to connect")
            house.waits_patiently("creating", button="lease.release")
            [throughput] = house.running()
            house.passes(900)
            house.waits_patiently("in service", button="lease.extend")
            assert house.running() != []
            house.trainer.slash("/tune", "release claims-router", CHANNEL)
            house.waits_patiently("Released: AWS confirms it")
            assert second.ends(signal.SIGTERM) == 0
        assert house.created(create) == 1
        assert house.running() == [], throughput


def _verdicts(house: House, message: Mapping[str, object]) -> list[object]:
    return [row for row in house.trainer.thread(dict(message)) if "is ready" in text_of(row)]
