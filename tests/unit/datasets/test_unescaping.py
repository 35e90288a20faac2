"""One layer of escapes is taken off texts when a person decides so, and never with all repairs."""

from pathlib import Path

import pytest

from bot.datasets.model import Severity, Verdict
from bot.datasets.repairs import repair
from bot.datasets.repairs.unescape_texts import with_line_breaks, without_entities
from tests.unit.datasets.samples import CLAUDE, judge, lines, row_bytes


def row(answer: str) -> dict[str, object]:
    return {"messages": [{"role": "user", "content": "What now?"}, {"role": "assistant", "content": answer}]}


@pytest.mark.parametrize(
    ("text", "name", "code", "after"),
    [
        ("First.\\nSecond.", "unescape-line-breaks", "escaped-line-break", "First.\nSecond."),
        ("Tom &amp; Ann don&#39;t", "unescape-html", "html-entity", "Tom & Ann don't"),
    ],
)
def test_a_decision_takes_the_escapes_off_and_all_repairs_leave_them(
    text: str, name: str, code: str, after: str, tmp_path: Path
) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(data := lines(row(text)))
    [cause] = [each for each in judge(data).causes if each.code == code]
    assert (cause.severity, cause.lines, cause.repair) == (Severity.WARNING, (1,), None)
    assert cause.decisions == (name,)

    assert not repair(source, target, CLAUDE).changed
    assert target.read_bytes() == data

    summary = repair(source, target, CLAUDE, [name])
    assert [step.rows for step in summary.steps] == [1]
    assert target.read_bytes().splitlines()[0] == row_bytes(row(after), ascii_only=False)
    assert target.read_bytes().splitlines()[1:] == data.splitlines()[1:]
    assert judge(target.read_bytes()).verdict is Verdict.READY


@pytest.mark.parametrize(
    "text",
    ["print('a\\nb')\nprint('c')", "plain", "C:\\\\new", "a \\\\n b"],
    ids=["code", "plain", "path", "escaped"],
)
def test_line_breaks_that_are_meant_as_they_stand_stay(text: str) -> None:
    assert with_line_breaks(text) == text


@pytest.mark.parametrize("text", ["?a=1&copy=2", "R&D; AT&T;", "a && b", "&unknown;"])
def test_what_is_no_entity_stays(text: str) -> None:
    assert without_entities(text) == text
