"""Listening and work apart, in real processes: who listens has no rights in AWS, who works has no secret of a door."""

import signal
from pathlib import Path

import pytest

from bot.playground.bedrock import BedrockStandIn
from tests.scenarios.conftest import addresses, slack_for
from tests.scenarios.house import CHANNEL, House
from tests.scenarios.processes import Process, until

pytestmark = [pytest.mark.scenario, pytest.mark.slow, pytest.mark.redis_server, pytest.mark.timeout(240)]


def tags(bedrock: BedrockStandIn) -> int:
    return len(bedrock.log.of("TagResource", outcome="ok"))


def test_what_a_listener_writes_down_a_worker_does(
    bedrock: BedrockStandIn, settings: dict[str, str], tmp_path: Path
) -> None:
    with slack_for(bedrock=bedrock) as slack:
        common = settings | addresses(slack) | {"TUNESMITH_APPROVAL_LIMIT_USD": "100"}
        listening = common | {"AWS_EC2_METADATA_DISABLED": "true"}
        working = common | bedrock.environment()
        working.pop("SLACK_APP_TOKEN")
        working.pop("SLACK_SIGNING_SECRET", "")
        house = House(slack, bedrock, common)
        with (
            Process("run", "--only", "slack", folder=tmp_path, environment=listening) as listener,
            Process("run", "--only", "worker", folder=tmp_path, environment=working) as worker,
        ):
            listener.waits_for(r"INFO bot\.process: ready")
            worker.waits_for(r"INFO bot\.process: ready")
            until(slack.sockets.connected, "the listener to connect")
            house.model()
            house.lease()
            before = tags(bedrock)
            house.trainer.slash("/tune", "extend claims-router 1h", CHANNEL)
            offer = house.waits("With 1 h more", button="lease.extend")
            house.trainer.clicks(offer, "lease.extend")
            house.waits("stays in service until")
            until(lambda: tags(bedrock) > before, "the worker to move the deadline's tag")
            for process in (listener, worker):
                assert process.ends(signal.SIGTERM) == 0
                assert "Traceback" not in process.output
        assert len(house.running()) == 1
        assert "job:" not in listener.output, "it follows nothing"
