"""How many mistakes a file has is one number, wherever it is told."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.datasets.model import Dataset, Report, Tally
from bot.datasets.reports.html import as_html
from bot.datasets.reports.text import as_json, as_summary, as_text
from bot.derivations.cards import DatasetCard, VersionList
from bot.uploads.cards import VerdictCard
from handlers.ui.home import Belongings, home
from handlers.ui.parts.running import Running
from handlers.ui.render import render
from tests.doubles.dataset_values import dataset
from tests.examples import some
from tests.unit.datasets.reports.page import Page
from tests.unit.datasets.samples import cases, file_of, judge, profile_of


def kept(report: Report) -> Dataset:
    return replace(dataset(), report=report)


def in_a_list(report: Report) -> str:
    return str(render(VersionList((kept(report), kept(report)))).blocks)


DOORS: dict[str, Callable[[Report], str]] = {
    "the verdict": lambda report: str(render(VerdictCard(report, None, "UTRAIN")).blocks),
    "the notice of it": lambda report: render(VerdictCard(report, None, "UTRAIN")).text,
    "one dataset": lambda report: str(render(DatasetCard(kept(report), (), None)).blocks),
    "datasets": in_a_list,
    "Home": lambda report: json.dumps(home(Running(), Belongings((kept(report),))), ensure_ascii=False),
    "the terminal": as_summary,
    "the terminal, in full": as_text,
    "the page": lambda report: Page(as_html(report)).text,
}
STEPS = pytest.mark.parametrize("step", [9, pytest.param(1, marks=pytest.mark.slow)])
_TOLD = re.compile(r"(?:no|[\d,]+) errors?(?:, | and )(?:no|[\d,]+) warnings?")


@pytest.mark.slow
@STEPS
def test_every_door_tells_the_same_count(step: int) -> None:
    wrong: list[Any] = []
    counts = set()
    for case in some(cases()[::step], 40):
        report = judge(file_of(case)[:20_000], profile_of(case))
        counts.add((report.tally.errors > 1, report.tally.warnings > 0))
        for door, told in DOORS.items():
            found = set(_TOLD.findall(" ".join(told(report).split())))
            if found != {str(report.tally)} and (report.causes or found):
                wrong.append((case["name"], door, found, str(report.tally)))
        told_json = as_json(report)
        listed = [each["severity"] for each in told_json["causes"]]
        if (told_json["errors"], told_json["warnings"]) != (listed.count("error"), listed.count("warning")):
            wrong.append((case["name"], "JSON"))
    assert wrong == []
    assert len(counts) > 2


def test_the_count_in_words() -> None:
    said = {
        (0, 0): "no errors, no warnings",
        (1, 0): "1 error and no warnings",
        (0, 2): "no errors and 2 warnings",
        (1_200, 1): "1,200 errors and 1 warning",
    }
    assert {each: str(Tally(*each)) for each in said} == said
