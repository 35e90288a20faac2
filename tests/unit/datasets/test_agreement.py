"""Report, repair and the published facts agree: on what is blank, on what a second repair does, on types of values."""

import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from bot.datasets.model import Role, Verdict
from bot.datasets.repairs import repair
from bot.datasets.rows import rows
from bot.errors import Refused
from bot.profiles.model import Profile
from tests.examples import some
from tests.unit.datasets import naive
from tests.unit.datasets.invariants import PROFILES, is_fixed_once, judged, small
from tests.unit.datasets.mutation import seeds
from tests.unit.datasets.samples import good

BLANKS = ("", " ", "\t", "\r", " \t ", "\x0b", "\x0c", " \x0c ", "\x1c", "\x1e", "\x85", "\xa0", "\u2003", "\u2028",
          "\u3000", "\ufeff", " \xa0\ufeff\t")  # fmt: skip
PYTHON = str(good(1))
JSON = json.dumps(good(2))
TORN = (
    ('{"a', "}", "}} z", PYTHON.replace("How", "{ How"), JSON, " }}}"),
    (JSON + ",", "{", '" }} "{ y', '"}', PYTHON, "}} z", "{"),
    (JSON, PYTHON, " }}}", "{ x", JSON + ",", '" }} "{ y', '" }} "{ y'),
    ('{ "a": "x', "}} z", '"', '"}', str({"prompt": "a", "completion": "b"}), str({"prompt": "a", "completion": "b"})),
    (" " + PYTHON, " y", '{"b": ["', JSON + ",", " " + PYTHON, "}", "]"),
    (" " + PYTHON, "[ x", PYTHON, '"', "}"),
    (JSON, PYTHON, '{ "a": "x', "}", JSON, '" }} "{ y'),
    ("}", "{", '"', "", '\r"'),
    ("\x0c",),
    (JSON, '{"a', "\u3000", ' "b"', ' "c"'),
)  # fmt: skip
"""Rows that cannot be read beside such as a repair mends or leaves out, line by line."""


@pytest.mark.slow
def test_a_blank_row_is_blank_for_all_who_meet_one(tmp_path: Path) -> None:
    wrong = []
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    for blank in BLANKS:
        for profile in PROFILES:
            kept = [json.dumps(good(index, profile)) for index in range(3)]
            data = "\n".join([kept[0], blank, *kept[1:], ""]).encode()
            source.write_bytes(data)
            report = judged(data, profile)
            found = [(each.code, each.lines) for each in report.errors]
            repair(source, target, profile)
            fixed = target.read_text("utf-8").splitlines()
            compared = [each.line for each in rows(source, profile)]
            if (found, report.records, fixed, compared) != ([("blank-line", (2,))], 3, kept, [1, 3, 4]):
                wrong.append((blank, profile.name, found, fixed, compared))
    assert wrong == []


@pytest.mark.slow
def test_a_file_of_blank_rows_is_empty_and_refused() -> None:
    files = [end.join((blank, blank, "")).encode() for blank in BLANKS for end in ("\n", "\r\n", "")]
    found = []
    for data in files:
        for profile, role in product(PROFILES, Role):
            codes = [each.code for each in judged(data, profile, role).errors]
            if codes != ["empty-file"]:
                found.append((data, profile.name, role, codes))
    assert found == []


@pytest.mark.slow
def test_a_second_repair_changes_nothing(tmp_path: Path) -> None:
    wrong = []
    torn = [("\n".join(each) + "\n").encode() for each in TORN]
    for data in (*torn, *(each for each in seeds() if len(each) < 3000)):
        profile = small("nova-lite" if b"schemaVersion" in data else "claude-3-haiku")
        fixed = _repaired(data, profile, tmp_path)
        again = _repaired(fixed, profile, tmp_path)
        if again != fixed:
            wrong.append((data, fixed, again))
    assert wrong == []
    for data in torn:
        is_fixed_once(data, PROFILES[0], judged(data, PROFILES[0]), tmp_path)


def _repaired(data: bytes, profile: Profile, folder: Path) -> bytes:
    """Return what a repair makes of a file; one that it refuses stays as it is."""
    source, target = folder / "in.jsonl", folder / "out.jsonl"
    source.write_bytes(data)
    try:
        repair(source, target, profile)
    except Refused:
        return data
    return target.read_bytes()


VALUES: tuple[Any, ...] = (None, True, False, 0, 5, 5.5, -1, "", " ", "5", "x", "bedrock-conversation-2024", [], {},
          [5], ["a"], {"a": 1}, [{"text": "a"}], [{"text": 5}], {"text": "a"}, [[]], [None])  # fmt: skip


@pytest.mark.slow
def test_a_value_of_any_type_is_judged_as_the_facts_say() -> None:
    """Ready are exactly the rows in which the second opinion finds nothing, whatever stands at a place."""
    wrong = []
    for profile in PROFILES:
        for place, row in some(_with_values(good(1, profile))):
            data = json.dumps(row).encode()
            is_ready = judged(data + b"\n", profile).verdict is Verdict.READY
            if is_ready is bool(naive.bad_lines(data, profile)):
                wrong.append((profile.name, place, row))
    assert wrong == []


def _with_values(row: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    first, *others = row["messages"]
    for value in VALUES:
        yield "schemaVersion", row | {"schemaVersion": value}
        yield "system", row | {"system": value}
        yield "messages", row | {"messages": value}
        yield "a message", row | {"messages": [value, *others]}
        yield "role", row | {"messages": [first | {"role": value}, *others]}
        yield "content", row | {"messages": [first | {"content": value}, *others]}
        yield "a block", row | {"messages": [first | {"content": [value]}, *others]}
        yield "text", row | {"messages": [first | {"content": [{"text": value}]}, *others]}
