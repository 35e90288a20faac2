"""Rows that a person writes anew: what they get to edit, what is taken, and what comes into the copy."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.datasets.inspecting.editing import (
    LONGEST,
    MASKED,
    NOT_TEXT,
    TOO_LONG,
    editable,
    edited,
    is_same,
)
from bot.datasets.inspecting.inspection import TOO_MANY, inspect
from bot.datasets.model import Role
from bot.datasets.repairs.by_hand import ByHand
from bot.datasets.repairs.changes import ChangeLog
from bot.datasets.repairs.fixing import repair
from bot.datasets.validation import validate
from bot.errors import BadField
from bot.profiles import registry
from tests.unit.datasets.samples import CLAUDE, good, lines

EMPTY = {"messages": [{"role": "user", "content": "Is it covered?"}, {"role": "assistant", "content": ""}]}


def told(text: str) -> str:
    """Return what is said of a text that is not taken; empty for one that is."""
    try:
        edited(text, CLAUDE, Role.TRAINING)
    except BadField as wrong:
        return (
            wrong.message if (wrong.field, bool(wrong.hint)) == ("text", True) else f"{wrong.field}: no hint"
        )
    return ""


def test_of_a_key_that_stands_twice_no_value_is_lost_unseen() -> None:
    row = json.dumps(good(1))
    assert "The key `messages` stands twice" in told(f'{{"messages": [], {row[1:]}')
    assert "larger than any reader takes" in told(f'{{"id": 1e999, {row[1:]}')


def test_a_row_is_given_as_it_can_be_edited_or_it_is_said_why_not() -> None:
    broken = b'{"messages": [{"role": "user", "content": "a"'
    secret = json.dumps(good(1) | {"system": "Write to jane.doe@acme.com"}).encode()
    wide = json.dumps({"system": "x" * 20, "messages": [{"role": "user"}] * 150}).encode()
    wanted: dict[bytes, tuple[str, str]] = {
        json.dumps(EMPTY).encode(): (json.dumps(EMPTY, indent=1), ""),
        b" " + broken + b"\r\n": (broken.decode(), ""),
        b'{"a": "\xff"}': ("", NOT_TEXT),
        secret: ("", MASKED),
        json.dumps({"a": "x" * LONGEST}).encode(): ("", TOO_LONG),
    }
    assert {row: editable(row) for row in wanted} == wanted
    assert len(wide) <= LONGEST < len(json.dumps(json.loads(wide), indent=1))
    assert editable(wide) == (wide.decode(), ""), "written out it would not fit"


def test_what_is_written_is_held_to_the_rules() -> None:
    filled: dict[str, Any] = json.loads(json.dumps(EMPTY))
    filled["messages"][1]["content"] = "It is ✓."
    said = {
        json.dumps(filled, indent=3): "",
        json.dumps(EMPTY): "A text is empty at messages[1].content.",
        "{": "This cannot be read as JSON (line 1, character 2).",
        "": "This cannot be read as JSON (line 1, character 1).",
        "[" * 100_000: "This cannot be read as JSON (it).",
        "[1]": "A row is one record, in curly brackets.",
        json.dumps({"messages": []}): "",
    }
    assert "lone surrogate" in told(json.dumps(filled).replace("It", "\\ud800"))
    found = {text: told(text) for text in said}
    assert found.pop(json.dumps({"messages": []})), "an error of the rules, whatever its words"
    assert found == {text: words for text, words in said.items() if text in found}
    assert edited(json.dumps(filled, indent=3), CLAUDE, Role.TRAINING) == json.dumps(
        filled, ensure_ascii=False
    )


def test_each_base_holds_a_row_to_its_own_rules() -> None:
    nova = registry.get("nova-lite")
    with pytest.raises(BadField):
        edited(json.dumps(good(1)), nova, Role.TRAINING)
    line = json.dumps(good(1, nova))
    assert json.loads(edited(line, nova, Role.TRAINING)) == good(1, nova)


def test_the_same_text_laid_out_otherwise_is_no_edit() -> None:
    assert is_same('{"a": "ü"}', '{\n "a":   "ü"}')
    assert is_same('{"a": "', ' {"a": "\n')
    assert not is_same('{"a": "ü"}', '{"a": "u"}')
    assert not is_same('{"a": "ü"}', '{"a": "')


@pytest.mark.parametrize("layout", ["lines", "array"])
def test_a_copy_has_the_row_as_it_was_edited_and_all_others_as_they_were(tmp_path: Path, layout: str) -> None:
    rows = [*(good(index) for index in range(40)), EMPTY]
    data = json.dumps(rows).encode() if layout == "array" else lines(*rows, pad=0)
    source, out = tmp_path / "case.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(data)
    report = validate(source, CLAUDE)
    seen = inspect(source, report, CLAUDE).rows
    row = next(each for each in seen if "empty-text" in [found.code for found in each.findings])
    mended = json.dumps(good(99))
    log = ChangeLog("case.jsonl", "out.jsonl")

    summary = repair(
        source,
        out,
        CLAUDE,
        ["array-to-lines"],
        by_hand=ByHand(edits={row.position: mended}),
        watch=log.add,
    )

    written = [json.loads(each) for each in out.read_bytes().splitlines()]
    assert written == [*(good(index) for index in range(40)), good(99)]
    assert summary.changed
    assert summary.edited == 1
    assert "1 row edited by hand." in summary.effects()
    assert "edit-row" in [each.repair for each in log.summary().examples] + [layout]
    assert b"edit-row" in log.diff()
    assert source.read_bytes() == data


@pytest.mark.slow
def test_what_is_kept_for_editing_is_bounded(tmp_path: Path) -> None:
    rows = [EMPTY | {"system": f"{index} {'word ' * 400}"} for index in range(40)]
    source = tmp_path / "case.jsonl"
    source.write_bytes(lines(*rows, pad=0))

    found = inspect(source, validate(source, CLAUDE), CLAUDE)

    assert sum(len(each.text) for each in found.rows) <= 40_000
    assert {each.closed for each in found.rows if not each.text} == {TOO_MANY}
    assert found.rows[0].text
