"""The rows of a report: which are picked, what is said of them, and what is shown of their text."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.datasets.inspecting import inspection as module
from bot.datasets.inspecting.excerpts import CHARACTERS, MARK, excerpt
from bot.datasets.inspecting.inspection import InspectedRow, Inspection, dump, inspect, load
from bot.datasets.repairs import repair
from bot.datasets.repairs.by_hand import ByHand
from tests.examples import examples
from tests.unit.datasets.samples import CLAUDE, good, judge, lines

SECRET = "AKIA" + "Q7ZT4M2XW9LB3RPD"  # in two parts, since it is no key but looks like one
EMPTY = {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": ""}]}
TURNED = {"messages": [{"role": "system", "content": "s"}, *good(1)["messages"]]}


def look(folder: Path, data: bytes) -> Inspection:
    path = folder / "case.jsonl"
    path.write_bytes(data)
    return inspect(path, judge(data), CLAUDE)


def told(row: InspectedRow) -> list[str]:
    return [each.code for each in row.findings]


def marked(row: InspectedRow) -> list[str]:
    return [line.removeprefix(MARK).strip() for line in row.excerpt.split("\n") if line.startswith(MARK)]


def test_a_file_without_findings_has_no_rows(tmp_path: Path) -> None:
    found = look(tmp_path, lines(pad=40))
    assert found.rows == ()
    assert not found.is_cut


def test_each_row_has_its_line_its_findings_and_its_place(tmp_path: Path) -> None:
    found = look(tmp_path, lines(good(50), EMPTY, "", TURNED, "this is no JSON"))
    assert [(row.line, row.position, told(row)) for row in found.rows] == [
        (2, 2, ["empty-text"]),
        (4, 4, ["system-turn", "stray-system-prompt"]),
        (5, 5, ["not-json"]),
    ], "a blank line is nothing to look at"
    empty, turned, broken = found.rows
    assert marked(empty) == ['"content": ""']
    assert (empty.findings[0].is_error, empty.findings[0].repair) == (True, None)
    assert marked(turned) == ['"role": "system",']
    assert turned.findings[0].repair == "lift-system-turn"
    assert broken.excerpt == "this is no JSON"
    assert found.effects == ("Drop 1 blank line", "Move the system prompt in 1 row")
    assert found.sha256 == judge(lines(good(50), EMPTY, "", TURNED, "this is no JSON")).sha256


def test_a_row_is_told_of_as_the_file_is(tmp_path: Path) -> None:
    data = lines(EMPTY, {"id": 1} | good(70), TURNED, b'{"messages": [}')
    found = look(tmp_path, data)
    causes = {each.code: each for each in judge(data).causes}
    for row in found.rows:
        for each in row.findings:
            assert row.line in causes[each.code].lines
            assert (each.message, each.hint) == (causes[each.code].message, causes[each.code].hint)


def test_rows_that_are_bad_only_beside_others_are_there(tmp_path: Path) -> None:
    found = look(tmp_path, lines(good(1), good(1)))
    assert [(row.line, told(row)) for row in found.rows[:1]] == [(2, ["exact-duplicate"])]


def test_a_row_in_an_array_is_known_by_its_position(tmp_path: Path) -> None:
    data = json.dumps([good(0), EMPTY, good(1), EMPTY | {"system": "x"}, *map(good, range(2, 40))]).encode()
    found = look(tmp_path, data)
    bad = [row for row in found.rows if "empty-text" in told(row)]
    assert [(row.unit, row.line, row.position) for row in bad] == [("record", 2, 2), ("record", 4, 4)]
    repair(
        tmp_path / "case.jsonl",
        tmp_path / "out.jsonl",
        CLAUDE,
        by_hand=ByHand(frozenset(row.position for row in bad)),
    )
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert rows == [good(index) for index in range(40)]


def test_a_place_behind_a_system_turn_is_found(tmp_path: Path) -> None:
    row = {"messages": [{"role": "system", "content": "s"}, *EMPTY["messages"]]}
    found = look(tmp_path, lines(row))
    assert marked(found.rows[0]) == ['"content": ""']


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(module, "MAX_ROWS", 6)
    return 6


def test_errors_that_only_a_person_can_mend_come_before_the_others(tmp_path: Path, few: int) -> None:
    found = look(tmp_path, lines(*[TURNED] * (few + 9), EMPTY))
    assert len(found.rows) == few
    assert found.is_cut
    assert told(found.rows[-1]) == ["empty-text"]
    assert [row.position for row in found.rows] == sorted(row.position for row in found.rows)


def test_what_is_kept_has_a_bound(tmp_path: Path, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_CHARACTERS", 3_000)
    odd = [{f"key {index} {'long ' * 50}": "x" * 500 for index in range(20)} | EMPTY for _ in range(few)]
    found = look(tmp_path, lines(*odd))
    assert 0 < len(found.rows) < few
    assert found.is_cut
    assert len(json.dumps(dump(found))) < 8_000
    assert load(json.loads(json.dumps(dump(found)))) == found


@pytest.mark.parametrize(
    "rows", [[EMPTY], [SECRET, '{"messages": [] ' + SECRET + " }"]], ids=["record", "raw"]
)
def test_secrets_are_masked(tmp_path: Path, rows: list[Any]) -> None:
    held = [{**row, "system": f"the key is {SECRET}"} if isinstance(row, dict) else row for row in rows]
    found = look(tmp_path, lines(*held))
    assert len(found.rows) == len(rows)
    kept = json.dumps(dump(found))
    assert SECRET[4:] not in kept
    assert SECRET[:4] in kept


@pytest.mark.parametrize("length", [0, 40, 2_000])
def test_a_secret_is_masked_wherever_it_is_cut(length: int) -> None:
    row = json.dumps(EMPTY | {"system": f"{'x ' * length}{SECRET}"}).encode()
    assert SECRET[4:10] not in excerpt(row, [("system", "odd", False)], CLAUDE)
    assert SECRET[4:10] not in excerpt(row[:-1], [("", f"(character {2 * length + 30})", False)], CLAUDE)


def test_a_long_text_is_cut_around_what_is_meant() -> None:
    row = EMPTY | {"system": f"{'before ' * 300}{{{{name}}}} {'behind ' * 300}"}
    shown = excerpt(json.dumps(row).encode(), [("system", "A placeholder: `{{name}}`.", False)], CLAUDE)
    assert "{{name}}" in shown
    assert len(shown) < CHARACTERS + 20


def test_a_row_that_breaks_off_is_marked_where_it_does() -> None:
    row = json.dumps(good(1)).encode()[:-9]
    assert excerpt(row, [("", "The JSON ends in the middle.", False)], CLAUDE) == row.decode() + MARK


def test_what_is_no_json_is_marked_where_reading_stopped(tmp_path: Path) -> None:
    found = look(tmp_path, lines('{"messages": [} and more'))
    assert f'{{"messages": [{MARK}}} and more' == found.rows[0].excerpt


@pytest.mark.slow
@pytest.mark.parametrize(
    "row",
    [
        b"",
        b"\xff\xfe",
        b'{"messages": "\\ud800"}',
        b'{"\\ud800": 1}',
        b"[1, 2]",
        b"{}",
        b'{"messages": [{"role": "user", "content": "\\u0000"}]}',
        b"[" * 5_000,
        json.dumps({"messages": [{"role": "user"}] * 2_000}).encode(),
    ],
    ids=lambda each: repr(each[:12]),
)
def test_anything_is_shown_in_a_few_lines(row: bytes) -> None:
    for path in ("", "messages", "messages[0].content", "messages[*].role", "gone.away[3]", "0"):
        shown = excerpt(row, [(path, "Odd (character 3).", False), (path, "Odd.", True)], CLAUDE)
        assert len(shown) < CHARACTERS + 200
        shown.encode()


ROWS = st.lists(
    st.one_of(
        st.binary(max_size=30).map(lambda each: each.replace(b"\n", b"")),
        st.sampled_from([json.dumps(each).encode() for each in (EMPTY, TURNED, good(1), good(2), {"id": 1})]),
    ),
    min_size=1,
    max_size=6,
)


@pytest.mark.slow
@settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rows=ROWS, chosen=st.sets(st.integers(0, 5)))
def test_what_is_left_out_of_any_file_is_what_was_looked_at(
    tmp_path: Path, rows: list[bytes], chosen: set[int]
) -> None:
    data = b"\n".join([json.dumps(good(70)).encode(), *rows]) + b"\n"
    found = look(tmp_path, data)
    json.dumps(dump(found), ensure_ascii=False).encode()
    drop = frozenset(row.position for index, row in enumerate(found.rows) if index in chosen)
    summary = repair(tmp_path / "case.jsonl", tmp_path / "out.jsonl", CLAUDE, (), by_hand=ByHand(drop))
    written = (tmp_path / "out.jsonl").read_bytes().split(b"\n")[:-1]
    kept = [line for number, line in enumerate(data.split(b"\n")[:-1], start=1) if number not in drop]
    assert summary.dropped == len(drop)
    assert [each.strip(b" \t\r") for each in written] == [each.strip(b" \t\r") for each in kept]
