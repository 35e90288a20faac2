"""What a repair changed, for people: examples, lines, and the diff."""

import json
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

import pytest

from bot.datasets.repairs import RepairSummary, repair
from bot.datasets.repairs import changes as module
from bot.datasets.repairs.by_hand import ByHand
from bot.datasets.repairs.changes import EXAMPLE_WIDTH, EXAMPLES, ChangeLog, Dropped
from tests.unit.datasets.samples import CLAUDE, good, lines

SECRET = "AKIA" + "Q7ZT4M2XW9LB3RPD"  # in two parts, since it is no key but looks like one


def turned(index: int, text: str = "s") -> dict[str, Any]:
    return {"messages": [{"role": "system", "content": text}, *good(index)["messages"]]}


def fix(
    folder: Path, data: bytes, *, drop: Iterable[int] = (), only: Collection[str] | None = None
) -> tuple[RepairSummary, ChangeLog, bytes]:
    (folder / "in.jsonl").write_bytes(data)
    log = ChangeLog("in.jsonl", "out.jsonl")
    by_hand = ByHand(frozenset(drop))
    summary = repair(folder / "in.jsonl", folder / "out.jsonl", CLAUDE, only, by_hand=by_hand, watch=log.add)
    return summary, log, (folder / "out.jsonl").read_bytes()


def test_nothing_changed_is_no_change(tmp_path: Path) -> None:
    _, log, _ = fix(tmp_path, lines(pad=3))
    assert log.summary().changes == 0
    assert log.summary().is_whole


def test_each_repair_has_three_examples_at_most_and_the_diff_has_all(tmp_path: Path) -> None:
    _, log, _ = fix(tmp_path, lines(*(turned(index) for index in range(9))))
    summary = log.summary()
    assert [(each.repair, each.line) for each in summary.examples] == [
        ("lift-system-turn", line) for line in (1, 2, 3)
    ]
    assert summary.examples[0].before.startswith('{"messages": [{"role": "system"')
    assert summary.examples[0].after.startswith('{"system": "s", "messages"')
    assert not summary.is_whole
    assert log.diff().decode().count("\n@@ ") == 9


def test_many_repairs_have_an_example_each(tmp_path: Path) -> None:
    odd = [turned(index) for index in range(4)] + [{"id": index} | good(index) for index in range(4, 9)]
    data = lines(*odd) + b"".join(
        json.dumps(good(index)).replace('"user"', '"USER"').encode() + b"\n" for index in range(60, 64)
    )
    _, log, _ = fix(tmp_path, data)
    names = [each.repair for each in log.summary().examples]
    assert {name: names.count(name) for name in names} == {
        "lift-system-turn": 2,
        "drop-unknown-keys": 2,
        "lower-roles": 2,
    }


def test_rows_that_are_left_out_are_named_by_line(tmp_path: Path) -> None:
    summary, log, data = fix(tmp_path, lines(good(0), "", good(0), pad=3), drop=(5,))
    assert log.summary().dropped == (
        Dropped("drop-blank-lines", 1, (2,)),
        Dropped("drop-exact-duplicates", 2, (3, 4)),
        Dropped("drop-row", 1, (5,)),
    )
    assert summary.lines()[-2:] == ["Left out 1 row that a person chose.", "Wrote 2 rows."]
    assert data == lines(good(0), good(2), pad=0)
    assert "-" + json.dumps(good(1)) in log.diff().decode().splitlines()


def test_rows_are_left_out_by_position_where_lines_do_not_tell_them_apart(tmp_path: Path) -> None:
    array = json.dumps([good(index) for index in range(4)]).encode()
    _, _, data = fix(tmp_path, array, drop=(2, 3))
    assert data == lines(good(0), good(3), pad=0)


@pytest.mark.slow
def test_without_repairs_only_what_was_chosen_is_left_out(tmp_path: Path) -> None:
    summary, _, data = fix(tmp_path, lines(turned(1), good(1), pad=0), only=(), drop=(2,))
    assert data == lines(turned(1), pad=0)
    assert summary.changed
    assert not summary.steps


def test_what_is_written_otherwise_and_means_the_same_is_no_difference(tmp_path: Path) -> None:
    compact = json.dumps(turned(1), separators=(",", ":"))
    _, log, _ = fix(tmp_path, lines(compact))
    [example] = log.summary().examples
    assert example.before == json.dumps(turned(1))[:EXAMPLE_WIDTH] + "…"


def test_secrets_are_masked_before_rows_are_cut(tmp_path: Path) -> None:
    for length in range(100, 200, 7):
        _, log, _ = fix(tmp_path, lines(turned(1, f"{'x ' * length}{SECRET} behind")))
        [example] = log.summary().examples
        told = example.before + example.after + log.diff().decode()
        assert SECRET[:8] not in told
        assert SECRET[-6:] not in told


def test_an_example_is_cut_around_the_difference(tmp_path: Path) -> None:
    long = good(1)
    long["messages"][0]["content"] = "long " * 500
    _, log, _ = fix(tmp_path, lines(long | {"source": "intake"}))
    [example] = log.summary().examples
    assert '"source": "intake"' in example.before
    assert "intake" not in example.after
    assert max(len(example.before), len(example.after)) <= EXAMPLE_WIDTH + 2


def test_the_diff_has_a_bound_and_says_what_it_leaves_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "DIFF_BYTES", 1_000)
    _, log, _ = fix(tmp_path, lines(*(turned(index) for index in range(30))))
    diff = log.diff().decode()
    shown = diff.count("\n@@ ")
    assert 0 < shown < 30
    assert diff.endswith(f"... and {30 - shown} more changes.\n")
    assert len(diff) < 1_500
    assert len(log.summary().examples) == EXAMPLES


def test_what_is_no_text_is_shown_all_the_same(tmp_path: Path) -> None:
    row = b'{"messages": [{"role": "user", "content": "\\ud800"}, {"role": "assistant", "content": "b"}],}'
    _, log, _ = fix(tmp_path, lines(row, b"{'messages': '\xff'}", ""), drop=(2,))
    log.diff().decode()
    assert log.summary().changes >= 2
