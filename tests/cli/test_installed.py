"""The wheel, unpacked beside what it depends on and tried outside of the checkout, as pipx would have it."""

import os
import re
import signal
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Mapping
from email.parser import Parser
from pathlib import Path

import pytest

from bot import __version__, cli
from bot.cli import checkout, demo
from bot.errors import Misconfigured

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
BUILD = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"

WORKERS = """
from tunesmith.__main__ import prepare

if __name__ == "__main__":
    prepare()
    from bot.adapters.worker_processes import WorkerProcesses
    from bot.cli.checkout import state

    workers = WorkerProcesses(1)
    print(workers.run(state))
    workers.close()
"""
"""As the console script is: a file beside everything, which a spawned process imports once more."""


class Installed:
    """Where it lies, and how it is called there."""

    def __init__(self, folder: Path) -> None:
        self.site = folder / "site"
        self.elsewhere = folder / "elsewhere"
        self.elsewhere.mkdir()
        built = subprocess.run(
            [sys.executable, "-c", BUILD, str(folder)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        self.wheel = folder / built.stdout.split()[-1]
        with zipfile.ZipFile(self.wheel) as wheel:
            wheel.extractall(self.site)

    @property
    def environment(self) -> Mapping[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        return kept | {"PYTHONPATH": str(self.site), "NO_COLOR": "1", "COLUMNS": "400"}

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "tunesmith", *arguments]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.call(self.command(*arguments))

    def call(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.elsewhere,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return Installed(tmp_path_factory.mktemp("installed"))


@pytest.mark.slow
def test_it_takes_one_name_and_brings_all_that_it_needs(installed: Installed) -> None:
    names = zipfile.ZipFile(installed.wheel).namelist()
    tops = {name.split("/")[0] for name in names}

    assert {top for top in tops if not top.endswith(".dist-info")} == {"tunesmith"}
    assert "tunesmith/py.typed" in names
    wanted = subprocess.run(
        ["git", "ls-files", "bot", "handlers", "storage"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert {f"tunesmith/_app/{name}" for name in wanted} - set(names) == set()


@pytest.mark.slow
def test_it_says_what_it_is_and_leads_to_where_it_comes_from(installed: Installed) -> None:
    with zipfile.ZipFile(installed.wheel) as wheel:
        [name] = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
        said = Parser().parsestr(wheel.read(name).decode())

    source = PROJECT["urls"]["Source"]
    assert (said["Name"], said["Version"], said["License-Expression"]) == (
        "tunesmith",
        __version__,
        "Apache-2.0",
    )
    assert said.get_all("Provides-Extra") == ["demo", "otel"]
    assert said["Keywords"].split(",") == PROJECT["keywords"]
    urls = dict(each.split(", ") for each in said.get_all("Project-URL", []))
    assert {"Homepage", "Documentation", "Source", "Issues", "Changelog"} == set(urls)
    readme = str(said.get_payload())
    assert readme.startswith("# Tunesmith\n")
    raw = source.replace("https://github.com", "https://raw.githubusercontent.com")
    assert f"]({raw}/v{__version__}/docs/playground.png)" in readme
    assert f"]({source}/blob/v{__version__}/docs/tutorial.md)" in readme


@pytest.mark.slow
def test_processes_that_it_spawns_find_what_it_finds(installed: Installed) -> None:
    script = installed.site / "script"
    script.write_text(WORKERS, encoding="utf-8")

    found = installed.call([sys.executable, str(script)])
    assert (found.returncode, found.stdout.strip().endswith("/tunesmith")) == (0, True), found.stderr


@pytest.mark.slow
def test_the_command_line_works_and_has_nothing_for_developers(installed: Installed) -> None:
    shown = installed.run("--help")
    assert shown.returncode == 0, shown.stderr
    offered = set(re.findall(r"^│ (\w+) ", shown.stdout, re.MULTILINE))
    assert {"demo", "run", "validate"} <= offered
    assert offered & set(cli._FOR_DEVELOPERS) == set()

    sample = installed.site / "tunesmith" / "_app" / "bot" / "playground" / "samples" / "claims.jsonl"
    judged = installed.run("validate", str(sample))
    assert (judged.returncode, judged.stdout.splitlines()[0].partition(",")[0]) == (
        0,
        "claims.jsonl: ready",
    ), judged

    refused = installed.run("check")
    assert refused.returncode == 1
    assert "works in a checkout of its source" in refused.stderr


@pytest.mark.slow
def test_the_demo_starts_and_ends(installed: Installed) -> None:
    folder = installed.elsewhere / "demo"
    with subprocess.Popen(
        installed.command("demo", "--port", "0", "--folder", str(folder)),
        cwd=installed.elsewhere,
        env={**installed.environment, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        said = []
        try:
            for line in process.stdout or ():  # it ends when the demo does
                said.append(line)
                if "bot's log" in line:
                    process.send_signal(signal.SIGTERM)
            ended = process.wait(30)
        finally:
            process.kill()
    assert (ended, "playground is at http://127.0.0.1:" in "".join(said)) == (0, True), said
    log = (folder / "bot.log").read_text(encoding="utf-8")
    assert "Traceback" not in log
    assert [path.name for path in installed.elsewhere.iterdir()] == ["demo"]


def test_what_is_installed_names_what_installs_the_rest(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(checkout, "INSTALLED", True)
    monkeypatch.setattr(demo, "find_spec", lambda name: None if name == "moto" else object())
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["tunesmith", "gen"])

    with pytest.raises(Misconfigured) as missing:
        demo._need_stand_ins()
    assert "(moto)" in missing.value.message
    assert "pipx install --force 'tunesmith[demo]'" in (missing.value.hint or "")
    assert checkout.state() == tmp_path / "tunesmith"
    with pytest.raises(Misconfigured, match="`gen` is for whoever works on Tunesmith itself"):
        cli._made()
    assert "development" not in {
        each.callback.__module__.rpartition(".")[2]
        for each in cli.build().registered_commands
        if each.callback
    }
