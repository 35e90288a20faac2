"""What GitHub runs calls what there is, on the Pythons that we support, with actions that nobody can exchange."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

from bot import config
from bot.cli import build
from bot.process import ENDING

ROOT = Path(__file__).resolve().parents[2]
GITHUB = ROOT / ".github"
WORKFLOWS = {
    path.name: yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in sorted(GITHUB.glob("workflows/*.yml"))
}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PINNED = re.compile(r"uses: ([\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+|\./\.github/workflows/\w+\.yml)$")


def jobs() -> Iterator[tuple[str, dict[str, Any]]]:
    for workflow, text in WORKFLOWS.items():
        for name, job in text["jobs"].items():
            yield f"{workflow}: {name}", job


def commands() -> Iterator[tuple[str, str]]:
    for name, job in jobs():
        for step in job.get("steps", ()):
            yield from ((name, line.strip()) for line in step.get("run", "").splitlines())


def test_commands_are_there() -> None:
    ours = {each.name or each.callback.__name__ for each in build().registered_commands if each.callback}
    wrong = [
        f"{where}: {line}"
        for where, line in commands()
        for command in re.findall(r"(?:^|\./)tunesmith ([a-z]\w*)", line)
        if command not in ours
    ]
    wrong += [
        f"{where}: {line}"
        for where, line in commands()
        for module in re.findall(r"-m (release\.\w+)", line)
        if not (ROOT / (module.replace(".", "/") + ".py")).exists()
    ]
    assert wrong == []
    called = "\n".join(line for _, line in commands())
    assert {"./tunesmith check", "./tunesmith test", "./tunesmith demo --story"} <= set(called.splitlines())


def test_the_image_is_run_and_told_to_end() -> None:
    """With settings that there are, as `tunesmith run` wants them, and longer than it takes to end."""
    lines = "\n".join(line for where, line in commands() if where == "image.yml: build")
    started = re.findall(r"--env ([A-Z_]+)=", lines)

    assert {name for name in started if not name.startswith("AWS_")} <= {row.name for row in config.rows()}
    assert {row.name for row in config.rows() if row.required} <= set(started)
    [patience] = re.findall(r"docker stop -t (\d+) bot", lines)
    assert int(patience) > ENDING


def test_what_the_tests_would_leave_out_without_is_brought() -> None:
    brought = {
        word
        for where, line in commands()
        if where == "checks.yml: test" and "install" in line
        for word in line.split()
    }
    assert {"redis-server", "prometheus", "valkey"} <= brought


def test_every_python_that_we_support_is_tried_on_each_system_and_processor() -> None:
    supported = [each.rpartition(" ")[2] for each in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", each)]
    matrix = WORKFLOWS["checks.yml"]["jobs"]["test"]["strategy"]["matrix"]

    assert matrix["python"] == supported
    assert {each.split("-")[0] for each in matrix["system"]} == {"ubuntu", "macos"}
    assert len(matrix["system"]) == 4
    chosen = {
        step["with"]["python-version"]
        for _, job in jobs()
        for step in job.get("steps", ())
        if "setup-python" in step.get("uses", "")
    }
    assert chosen - {"${{ matrix.python }}"} <= set(supported)


def test_actions_are_pinned_and_rights_are_named() -> None:
    lines = [
        line.strip("- ") for path in GITHUB.glob("workflows/*.yml") for line in path.read_text().splitlines()
    ]
    uses = [line for line in lines if line.startswith("uses:")]

    assert uses
    assert [line for line in uses if not PINNED.match(line)] == []
    assert len({line.split("@")[0] for line in uses}) == len(set(uses)), "one action in two versions"
    assert [
        name for name, text in WORKFLOWS.items() if text["permissions"] not in ({}, {"contents": "read"})
    ] == []
    assert [name for name, job in jobs() if "uses" not in job and "timeout-minutes" not in job] == []


def test_what_comes_from_outside_reaches_no_shell_as_text() -> None:
    assert [f"{where}: {line}" for where, line in commands() if "${{" in line] == []


def test_a_release_waits_for_all_checks_and_is_attested() -> None:
    release = WORKFLOWS["release.yml"]["jobs"]

    assert release["checks"]["uses"] == "./.github/workflows/checks.yml"
    assert {name for name in release if not upstream(release, name) and name != "checks"} == set()
    attested = {
        name
        for name, job in release.items()
        for step in job.get("steps", ())
        if step.get("uses", "").startswith("actions/attest-build-provenance@")
        and job["permissions"]["attestations"] == "write"
    }
    assert attested == {"wheel", "index"}


def upstream(release: dict[str, Any], name: str) -> bool:
    needs = release[name].get("needs", [])
    needs = [needs] if isinstance(needs, str) else needs
    return "checks" in needs or any(upstream(release, each) for each in needs)


def test_forms_ask_for_what_helps_and_holes_are_told_in_private() -> None:
    for path in GITHUB.glob("ISSUE_TEMPLATE/*.yml"):
        form = yaml.safe_load(path.read_text(encoding="utf-8"))
        if path.name == "config.yml":
            assert [each["url"] for each in form["contact_links"]] == [
                f"{PROJECT['urls']['Source']}/security/advisories/new"
            ]
        else:
            asked = [each for each in form["body"] if each["type"] != "markdown"]
            assert all(each["attributes"]["label"] for each in asked)
            assert len({each["id"] for each in asked}) == len(asked)
            assert any(each.get("validations", {}).get("required") for each in asked)


def test_both_locks_are_kept_up_to_date() -> None:
    kept = json.loads((GITHUB / "renovate.json").read_text(encoding="utf-8"))["pip_requirements"]
    [pattern] = kept["managerFilePatterns"]

    locks = [path.name for path in ROOT.glob("*.lock")]
    assert len(locks) == 2
    assert all(re.search(pattern.strip("/"), name) for name in locks)
    audited = WORKFLOWS["audit.yml"]["jobs"]["packages"]["strategy"]["matrix"]["lock"]
    assert set(audited) == set(locks)
