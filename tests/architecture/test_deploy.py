"""What is written down for Compose, Kubernetes and ECS names what there is: commands, settings, probes, the user."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from bot import config
from bot.cli.health import LIVE_PATHS, READY_PATH
from bot.process import ENDING
from bot.roles import Only

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "docs" / "deploy"
SECRETS_OF_DOORS = {"SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"}
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
[USER] = re.findall(r"^USER (\d+)", DOCKERFILE, re.MULTILINE)
[PORT] = re.findall(r"TUNESMITH_HEALTH_PORT=(\d+)", DOCKERFILE)


@dataclass(frozen=True)
class Container:
    """One way to run the bot, whoever runs it."""

    only: Only
    grace: float
    read_only: bool
    user: str
    environment: set[str]
    probes: set[str]
    role: bool


def compose() -> Iterator[Container]:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
    for name, each in services.items():
        if name != "valkey":
            grace = float(each["stop_grace_period"].removesuffix("s"))
            yield Container(
                only_of(each["command"]), grace, each["read_only"], USER, {*each["environment"]}, set(), False
            )
            assert each["deploy"]["replicas"] == 2
            assert any(mount.startswith("/tmp") for mount in each["tmpfs"])


def kubernetes() -> Iterator[Container]:
    documents = list(yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text(encoding="utf-8")))
    roles = {
        each["metadata"]["name"]: bool(each["metadata"].get("annotations"))
        for each in documents
        if each["kind"] == "ServiceAccount"
    }
    for each in documents:
        if each["kind"] != "Deployment":
            continue
        assert each["spec"]["replicas"] == 2
        pod = each["spec"]["template"]["spec"]
        [bot] = pod["containers"]
        assert each["spec"]["selector"]["matchLabels"] == each["spec"]["template"]["metadata"]["labels"]
        assert [mount["mountPath"] for mount in bot["volumeMounts"]] == ["/tmp"]
        assert [str(port["containerPort"]) for port in bot["ports"]] == [PORT]
        yield Container(
            only_of(bot["args"]),
            pod["terminationGracePeriodSeconds"],
            bot["securityContext"]["readOnlyRootFilesystem"],
            str(pod["securityContext"]["runAsUser"]),
            {variable["name"] for variable in bot["env"]},
            {bot[probe]["httpGet"]["path"] for probe in ("livenessProbe", "readinessProbe", "startupProbe")},
            roles[pod["serviceAccountName"]],
        )


def ecs() -> Iterator[Container]:
    for path in sorted(DEPLOY.glob("ecs-*.json")):
        task: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        [bot] = task["containerDefinitions"]
        assert f"127.0.0.1:{PORT}/" in bot["healthCheck"]["command"][-1]
        yield Container(
            only_of(bot["command"]),
            bot["stopTimeout"],
            bot["readonlyRootFilesystem"],
            bot["user"].partition(":")[0],
            {each["name"] for each in bot["environment"] + bot["secrets"]},
            set(re.findall(rf":{PORT}(/\w+)", bot["healthCheck"]["command"][-1])),
            "taskRoleArn" in task,
        )


def only_of(command: list[str]) -> Only:
    assert command[:2] == ["run", "--only"]
    return Only(command[2])


@pytest.mark.parametrize("containers", [compose, kubernetes, ecs])
def test_listeners_and_workers_are_run_as_the_bot_needs_it(containers: Any) -> None:
    found = list(containers())
    assert {each.only for each in found} == set(Only)
    for each in found:
        assert each.grace >= ENDING + 15
        assert each.read_only is True
        assert each.user == USER
        assert each.environment <= {row.name for row in config.rows()}
        assert each.probes <= {*LIVE_PATHS, READY_PATH}
        if each.only is Only.WORKER:
            assert not each.environment & SECRETS_OF_DOORS
        else:
            assert not each.role, "who listens needs no rights in AWS"
