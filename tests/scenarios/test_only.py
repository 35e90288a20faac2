"""Listening and work apart, in real processes: who listens has no rights in AWS, who works has no secret of a door."""

import signal
import socket
import time
import urllib.request
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.cli.health import METRICS_PATH, READY_PATH
from bot.jobs.events import PATIENCE
from bot.playground.bedrock import BedrockStandIn
from bot.playground.narration import text_of
from tests.scenarios.conftest import addresses, slack_for
from tests.scenarios.house import CHANNEL, House
from tests.scenarios.processes import Process, status_of, until

pytestmark = [pytest.mark.scenario, pytest.mark.slow, pytest.mark.redis_server, pytest.mark.timeout(240)]

FILES = 8


def tags(bedrock: BedrockStandIn) -> int:
    return len(bedrock.log.of("TagResource", outcome="ok"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def figures(port: int) -> dict[str, float]:
    """Return what a process tells Prometheus: each metric's largest sample by its name, whatever its labels."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{METRICS_PATH}", timeout=10) as answer:
        page = answer.read().decode()
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(page):
        for sample in family.samples:
            found[sample.name] = max(sample.value, found.get(sample.name, 0.0))
    return found


def parts(settings: Mapping[str, str], bedrock: BedrockStandIn) -> tuple[dict[str, str], dict[str, str]]:
    """Return what a listener and a worker are given, and nothing beyond what each needs."""
    listening = {**settings, "AWS_EC2_METADATA_DISABLED": "true"}
    working = {**settings, **bedrock.environment()}
    for secret in ("SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"):
        working.pop(secret, None)
    return listening, working


def test_what_a_listener_writes_down_a_worker_does(
    bedrock: BedrockStandIn, settings: dict[str, str], tmp_path: Path
) -> None:
    with slack_for(bedrock=bedrock) as slack:
        common = settings | addresses(slack) | {"TUNESMITH_APPROVAL_LIMIT_USD": "100"}
        listening, working = parts(common, bedrock)
        here, there = free_port(), free_port()
        listening |= {"TUNESMITH_HEALTH_PORT": str(here)}
        queue = f"us-west-2={bedrock.world.queues.url('us-west-2')}"
        listening |= {"TUNESMITH_EVENT_QUEUES": queue}
        working |= {"TUNESMITH_HEALTH_PORT": str(there), "TUNESMITH_EVENT_QUEUES": queue}
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

            assert [status_of(f"http://127.0.0.1:{port}{READY_PATH}") for port in (here, there)] == [200, 200]
            heard, done = figures(here), figures(there)
            assert heard["tunesmith_acknowledgement_seconds_count"] >= 3
            assert heard["tunesmith_ticks_total"] == 0, "it does no work"
            assert done["tunesmith_acknowledgement_seconds_count"] == 0, "it hears nobody"
            assert done["tunesmith_step_seconds_count"] > 0
            assert heard["tunesmith_job_events_total"] == 0, "it has no rights at the queue"
            until(lambda: figures(there)["tunesmith_job_events_total"], "the worker to judge an event")
            for each in (heard, done):  # what the store knows, both tell
                assert each["tunesmith_lease_dollars_per_hour"] == 22
                assert each["tunesmith_workers"] == 1
                assert each["tunesmith_deadlines_missed"] == 0
            until(lambda: bedrock.world.queues.waiting, "the worker to wait for events")
            began = time.monotonic()
            for process in (listener, worker):
                assert process.ends(signal.SIGTERM) == 0
                assert "Traceback" not in process.output
            assert time.monotonic() - began < PATIENCE / 2, "nobody waits for what may come"
        assert len(house.running()) == 1


def test_of_two_listeners_and_two_workers_one_each_may_be_killed(
    bedrock: BedrockStandIn, settings: dict[str, str], tmp_path: Path
) -> None:
    with slack_for(bedrock=bedrock) as slack, ExitStack() as stack:
        listening, working = parts(settings | addresses(slack), bedrock)
        house = House(slack, bedrock, settings | addresses(slack))

        def start(only: str, environment: Mapping[str, str]) -> Process:
            process = stack.enter_context(
                Process("run", "--only", only, folder=tmp_path, environment=environment)
            )
            process.waits_for(
                r"INFO bot\.process: ready"
            )  # one after the other: four starts at once take long
            return process

        listeners = [start("slack", listening) for _ in range(2)]
        workers = [start("worker", working) for _ in range(2)]
        sent = [house.uploads(name=f"claims-{number}.jsonl") for number in range(FILES // 2)]
        listeners[0].ends(signal.SIGKILL)
        workers[0].ends(signal.SIGKILL)
        sent += [house.uploads(name=f"claims-{number}.jsonl") for number in range(FILES // 2, FILES)]

        def verdicts(message: Mapping[str, object]) -> int:
            return sum("is ready" in text_of(row) for row in house.trainer.thread(dict(message)))

        def all_there() -> bool:
            house.store_passes(30)  # the lease of what the killed one had in hand
            return all(verdicts(each) for each in sent)

        until(all_there, "a verdict on each file")
        assert [verdicts(each) for each in sent] == [1] * FILES
        for each in (listeners[1], workers[1]):
            assert each.ends(signal.SIGTERM) == 0
            assert "Traceback" not in each.output
