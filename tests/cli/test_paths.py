"""Every option of the terminal that names a place to write to: what cannot be written is said before any work."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_files import GOOD, run
from tests.unit.datasets.samples import lines

ROOT = Path(__file__).resolve().parents[2]


def options(place: str) -> list[list[str]]:
    return [
        ["validate", GOOD, "-o", place],
        ["validate", GOOD, "--format", "html", "--output", place],
        ["repair", GOOD, "-o", place],
        ["repair", GOOD, "--dry-run", "-o", place],
        ["convert", GOOD, "--to", "nova-lite", "-o", place],
        ["split", GOOD, "-o", place, "spare.jsonl"],
        ["split", GOOD, "-o", "spare.jsonl", place],
    ]


@pytest.mark.slow
@pytest.mark.parametrize("command", options("PLACE"), ids=lambda each: " ".join(each).replace(GOOD, "FILE"))
@pytest.mark.parametrize(
    ("place", "words"),
    [("missing/out", "there is no folder"), ("folder", "is a folder"), ("file/out", "is no folder")],
)
def test_a_place_that_cannot_be_written_to_is_wrong_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], place: str, words: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    monkeypatch.chdir(tmp_path)
    result = run(*(place if each == "PLACE" else each for each in command))
    assert result.exit_code == 2
    assert words in " ".join(result.output.replace("│", " ").split())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]


@pytest.mark.slow
def test_what_the_system_refuses_is_a_sentence(tmp_path: Path) -> None:
    """The folder of a file is where its results go: when nothing can be made there, no traceback is shown."""
    path = tmp_path / "claims.jsonl"
    path.write_bytes(lines(pad=80))
    (tmp_path / "claims.repaired.jsonl.part").mkdir()
    found = subprocess.run(
        [sys.executable, "-m", "bot", "repair", str(path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert found.returncode == 1
    assert "Traceback" not in found.stderr
    assert "is a directory" in " ".join(found.stderr.split())
