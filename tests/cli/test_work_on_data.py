"""``split``, ``compare`` and ``convert``: what they write, what they print, and the status they exit with."""

import json
from pathlib import Path

import pytest

from bot.datasets.model import Role
from tests.cli.test_files import BLOCKED, GOOD, MENDABLE, run
from tests.unit.datasets.samples import CLAUDE, lines


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "claims.jsonl"
    path.write_bytes(lines(pad=400))
    return path


@pytest.mark.slow
def test_split_writes_two_files_that_can_start(file: Path) -> None:
    result = run("split", str(file))

    assert result.exit_code == 0
    assert "360 records for training, 40 for validation (10.0%; 10% asked for, seed 7)." in result.output
    training, validation = (file.with_name(f"claims.{side}.jsonl") for side in ("train", "validation"))
    assert run("validate", str(training)).exit_code == 0
    assert run("validate", str(validation), "--as", Role.VALIDATION.value).exit_code == 0
    assert sorted(training.read_bytes().splitlines() + validation.read_bytes().splitlines()) == sorted(
        lines(pad=400).splitlines()
    )


def test_split_takes_share_seed_and_names(file: Path) -> None:
    outputs = [str(file.with_name(each)) for each in ("t", "v")]
    result = run("split", str(file), "--share", "25", "--seed", "9", "-o", *outputs)

    assert result.exit_code == 0
    assert len(Path(outputs[1]).read_bytes().splitlines()) == 100


def test_split_does_not_touch_a_file_with_errors(tmp_path: Path) -> None:
    result = run("split", MENDABLE, "-o", str(tmp_path / "t"), str(tmp_path / "v"))

    assert result.exit_code == 1
    assert "repairable" in result.output
    assert list(tmp_path.iterdir()) == []


def test_split_says_what_it_cannot_do(file: Path) -> None:
    assert run("split", str(file), "--share", "80").exception is not None
    assert run("split", str(file), "-o", str(file.with_name("only-one"))).exit_code == 2


def test_compare_shows_what_differs(file: Path) -> None:
    other = file.with_name("other.jsonl")
    rows = file.read_bytes().splitlines(keepends=True)
    other.write_bytes(b"".join([rows[0].replace(b'"1"', b'"one"'), *rows[2:]]))
    result = run("compare", str(file), str(other))

    assert result.exit_code == 1
    assert "400 records before, 399 after." in result.output
    assert "1 record removed: line 2." in result.output
    assert "1 record changed (the same question, another answer or system prompt): line 1." in result.output
    assert "Changed, before line 1, after line 1: How much is 0 and one?\n  - 1\n  + one" in result.output
    facts = json.loads(run("compare", str(file), str(other), "--format", "json").output)
    assert facts["unchanged"] == 398
    assert run("compare", str(file), str(file)).exit_code == 0


@pytest.mark.slow
def test_convert_there_and_back(tmp_path: Path) -> None:
    there, back = str(tmp_path / "there.jsonl"), str(tmp_path / "back.jsonl")
    result = run("convert", GOOD, "--to", "nova-lite", "-o", there)

    assert result.exit_code == 0, result.output
    assert "Converted the format of" in result.output
    assert run("validate", there, "--for", "nova-lite").exit_code == 0
    assert run("convert", there, "--to", CLAUDE.name, "-o", back).exit_code == 0
    assert run("compare", GOOD, back).exit_code == 0


def test_convert_judges_for_the_other_base(tmp_path: Path) -> None:
    assert run("convert", BLOCKED, "--to", "nova-lite", "-o", str(tmp_path / "x")).exit_code == 1
    result = run("convert", GOOD, "--to", "haiku", "-o", str(tmp_path / "y"))
    assert result.exit_code == 2
    assert "claude-3-haiku" in result.output
    assert run("convert", GOOD, "-o", str(tmp_path / "y")).exit_code == 2
