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
from bot.adapters.iam_policies import Account
from bot.cli.health import LIVE_PATHS, READY_PATH
from bot.controller.slots import COPIES, SPARE
from bot.process import ENDING
from bot.run_only import Only
from bot.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "docs" / "deploy"
SECRETS_OF_DOORS = {"SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"}
ROOM = (
    Settings.model_fields["max_file_bytes"].default * COPIES * Settings.model_fields["files_at_once"].default
    + SPARE
)
"""Bytes that the largest files take, when as many as may be are in hand."""
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
[USER] = re.findall(r"^USER (\d+)", DOCKERFILE, re.MULTILINE)
[PORT] = re.findall(r"TUNESMITH_HEALTH_PORT=(\d+)", DOCKERFILE)
[HOME] = re.findall(r"useradd .*--home-dir (\S+)", DOCKERFILE)
VOLUMES = {
    path for line in re.findall(r"^VOLUME (\[.*\])$", DOCKERFILE, re.MULTILINE) for path in json.loads(line)
}
WRITTEN = "/tmp"
"""The one folder that is written to."""


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
    room: float
    """Bytes of disk under ``/tmp``; 0: it is in memory."""


def compose() -> Iterator[Container]:
    written = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    for name, each in written["services"].items():
        if name != "valkey":
            grace = float(each["stop_grace_period"].removesuffix("s"))
            mounts = [mount.split(":") for mount in each.get("volumes", ())]
            disks = [volume for volume, folder in mounts if folder == WRITTEN]
            memory = [mount for mount in each.get("tmpfs", ()) if mount.startswith(f"{WRITTEN}:")]
            assert len(disks + memory) == 1
            assert written["volumes"].keys() >= set(disks)
            assert all("size=" in mount for mount in memory), "else half of the host's memory"
            yield Container(
                only_of(each["command"]),
                grace,
                each["read_only"],
                USER,
                {*each["environment"]},
                set(),
                False,
                float("inf") if disks else 0,
            )
            assert each["deploy"]["replicas"] == 2


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
        assert [mount["mountPath"] for mount in bot["volumeMounts"]] == [WRITTEN]
        [spread] = pod["topologySpreadConstraints"]
        assert spread["labelSelector"] == each["spec"]["selector"]
        [volume] = pod["volumes"]
        assert volume["emptyDir"].keys() == {"sizeLimit"}, "a medium of Memory would be no disk"
        kept_free = bot["resources"]["requests"].get("ephemeral-storage")
        assert kept_free in (None, volume["emptyDir"]["sizeLimit"])
        assert [str(port["containerPort"]) for port in bot["ports"]] == [PORT]
        said = {each["name"]: each["value"] for each in bot["env"]}
        # The secret is made of somebody's .env, where probes may be elsewhere.
        assert (said["TUNESMITH_HEALTH_PORT"], said["TUNESMITH_HEALTH_ADDRESS"]) == (PORT, "0.0.0.0")
        yield Container(
            only_of(bot["args"]),
            pod["terminationGracePeriodSeconds"],
            bot["securityContext"]["readOnlyRootFilesystem"],
            str(pod["securityContext"]["runAsUser"]),
            {variable["name"] for variable in bot["env"]},
            {bot[probe]["httpGet"]["path"] for probe in ("livenessProbe", "readinessProbe", "startupProbe")},
            roles[pod["serviceAccountName"]],
            _bytes(kept_free) if kept_free else 0,
        )


def ecs() -> Iterator[Container]:
    for path in sorted(DEPLOY.glob("ecs-*.json")):
        task: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        [bot] = task["containerDefinitions"]
        assert f"127.0.0.1:{PORT}/" in bot["healthCheck"]["command"][-1]
        assert {each["containerPath"] for each in bot["mountPoints"]} == {WRITTEN}
        yield Container(
            only_of(bot["command"]),
            bot["stopTimeout"],
            bot["readonlyRootFilesystem"],
            bot["user"].partition(":")[0],
            {each["name"] for each in bot["environment"] + bot["secrets"]},
            set(re.findall(rf":{PORT}(/\w+)", bot["healthCheck"]["command"][-1])),
            "taskRoleArn" in task,
            task.get("ephemeralStorage", {}).get("sizeInGiB", 0) * 1024**3,
        )


def _bytes(amount: str) -> int:
    return int(amount.removesuffix("Gi")) * 1024**3


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
            assert each.room >= ROOM
            assert not each.environment & SECRETS_OF_DOORS
        else:
            assert not each.role, "who listens needs no rights in AWS"


def test_what_is_mounted_can_be_written_by_the_user_of_the_image_and_is_not_its_home() -> None:
    """On Fargate a volume belongs to root alone, unless the image declares the folder; then it is as it is there."""
    assert {WRITTEN} == VOLUMES
    # Settings of AWS's SDK are looked for below it, and name programs to run: none may be put there.
    assert HOME != WRITTEN
    assert not HOME.startswith(f"{WRITTEN}/")


def test_roles_are_called_as_the_printed_policies_call_them() -> None:
    """The bot may look at its own rights where the policy names the role that it really is."""
    known = {Account().bot, Account().role_arn, f"{Account().bot.rpartition('/')[0]}/tunesmith-execution"}
    named = {
        role
        for path in sorted(DEPLOY.iterdir())
        for role in re.findall(r"arn:aws:iam::\d+:role/[\w/-]+", path.read_text(encoding="utf-8"))
    }
    assert named == known
