"""Arrays, printed objects and lines in one file: every record is found, counted and written."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.datasets.findings import Finding
from bot.datasets.model import Report, Unit, Verdict
from bot.datasets.reading.reader import Reader
from bot.datasets.repairs import repair
from bot.datasets.reports.text import as_json, as_text
from tests.examples import examples
from tests.unit.datasets.invariants import small
from tests.unit.datasets.samples import good, judge

BASE = small("claude-3-haiku")
PARTS = st.lists(
    st.tuples(st.sampled_from(["array", "pretty", "lines", "objects"]), st.integers(1, 4)),
    min_size=1,
    max_size=4,
)


def written(kind: str, records: list[Any]) -> str:
    """Return the records in one of the ways in which files hold them."""
    if kind in ("array", "pretty"):
        return json.dumps(records, indent=1 if kind == "pretty" else None)
    return "\n".join(json.dumps(each, indent=1 if kind == "objects" else None) for each in records)


@pytest.mark.slow
@settings(
    max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(parts=PARTS, between=st.sampled_from(["\n", "\n\n", ",\n", " "]))
def test_every_record_of_arrays_and_what_follows_them_is_read(
    parts: list[tuple[str, int]], between: str, tmp_path: Path
) -> None:
    records = iter(range(100))
    files, wanted = [], []
    for kind, count in [("pretty", 2), *parts]:
        part = [good(next(records)) for _ in range(count)]
        wanted += part
        files.append(written(kind, part))
    source, target = tmp_path / "in", tmp_path / "out"
    source.write_text(between.join(files), "utf-8")
    report = judge(source.read_bytes(), BASE)
    assert (report.verdict, report.records) == (Verdict.REPAIRABLE, len(wanted))
    assert [each.code for each in report.errors] == ["json-array"]
    repair(source, target, BASE)
    assert [json.loads(line) for line in target.read_bytes().splitlines()] == wanted


def one_line(faults: set[int], count: int = 40) -> Report:
    records = [good(index) for index in range(count)]
    for index in faults:
        records[index - 1]["messages"][1]["content"] = ""
    return judge(json.dumps(records).encode())


@settings(max_examples=examples(20), deadline=None)
@given(faults=st.sets(st.integers(1, 40), min_size=1, max_size=20))
def test_records_that_share_a_line_are_counted_and_named_one_by_one(faults: set[int]) -> None:
    [cause] = [each for each in one_line(faults).errors if each.code == "empty-text"]
    assert cause.count == len(faults)
    assert cause.records == tuple(sorted(faults)[:10])
    assert cause.lines == (1,)


def test_they_are_told_as_records_everywhere() -> None:
    report = one_line({3, 7})
    assert "records 3, 7" in as_text(report)
    assert as_json(report)["causes"][0]["records"] == [3, 7]
    twice = judge(
        json.dumps([good(1), {"messages": [good(1)["messages"][0], good(2)["messages"][1]]}]).encode(), BASE
    )
    assert "(first: records 1 and 2)" in str([each.message for each in twice.warnings])


@pytest.mark.parametrize(
    ("text", "unit", "numbers"),
    [
        ("[{},{},\n{}]", Unit.RECORD, [1, 2, 3]),
        ("[\n{},\n{},\n{}]", Unit.LINE, [2, 3, 4]),
        ("[{\n},{\n}]", Unit.LINE, [1, 2]),
        ("[" + "{},\n" * 70 + "{},{}]", Unit.LINE, [*range(1, 72), 71]),
    ],
)
def test_rows_are_numbered_by_lines_unless_the_first_share_some(
    text: str, unit: Unit, numbers: list[int]
) -> None:
    found: list[Finding] = []
    reader = Reader(io.BytesIO(text.encode()), found.append)
    assert [number for number, _ in reader.rows()] == numbers
    assert reader.unit is unit
    reader.close()


def test_the_line_of_a_record_is_known() -> None:
    reader = Reader(io.BytesIO(b"[{},{},\n{},\n{},{}]"), lambda _finding: None)
    assert [reader.line_of(number) for number, _ in reader.rows()] == [1, 1, 2, 3, 3]
    reader.close()
