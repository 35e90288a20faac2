"""A rule that is added to the list is found on rows that nothing else is wrong with, however it is declared."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.datasets.clearance import Clearance, OfRow, Search, Strings, UpToTokens
from bot.datasets.findings import Finding
from bot.datasets.records import Json, Record
from bot.datasets.repairs import registry, repair
from bot.datasets.repairs.row import Fixed, Place, RowRepair, Words
from bot.datasets.rule import error, warning
from bot.datasets.rules import checks
from bot.datasets.rules.check import Check
from bot.profiles.model import Profile
from tests.unit.datasets.samples import CLAUDE, good, lines

WORD = "abracadabra"
ROWS = 1500
"""Enough for rows to be looked at many at a time, more than once."""

CHECKS = checks.CHECKS
ADDED = warning("added", "A rule that was added.", "Nothing.")
DECLARED: dict[str, tuple[Clearance, ...]] = {
    "nothing": (),
    "strings": (Strings(lambda _: (WORD,)),),
    "strings of the base": (Strings(lambda profile: (WORD,) if profile is CLAUDE else ()),),
    "a search": (Search(lambda text: WORD in text),),
    "a test of a row": (OfRow(lambda texts, _: any(WORD in text for text in texts)),),
    "tokens": (UpToTokens(lambda _: 100),),
    "two ways": (Strings(lambda _: ("hocus pocus",)), Search(lambda text: WORD in text)),
}


def says_the_word(record: Record, profile: Profile) -> Iterator[Finding]:
    if any(WORD in each.text for each in record.texts()):
        yield ADDED.at(record.line)


def rows() -> dict[int, Json]:
    """Three rows with the word by their lines: in an answer, in a question, in the system prompt; all are long."""
    asked, answered, prompted = good(1), good(2), good(3) | {"system": f"Say {WORD}. " + "Be brief. " * 50}
    asked["messages"][0]["content"] += f" {WORD}" + ", and then" * 50
    answered["messages"][1]["content"] += f" {WORD}" + ", and then" * 50
    return {7: asked, 900: answered, ROWS - 1: prompted}


def file_of(path: Path) -> Path:
    odd = rows()
    path.write_bytes(lines(*(odd.get(line) or good(line + 10) for line in range(1, ROWS + 1)), pad=0))
    return path


def causes(path: Path) -> dict[str, Any]:
    """Return what ``tunesmith validate`` says of the file, by code."""
    told = CliRunner().invoke(app, ("validate", str(path), "--format", "json")).output
    return {each["code"]: each for each in json.loads(told)["causes"]}


@pytest.mark.slow
def test_a_rule_that_is_added_is_found_on_good_rows_however_it_is_declared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, missed = file_of(tmp_path / "rows.jsonl"), {}
    before = causes(path)
    for name, declared in DECLARED.items():
        monkeypatch.setattr(checks, "CHECKS", (*CHECKS, Check(says_the_word, declared)))
        found = causes(path)
        added = found.pop("added", {"lines": []})
        if added["lines"] != list(rows()) or found != before:
            missed[name] = added["lines"]
    assert missed == {}


def stops_saying_it(value: Json, profile: Profile) -> Fixed | None:
    """A repair that takes the word out of all texts."""
    data = json.dumps(value)
    place = Place(error("added", "The word.", "Take it out.", repair="take-out"))
    return Fixed(json.loads(data.replace(WORD, "x")), (place,)) if WORD in data else None


@pytest.mark.slow
@pytest.mark.parametrize("declared", [(), (Strings(lambda _: (WORD,)),)], ids=["nothing", "strings"])
def test_a_repair_that_is_added_is_offered_and_made_on_good_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, declared: tuple[Clearance, ...]
) -> None:
    path, fixed = file_of(tmp_path / "rows.jsonl"), tmp_path / "mended.jsonl"
    words = Words("Take it out in {rows}", "Took it out in {rows}")
    added = RowRepair("take-out", stops_saying_it, words, declared)
    monkeypatch.setattr(registry, "ROW_REPAIRS", (*registry.ROW_REPAIRS, added))
    monkeypatch.setitem(registry.REPAIRS, "take-out", words)
    monkeypatch.setitem(registry.CHOICES, "take-out", words)

    cause = causes(path)["added"]
    summary = repair(path, fixed, CLAUDE)

    assert (cause["lines"], cause["repair"]) == (list(rows()), "take-out")
    assert [(step.name, step.rows) for step in summary.steps] == [("take-out", 3)]
    assert WORD.encode() not in fixed.read_bytes()


def test_a_rule_for_one_format_is_not_run_on_the_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = next(each.only_for for each in CHECKS if each.only_for not in (None, CLAUDE.record_format))
    monkeypatch.setattr(checks, "CHECKS", (*CHECKS, Check(says_the_word, only_for=other)))
    assert "added" not in causes(file_of(tmp_path / "rows.jsonl"))


@pytest.mark.slow
def test_a_row_that_is_not_cleared_and_has_nothing_wrong_is_judged_as_before(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A declaration may let too much through to the slow path: it costs time and changes nothing."""
    path = file_of(tmp_path / "rows.jsonl")
    before = causes(path)
    anything = (Search(lambda _: True), OfRow(lambda _texts, _joined: True), UpToTokens(lambda _: 0))
    monkeypatch.setattr(checks, "CHECKS", (*CHECKS, Check(lambda _record, _profile: iter(()), anything)))
    assert causes(path) == before
