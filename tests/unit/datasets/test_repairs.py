"""Repairs of whole files: names, choices, and what is never touched. That each passes its rule: test_cases.py."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.datasets.model import Verdict
from bot.datasets.repairs import repair
from bot.datasets.repairs.registry import ROW_REPAIRS
from bot.errors import Refused
from tests.unit.datasets.samples import CLAUDE, good, judge, lines

SYSTEM_TURN = {"messages": [{"role": "system", "content": "s"}, *good(1)["messages"]]}


@pytest.fixture
def fix(tmp_path: Path) -> Any:
    def fix(data: bytes, only: set[str] | None = None) -> tuple[Any, bytes]:
        source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
        source.write_bytes(data)
        summary = repair(source, target, CLAUDE, only)
        assert source.read_bytes() == data
        return summary, target.read_bytes()

    return fix


def test_rows_without_fault_keep_their_bytes(fix: Any) -> None:
    odd = b'{"messages" :[ {"content":"caf\\u00e9","role":"user"},{"role":"assistant","content":"\xc3\xa9"}]}'
    summary, data = fix(lines("", odd, pad=2))
    assert data.split(b"\n")[0] == odd
    assert [(step.name, step.rows) for step in summary.steps] == [("drop-blank-lines", 1)]
    assert (summary.rows_read, summary.rows_written) == (4, 3)


def test_a_file_without_fault_comes_out_the_same(fix: Any) -> None:
    summary, data = fix(lines(pad=5))
    assert data == lines(pad=5)
    assert not summary.changed
    assert summary.lines() == ["Nothing to repair; wrote 5 rows."]


def test_only_what_was_chosen_is_done(fix: Any) -> None:
    data = b"\xef\xbb\xbf" + lines(SYSTEM_TURN, "", {"id": 1} | good(2), good(2))
    summary, fixed = fix(data, {"lift-system-turn"})
    assert [step.name for step in summary.steps] == ["lift-system-turn"]
    assert fixed.startswith(b"\xef\xbb\xbf")
    assert fixed.split(b"\n")[1] == b""
    before = {cause.repair for cause in judge(data).causes if cause.repair}
    after = {cause.repair for cause in judge(fixed).causes if cause.repair}
    assert before - after == {"lift-system-turn"}


@pytest.mark.parametrize(
    ("broken", "fixed"),
    [
        (b'{"messages": [\n {"role": "user", "content": "a\r\nb"},\n', b'"content": "a\\r\\nb"},'),
        (b'{"messages": 1, "messages": [\n {"role": "user", "content": "a\nb"},\n', b'"content": "a\\nb"},'),
        (b'{"messages": [\n {"role": "user", "content": "a\\\nb"},\n', b'"content": "a\\ b"},'),
    ],
    ids=["in a text", "beside what nobody can mend", "escaped wrongly"],
)
def test_a_line_break_in_a_text_stays_when_its_row_is_written_on_one_line(
    fix: Any, broken: bytes, fixed: bytes
) -> None:
    data = lines(broken + b' {"role": "assistant", "content": "c"}]}')
    for only in ({"join-lines"}, None):
        _, after = fix(data, only)
        assert len(after.splitlines()) == 41
        assert fixed in after.splitlines()[0]


def test_dropped_keys_are_listed(fix: Any) -> None:
    row = {"id": 1, "messages": [message | {"index": 7} for message in good(99)["messages"]]}
    summary, data = fix(lines(row))
    assert summary.steps[0].keys == ("id", "index")
    assert summary.lines() == ["Dropped unknown keys in 1 row: id, index.", "Wrote 41 rows."]
    assert json.loads(data.split(b"\n")[0]) == good(99)


REJECTED = {"rejected_message": {"role": "assistant", "content": "no"}}


def test_what_changes_what_is_learned_is_done_only_when_a_person_names_it(fix: Any) -> None:
    data = lines(good(99) | REJECTED | {"id": 1}, pad=40)
    summary, fixed = fix(data)
    assert json.loads(fixed.split(b"\n")[0]) == good(99) | REJECTED
    assert judge(fixed).verdict is Verdict.BLOCKED
    [cause] = judge(fixed).errors
    assert (cause.code, cause.repair, cause.decisions, cause.count) == (
        "content-key",
        None,
        ("drop-content-keys",),
        1,
    )
    summary, fixed = fix(data, {"drop-content-keys"})
    assert json.loads(fixed.split(b"\n")[0]) == good(99) | {"id": 1}
    assert summary.lines() == ["Dropped keys with content in 1 row: rejected_message.", "Wrote 41 rows."]
    assert judge(fixed).verdict is Verdict.REPAIRABLE


def test_a_row_of_another_format_can_be_converted_once_it_was_decided_about(fix: Any) -> None:
    data = lines({"question": "a", "answer": "b", "choices": ["b", "c"]}, pad=40)
    [error] = judge(data).errors
    assert (error.code, error.repair, error.decisions) == ("other-format", None, ("drop-content-keys",))
    _, alone = fix(data, {"drop-content-keys"})
    assert json.loads(alone.split(b"\n")[0]) == {"question": "a", "answer": "b"}
    summary, both = fix(data, {"drop-content-keys", "convert-format"})
    assert [step.name for step in summary.steps] == ["drop-content-keys", "convert-format"]
    assert judge(both).verdict is Verdict.READY


def test_copies_are_dropped_and_the_first_stays(fix: Any) -> None:
    other_hand = json.dumps({"messages": [dict(reversed(each.items())) for each in good(1)["messages"]]})
    summary, data = fix(lines(good(1), other_hand, good(2), pad=0))
    assert data == lines(good(1), good(2), pad=0)
    assert summary.lines()[0] == "Dropped 1 copy."


def test_a_copy_that_shows_only_after_mending_is_dropped_too(fix: Any) -> None:
    summary, data = fix(lines(SYSTEM_TURN, {"system": "s"} | good(1), pad=0))
    assert [step.name for step in summary.steps] == ["lift-system-turn", "drop-exact-duplicates"]
    assert len(data.splitlines()) == 1


COPIES = lines(*[good(1)] * 5, pad=30)


def test_copies_that_are_needed_to_start_stay_and_it_is_said(fix: Any) -> None:
    report = judge(COPIES)
    [copies] = [each for each in report.causes if each.code == "exact-duplicate"]
    assert (copies.count, copies.repair, report.verdict) == (5, None, Verdict.READY)
    assert "Without its 5 copies the file has 30 records, and Claude 3 Haiku needs at least 32" in copies.hint
    summary, data = fix(COPIES)
    assert (data, summary.changed) == (COPIES, False)
    assert (
        summary.lines()[0]
        == "Kept 5 copies: 30 records would remain without them, and Claude 3 Haiku needs 32."
    )


def test_what_stands_after_enough_records_is_not_read_beforehand(fix: Any) -> None:
    summary, data = fix(COPIES + lines(*[good(1)] * 2, pad=0) + lines(good(50), good(51), pad=0))
    assert (len(data.splitlines()), summary.notes) == (32, ())
    assert summary.lines()[0] == "Dropped 7 copies."


def test_a_file_with_too_few_records_either_way_loses_its_copies(fix: Any) -> None:
    summary, data = fix(lines(good(1), good(1), pad=5))
    assert (len(data.splitlines()), summary.notes) == (5, ())


def test_a_row_that_only_a_person_can_mend_stays_as_it_is(fix: Any) -> None:
    broken = b'{"id": 1, "messages": [], "messages": [{"role": "USER", "content": "a"}]}'
    _, data = fix(lines(broken, ""))
    assert data.split(b"\n")[0] == broken


def test_the_text_of_other_scripts_is_written_as_itself(fix: Any) -> None:
    _, data = fix(
        lines(
            {
                "id": 1,
                "messages": [{"role": "user", "content": "日本"}, {"role": "assistant", "content": "é"}],
            }
        )
    )
    assert "日本".encode() in data


def test_half_of_a_character_never_breaks_the_writing(fix: Any) -> None:
    _, data = fix(lines('{"id": "\\ud83d", "messages": []}', SYSTEM_TURN))
    assert b"\\ud83d" in data


def test_array_elements_over_several_lines_become_rows(fix: Any) -> None:
    records = [good(index) for index in range(40)]
    _, data = fix(json.dumps(records, indent=2).encode())
    assert [json.loads(line) for line in data.splitlines()] == records


def test_a_file_is_never_repaired_into_itself(tmp_path: Path) -> None:
    path = tmp_path / "claims.jsonl"
    path.write_bytes(lines(""))
    with pytest.raises(Refused, match="into itself"):
        repair(path, path, CLAUDE)
    assert path.read_bytes() == lines("")


def test_an_unknown_repair_is_refused_with_the_names(fix: Any) -> None:
    with pytest.raises(Refused) as refused:
        fix(lines(), {"magic"})
    assert "`magic`" in refused.value.message
    assert "lift-system-turn" in refused.value.hint


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"<html></html>"])
def test_a_file_without_rows_is_refused_and_leaves_nothing(fix: Any, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "out.jsonl").write_bytes(b"what was there before")
    with pytest.raises(Refused, match="no rows"):
        fix(data)
    assert (tmp_path / "out.jsonl").read_bytes() == b"what was there before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


@pytest.mark.parametrize(
    ("data", "needed"),
    [
        (lines(pad=3).decode().encode("utf-16"), "re-encode"),
        (json.dumps([good(1)]).encode(), "array-to-lines"),
    ],
)
def test_what_must_come_first_is_said(fix: Any, data: bytes, needed: str) -> None:
    with pytest.raises(Refused) as refused:
        fix(data, {"drop-unknown-keys"})
    assert f"`{needed}`" in refused.value.sentence


def test_a_fix_changes_no_value_that_it_was_given() -> None:
    rows: list[dict[str, Any]] = [
        SYSTEM_TURN,
        {
            "id": 1,
            "messages": [
                {"role": "User", "content": [{"type": "text", "text": "a"}]},
                *good(1)["messages"][1:],
            ],
        },
        {"messages": [*good(1)["messages"], good(1)["messages"][0]]},
        {"prompt": "a", "completion": "b"},
    ]
    for row in rows:
        before = json.dumps(row)
        for each in ROW_REPAIRS:
            each.fix(row, CLAUDE)
        assert json.dumps(row) == before
