"""Answers joined with their prompts: by record, in the order of the prompts, and nothing lost unsaid."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.distillations.answers import CUT, DAMAGED, EMPTY, MISSING, STOPPED, Joined, join
from bot.distillations.batch import write_batch
from bot.distillations.plan import LeftOut, Usage
from bot.distillations.prompts import Prompt
from bot.profiles.model import RecordFormat
from tests.doubles.batches import answered, failed


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    """Four prompts, of rows 1 to 4."""
    prompts = [Prompt(row, "S", (("user", f"Q{row}?"),)) for row in range(1, 5)]
    write_batch(prompts, tmp_path / "input.jsonl", system=None, max_tokens=9)
    return tmp_path / "input.jsonl"


def row(number: int) -> str:
    return f"ROW{number:08d}"


def joined(
    asked: Path, *outputs: list[Any], target: RecordFormat = RecordFormat.CLAUDE_MESSAGES
) -> tuple[Joined, list[dict[str, Any]]]:
    paths = []
    for number, lines in enumerate(outputs):
        path = asked.parent / f"{number}.out"
        said = [each if isinstance(each, str) else json.dumps(each) for each in lines]
        path.write_text("\n".join(said) + "\n", encoding="utf-8")
        paths.append(path)
    out = asked.parent / "made.jsonl"
    result = join(asked, paths, out, target)
    return result, [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def test_the_dataset_has_the_order_of_the_prompts_whatever_that_of_the_answers(asked: Path) -> None:
    result, rows = joined(asked, [answered(row(3), "C")], [answered(row(4), "D"), answered(row(1), "A")])

    assert [each["messages"] for each in rows] == [
        [{"role": "user", "content": f"Q{n}?"}, {"role": "assistant", "content": text}]
        for n, text in ((1, "A"), (3, "C"), (4, "D"))
    ]
    assert {each["system"] for each in rows} == {"S"}
    assert result == Joined(3, (LeftOut(MISSING, 1, (2,)),), Usage(30, 15), told=3)


def test_it_is_written_in_the_format_of_its_base(asked: Path) -> None:
    _, [first] = joined(asked, [answered(row(1), "Ä")], target=RecordFormat.BEDROCK_CONVERSATION)
    assert first["system"] == [{"text": "S"}]
    assert first["messages"][1] == {"role": "assistant", "content": [{"text": "Ä"}]}


def test_errors_are_counted_by_their_words_and_named_by_their_rows(asked: Path) -> None:
    result, rows = joined(
        asked,
        [failed(row(1), 400, "bad\nrequest"), failed(row(2), 400, "bad request"), failed(row(4), 500, "x")],
    )
    assert rows == []
    assert result.left_out == (
        LeftOut("Bedrock's error 400: bad request", 2, (1, 2)),
        LeftOut(MISSING, 1, (3,)),
        LeftOut("Bedrock's error 500: x", 1, (4,)),
    )


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (answered(row(1), stopReason="max_tokens"), CUT),
        (answered(row(1), "  \n"), EMPTY),
        (answered(row(1), stopReason="content_filtered"), "the answer ended early: content_filtered"),
        (answered(row(1), output={"message": None}), DAMAGED),
        ({"recordId": row(1), "modelOutput": "no object"}, MISSING),
        ('{"recordId": "ROW00000001", "modelOut', MISSING),
        ("[]", MISSING),
    ],
)
def test_an_answer_that_cannot_be_taught_is_left_out_and_says_why(
    asked: Path, line: Any, reason: str
) -> None:
    result, rows = joined(asked, [line, *(answered(row(number)) for number in (2, 3, 4))])
    assert len(rows) == 3
    assert result.left_out == (LeftOut(reason, 1, (1,)),)


def test_an_answer_goes_before_an_error_and_the_first_before_the_others(asked: Path) -> None:
    result, rows = joined(
        asked, [failed(row(1)), answered(row(1), "A"), answered(row(1), "late"), answered("ROW7")]
    )
    assert rows[0]["messages"][1]["content"] == "A"
    assert result.records == 1


def test_reasoning_is_no_part_of_the_answer(asked: Path) -> None:
    content = [{"reasoningContent": {"reasoningText": {"text": "hm"}}}, {"text": "A"}]
    _, [first] = joined(asked, [answered(row(1), output={"message": {"content": content}})])
    assert first["messages"][1]["content"] == "A"


@pytest.mark.parametrize(
    ("text", "taught"),
    [
        ("<thinking>Which desk?\n\n</thinking>\n\nA", "A"),
        ("  <THINK>hm</THINK> A <thinking>quoted</thinking>", "A <thinking>quoted</thinking>"),
        ("A\n<thinking>hm</thinking>", "A\n<thinking>hm</thinking>"),
        ("<thinking>hm</thinking>", None),
        ("<thinking>hm", None),
        ("<thinkingcap>A", "<thinkingcap>A"),
    ],
)
def test_what_a_teacher_thinks_aloud_unasked_is_no_part_of_the_answer(
    asked: Path, text: str, taught: str | None
) -> None:
    result, rows = joined(asked, [answered(row(1), text)])
    assert [each["messages"][1]["content"] for each in rows] == ([taught] if taught else [])
    assert taught or LeftOut(EMPTY, 1, (1,)) in result.left_out


def test_a_teacher_that_was_asked_to_think_aloud_is_taken_at_its_word(tmp_path: Path) -> None:
    prompts = [
        Prompt(1, None, (("user", "Think in <thinking> first. Which desk?"),)),
        Prompt(2, "Begin with <THINKING>.", (("user", "Which desk?"),)),
    ]
    write_batch(prompts, tmp_path / "input.jsonl", system=None, max_tokens=9)
    said = "<thinking>hm</thinking>A"
    _, rows = joined(tmp_path / "input.jsonl", [answered(row(n), said) for n in (1, 2)])
    assert [each["messages"][1]["content"] for each in rows] == [said, said]


def test_what_was_not_answered_before_a_stop_says_so(asked: Path) -> None:
    made = join(asked, [], asked.parent / "made.jsonl", RecordFormat.CLAUDE_MESSAGES, missing=STOPPED)

    assert made.left_out == (LeftOut("the batch job was stopped before it was answered", 4, (1, 2, 3, 4)),)


@pytest.mark.parametrize(
    ("line", "untold"),
    [
        (answered(row(1)), 0),
        (failed(row(1)), 0),
        (answered(row(1), usage=None), 1),
        (answered(row(1), usage={}), 1),
        (answered(row(1), usage={"inputTokens": 10}), 1),
        (answered(row(1), usage={"inputTokens": "10", "outputTokens": 5}), 1),
        (answered(row(1), usage={"inputTokens": True, "outputTokens": 5}), 1),
        (answered(row(1), usage={"inputTokens": -10, "outputTokens": 5}), 1),
        ({"recordId": row(1), "modelOutput": "no object"}, 1),
        ('{"recordId": "ROW00000001", "modelOut', 1),
        ('{"modelOutput": {}}', 1),
        ("[" * 100_000, 1),
        ("", 0),
    ],
)
def test_answers_that_do_not_say_what_was_billed_are_counted(asked: Path, line: Any, untold: int) -> None:
    result, _ = joined(asked, [line, answered(row(2))])
    assert result.usage.untold == untold
