"""Every rule, by cases that are data: what is found, where, and what may be mended."""

import importlib
import pkgutil
from pathlib import Path

import pytest

import bot.datasets
from bot.datasets.catalogue import sources_of
from bot.datasets.model import Cause, Report, Role, Severity, Verdict
from bot.datasets.repairs import repair
from bot.datasets.repairs.registry import CHOICES, REPAIRS
from bot.datasets.rule import Rule
from bot.errors import Refused
from tests.examples import some
from tests.tables import table
from tests.unit.datasets.samples import Case, cases, file_of, judge, profile_of, told

CASES = cases()
Found = tuple[str, tuple[int, ...], str, str | None]
STRAY = "~stray-system-prompt"


def found(cause: Cause) -> Found:
    mark = "~" if cause.severity is Severity.WARNING else ""
    return f"{mark}{cause.code}", cause.lines, cause.path, cause.repair


def expected(case: Case) -> set[Found]:
    return {(code, tuple(numbers), path, fix) for code, numbers, path, fix in case["found"]}


def actual(case: Case, report: Report) -> set[Found]:
    """All that was found; strays only where they are the matter: a case's odd row is often one."""
    wanted = {code for code, *_ in case["found"]}
    return {each for each in map(found, report.causes) if each[0] != STRAY or STRAY in wanted}


def report_of(case: Case) -> Report:
    return judge(file_of(case), profile_of(case), Role(case.get("role", "train")))


def is_slow(case: Case) -> bool:
    """Whether it has thousands of records."""
    return bool(max(case.get("pad", 0), case.get("repeat", [0])[0]) > 1000)


@pytest.mark.slow
def test_a_case_is_judged_as_it_should_be() -> None:
    with table() as row:
        for case in CASES:
            if not is_slow(case):
                with row(case["name"]):
                    holds(case)


@pytest.mark.slow
@pytest.mark.parametrize(
    "case", [each for each in CASES if is_slow(each)], ids=lambda each: str(each["name"])
)
def test_a_large_case_is_judged_as_it_should_be(case: Case) -> None:
    holds(case)


def holds(case: Case) -> None:
    """Check all that a case says of itself."""
    report = report_of(case)
    if case.get("loose"):
        assert {each[0] for each in actual(case, report)} == {each[0] for each in expected(case)}
    else:
        assert actual(case, report) == expected(case)
    assert report.verdict == case.get("verdict", report.verdict)
    assert str(report.format) == case.get("format", str(report.format))
    if "count" in case:
        assert report.causes[0].count == case["count"]
    if "records" in case:
        assert list(report.causes[0].records) == case["records"]
    said = " ".join(f"{cause.message} {cause.hint}" for cause in report.causes)
    assert case.get("says", "") in said


@pytest.mark.slow
def test_what_can_be_mended_is_mended_and_passes(tmp_path: Path) -> None:
    with table() as row:
        for number, case in some(enumerate(CASES)):
            with row(case["name"]):
                (folder := tmp_path / str(number)).mkdir()
                mends(case, folder)


def mends(case: Case, folder: Path) -> None:
    """Check that a case's file is better when repaired, and that nothing is hidden by it."""
    source, target = folder / "in.jsonl", folder / "out.jsonl"
    source.write_bytes(data := file_of(case))
    before = report_of(case)
    try:
        repair(source, target, profile_of(case))
    except Refused:
        assert before.verdict is Verdict.BLOCKED
        return
    after = judge(target.read_bytes(), profile_of(case), Role(case.get("role", "train")))
    assert [cause.code for cause in after.causes if cause.repair] == []
    if before.verdict is not Verdict.BLOCKED:
        assert after.verdict is Verdict.READY
    kept = {cause.code for cause in before.errors if not cause.repair}
    assert kept <= {cause.code for cause in after.errors} | {"nul-byte"}, (
        "a repair never hides what it cannot mend"
    )
    assert source.read_bytes() == data


def all_rules() -> set[Rule]:
    modules = [
        importlib.import_module(each.name)
        for each in pkgutil.walk_packages(bot.datasets.__path__, "bot.datasets.")
    ]
    return {value for module in modules for value in vars(module).values() if isinstance(value, Rule)}


def test_every_rule_has_a_case_that_breaks_it() -> None:
    broken = {(each[0].removeprefix("~"), each[3]) for case in CASES for each in expected(case)}
    broken |= {(each["code"], None) for each in told()}
    broken |= {
        (code, None)
        for code in (
            "near-duplicate",
            "leaked-record",
            "leaked-prompt",
            "rare-label",
            "misspelt-label",
            "label-spellings",
            "length-outlier",
            "stray-language",
        )
    }
    untested = {rule.code for rule in all_rules() if (rule.code, rule.repair) not in broken}
    large = {"line-too-long", "too-large", "too-many-rows"}
    assert untested == large, "these need large files; test_reading.py and test_bounds.py have them"


def test_every_repair_has_a_case_that_needs_it() -> None:
    assert {each[3] for case in CASES for each in expected(case) if each[3]} == set(REPAIRS)


def test_every_rule_is_complete_and_its_repair_exists() -> None:
    for rule in all_rules():
        assert rule.source in sources_of(rule.code), "the report says where a rule is published"
        assert rule.message.endswith("."), rule
        assert rule.hint, rule
        assert rule.repair is None or rule.repair in REPAIRS
        assert set(rule.decisions) <= CHOICES.keys(), rule
