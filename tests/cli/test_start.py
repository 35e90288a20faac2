"""What `tunesmith validate` brings along when it starts: a good part of what a small file takes."""

import os
import pwd
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot import cli, config, logs
from bot.cli import run, worker
from bot.run_only import Only
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


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a file that is always full")
def test_a_disk_that_fills_up_while_a_file_is_written_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def write() -> None:
        with Path("/dev/full").open("wb", buffering=0) as file:
            file.write(b"backup")

    def made() -> object:
        return lambda **_: write()

    monkeypatch.setattr(cli, "_made", made)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    assert "no space left on device" in capsys.readouterr().err


def test_what_works_on_files_of_others_is_given_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    names = config.secret_names()
    seen: list[str] = []
    monkeypatch.setattr("bot.cli.memory.use_few_arenas", lambda: None)
    monkeypatch.setattr(sys, "setswitchinterval", lambda _: None)
    monkeypatch.setattr(logs, "configure", lambda *_: None)
    monkeypatch.setattr(config, "load", lambda **_: SimpleNamespace(log_level="INFO", log_format="text"))
    monkeypatch.setattr(worker, "serve", lambda *_: seen.extend(each for each in names if each in os.environ))
    for name in names:
        monkeypatch.setenv(name, "secret")
    run.command(only=Only.WORKER)
    assert seen == []


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
