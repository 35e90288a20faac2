"""Two versions side by side: counts, lines, examples without secrets."""

from pathlib import Path
from typing import Any

import pytest

from bot.derivations.comparison import LONGEST_EXCERPT, Comparison, compare, sentences
from bot.derivations.conversion import convert
from bot.profiles import registry
from tests.unit.datasets.samples import CLAUDE, good, lines
from tests.unit.derivations.test_splitting import record

NOVA = registry.get("nova-lite")


def compared(folder: Path, before: bytes, after: bytes) -> Comparison:
    (folder / "before").write_bytes(before)
    (folder / "after").write_bytes(after)
    return compare(folder / "before", folder / "after", CLAUDE, CLAUDE)


def fates(found: Comparison) -> dict[str, tuple[int, tuple[int, ...]]]:
    names = ("added", "removed", "changed", "reformed")
    return {name: (each.count, each.lines) for name in names if (each := getattr(found, name)).count}


def test_a_version_is_like_itself(tmp_path: Path) -> None:
    found = compared(tmp_path, lines(pad=40), lines(pad=40))
    assert fates(found) == {}
    assert (found.unchanged, found.before, found.after, found.same) == (40, 40, 40, True)
    assert sentences(found) == ["40 records unchanged."]


def test_each_kind_of_difference_with_its_lines(tmp_path: Path) -> None:
    before = lines(record("gone?", "yes"), record("kept?", "old"), good(0), good(1), pad=0)
    after = lines(record("kept?", "new"), good(1), record("fresh?", "x"), good(0), pad=0)
    found = compared(tmp_path, before, after)
    assert fates(found) == {"added": (1, (3,)), "removed": (1, (1,)), "changed": (1, (1,))}
    assert found.unchanged == 2
    [changed] = found.changed.examples
    assert (changed.before_line, changed.after_line) == (2, 1)
    assert (changed.question, changed.what, changed.before, changed.after) == (
        "kept?",
        "answer",
        "old",
        "new",
    )
    assert (found.added.examples[0].before_line, found.added.examples[0].after) == (None, "x")
    assert (found.removed.examples[0].after_line, found.removed.examples[0].before) == (None, "yes")
    assert sentences(found)[0] == "1 record added: line 3."
    assert not found.same


def test_another_system_prompt_is_a_change_of_it(tmp_path: Path) -> None:
    before, after = (
        lines(*(record(f"q{n}", "a", each) for n in range(15)), pad=0) for each in ("Old.", "New.")
    )
    found = compared(tmp_path, before, after)
    assert fates(found) == {"changed": (15, tuple(range(1, 11)))}
    [first, *_] = found.changed.examples
    assert (first.what, first.before, first.after) == ("system prompt", "Old.", "New.")
    assert len(found.changed.examples) == 3
    assert "lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 …" in sentences(found)[0]


def test_copies_are_counted(tmp_path: Path) -> None:
    found = compared(tmp_path, lines(good(0), good(0), good(0), pad=0), lines(good(0), pad=0))
    assert fates(found) == {"removed": (2, (2, 3))}


def test_other_white_space_is_another_form_only(tmp_path: Path) -> None:
    row = lines(good(0), pad=0)
    spaced = row.replace(b": ", b" :  ")
    assert fates(compared(tmp_path, row, spaced)) == {"reformed": (1, (1,))}
    assert fates(compared(tmp_path, row + spaced, spaced + row)) == {}


def test_a_conversion_is_another_form_only(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(lines(record("q", "a", "Be kind."), pad=40))
    convert(tmp_path / "a", tmp_path / "b", NOVA)
    found = compare(tmp_path / "a", tmp_path / "b", CLAUDE, NOVA)
    assert found.same
    assert fates(found) == {"reformed": (41, tuple(range(1, 11)))}


def test_rows_that_are_no_records_are_compared_by_their_bytes(tmp_path: Path) -> None:
    found = compared(tmp_path, lines("no JSON", "[1]", pad=1), lines("[1]", "\n", '{"a": 1}', pad=1))
    assert fates(found) == {"added": (1, (4,)), "removed": (1, (1,))}
    assert found.removed.examples[0].before == "no JSON"


def test_secrets_are_masked_and_long_texts_cut(tmp_path: Path) -> None:
    secret = "Write to anna.schmidt@acme-claims.de about it."
    found = compared(tmp_path, lines(pad=1), lines(record(secret, "x" * 1_000), pad=1))
    [example] = found.added.examples
    assert "anna.schmidt" not in example.question
    assert len(example.after) == LONGEST_EXCERPT


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", b"\x1f\x8b\x00", b"<html>", b'[{"messages": []}]', b"\xff\xfe"]
)
def test_whatever_the_bytes_it_ends(tmp_path: Path, data: Any) -> None:
    found = compared(tmp_path, data, lines(pad=2))
    assert found.after == 2
    assert found.before == found.removed.count + found.changed.count
