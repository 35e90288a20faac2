"""What `tunesmith validate` brings along when it starts: a good part of what a small file takes."""

import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest

from bot import cli
from tests.cli.test_files import GOOD

ROOT = Path(__file__).resolve().parents[2]
RUN = """
import gc, sys, threading
from bot.cli import main

try:
    main()
except SystemExit as end:
    assert end.code == 0, end.code
folder = "/proc/self/task"
import os
tasks = len(os.listdir(folder)) if os.path.isdir(folder) else 1
waste = {"boto3", "slack_sdk", "redis", "flask"} & set(sys.modules)
print(f"WASTE {tasks - threading.active_count()} threads, {sorted(waste)}, frozen {gc.get_freeze_count() > 10_000}")
print(f"COLLECTS {gc.isenabled()}")
"""


@pytest.mark.slow
def test_validate_starts_no_idle_threads_and_imports_no_client() -> None:
    found = subprocess.run(
        [sys.executable, "-c", RUN, "validate", "--no-progress", str(GOOD)],
        capture_output=True,
        text=True,
        check=False,
        env={**{name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}}
        | {"PYTHONPATH": str(ROOT)},
    )
    assert found.stdout.splitlines()[-2:] == ["WASTE 0 threads, [], frozen True", "COLLECTS True"], (
        found.stderr
    )


@pytest.mark.parametrize("command", ["check", "test"])
def test_a_command_for_developers_is_made_without_those_for_files(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[tuple[str, ...]] = []
    monkeypatch.setattr(cli, "build", lambda names=("all",): made.append(tuple(names)))
    monkeypatch.setattr(sys, "argv", ["tunesmith", command])
    cli._made()

    assert made == [("development",)]


def test_every_command_for_developers_is_made_so() -> None:
    names = [
        each.callback.__name__ for each in cli.build(["development"]).registered_commands if each.callback
    ]

    assert names == list(cli._FOR_DEVELOPERS)


def test_a_number_that_no_user_has_needs_no_home(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_: int) -> None:
        raise KeyError

    monkeypatch.setenv("HOME", "/to-be-restored")
    monkeypatch.delenv("HOME")
    monkeypatch.setattr(pwd, "getpwuid", nobody)
    with pytest.raises(RuntimeError):
        Path.home()  # as Slack's SDK asks when it is imported

    cli.have_a_home()

    assert Path.home() == Path("/"), "where nobody else can leave settings for AWS's SDK"
