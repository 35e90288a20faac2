"""The sample files of the demo are what their names say, and what the script writes."""

import json
from pathlib import Path

import pytest

from bot.datasets.model import Verdict
from bot.datasets.repairs import repair
from bot.datasets.validation import validate
from bot.playground.samples import make
from tests.unit.datasets.samples import CLAUDE


@pytest.mark.parametrize("name", make.FILES)
def test_the_files_are_as_the_script_writes_them(name: str) -> None:
    assert (make.FOLDER / name).read_bytes() == make.FILES[name]()


def test_the_good_one_has_nothing_to_say_against_it() -> None:
    report = validate(make.FOLDER / "claims.jsonl", CLAUDE)
    assert (report.verdict, report.records, report.causes) == (Verdict.READY, 64, ())
    assert report.statistics.common_system_share == 1.0


def test_every_answer_is_a_decision_of_the_announced_form() -> None:
    for record in make.good_records():
        decision = json.loads(record["messages"][1]["content"])
        assert set(decision) == {"queue", "priority", "action", "needs"}
        assert decision["priority"] in ("low", "normal", "high", "urgent")


def test_one_press_mends_the_second(tmp_path: Path) -> None:
    path = make.FOLDER / "claims-needs-repair.jsonl"
    report = validate(path, CLAUDE)
    assert report.verdict is Verdict.REPAIRABLE
    assert {cause.repair: cause.count for cause in report.causes} == {
        "strip-byte-order-mark": 1,
        "drop-blank-lines": 2,
        "lift-system-turn": 5,
        "drop-unknown-keys": 1,
        "lower-roles": 1,
    }
    repair(path, tmp_path / "mended.jsonl", CLAUDE)
    fixed = validate(tmp_path / "mended.jsonl", CLAUDE)
    assert (fixed.verdict, fixed.records, fixed.causes) == (Verdict.READY, 64, ())


def test_only_a_person_mends_the_third() -> None:
    report = validate(make.FOLDER / "claims-blocked.jsonl", CLAUDE)
    assert report.verdict is Verdict.BLOCKED
    assert {cause.code for cause in report.causes} == {"empty-text", "truncated-json", "too-few-records"}
