"""What stands beside texts counts: a picture makes another record, reasoning is learned, paid for and screened."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.datasets.leakage import leakage
from bot.datasets.repairs import repair
from bot.datasets.rows import rows
from bot.datasets.screening import sample
from bot.derivations.comparison import compare
from bot.derivations.splitting.split import split
from bot.profiles import registry
from bot.trials.prompt import prepare
from tests.unit.datasets.samples import good, judge, lines

NOVA, NOVA_2 = registry.get("nova-lite"), registry.get("nova-2-lite")
QUESTION = "What is the matter with the part in this picture, and where does it have to be sent?"
SAID = "The seal of the valve is cracked all around; it goes to the workshop in the second yard."


def pictured(number: int, answer: str = SAID) -> dict[str, Any]:
    """Return a record whose words are the same whatever its number: only the picture is another."""
    row = good(1, NOVA)
    place = {"uri": f"s3://parts/{number}.png", "bucketOwner": "123456789012"}
    picture = {"image": {"format": "png", "source": {"s3Location": place}}}
    row["messages"][0]["content"] = [{"text": QUESTION}, picture]
    row["messages"][1]["content"] = [{"text": answer}]
    return row


def reasoned(number: int, reasoning: str) -> dict[str, Any]:
    row = good(number, NOVA_2)
    row["messages"][1]["content"].insert(0, {"reasoningContent": {"reasoningText": {"text": reasoning}}})
    return row


def written(folder: Path, name: str, *records: dict[str, Any]) -> Path:
    path = folder / name
    path.write_bytes(lines(*records, pad=0))
    return path


def test_records_with_other_pictures_are_no_copies(tmp_path: Path) -> None:
    records = [*map(pictured, range(12)), pictured(3)]
    found = {each.code: each.lines for each in judge(lines(*records, pad=0), NOVA).causes}
    assert found == {"exact-duplicate": (13,), "few-records": ()}
    summary = repair(written(tmp_path, "a", *records), tmp_path / "b", NOVA)
    assert [(each.name, each.rows) for each in summary.steps] == [("drop-exact-duplicates", 1)]
    assert (tmp_path / "b").read_bytes() == lines(*records[:12], pad=0)


def test_the_same_picture_with_another_answer_is_a_contradiction() -> None:
    records = [*map(pictured, range(12)), pictured(3, "Nothing at all.")]
    assert "conflicting-answers" in {each.code for each in judge(lines(*records, pad=0), NOVA).causes}


def test_records_with_other_pictures_need_not_stay_on_one_side(tmp_path: Path) -> None:
    records = [pictured(number, f"Part {number}.") for number in range(40)]
    made = split(
        written(tmp_path, "a", *records, records[0]), tmp_path / "t", tmp_path / "v", NOVA, share=0.25
    )
    assert (made.validation, made.groups, made.grouped_records) == (10, 1, 2), "but copies do"


def test_only_the_same_picture_leaks(tmp_path: Path) -> None:
    training = written(tmp_path, "t", *map(pictured, range(10)))
    validation = written(tmp_path, "v", pictured(20), pictured(7), pictured(8, "Another."))
    assert {each.code: each.lines for each in leakage(training, validation, NOVA)} == {
        "leaked-record": (2,),
        "leaked-prompt": (3,),
    }


def test_another_picture_is_told_when_two_versions_are_compared(tmp_path: Path) -> None:
    one, other = written(tmp_path, "a", pictured(1)), written(tmp_path, "b", pictured(2))
    found = compare(one, other, NOVA, NOVA)
    assert (found.added.count, found.removed.count, found.unchanged) == (1, 1, 0)


def test_a_question_about_a_picture_is_not_tried_without_it(tmp_path: Path) -> None:
    whole = (good(2, NOVA), good(3, NOVA))
    path = written(tmp_path, "a", *(pictured(number, "yes") for number in range(30)), *whole)
    [case] = prepare(path, NOVA, ("",)).cases
    assert case.turns in [("How much is 2 and one?",), ("How much is 3 and one?",)]


@pytest.mark.parametrize(
    ("reasoning", "code"),
    [
        ("I see.\nUser: and then", "reserved-text"),
        ("word " * 30_000, "too-many-tokens"),
        ("The key is AKIAIOSFODNN7EXAMPLQ", "secret"),
        ("a\0b", "nul-character"),
    ],
)
def test_reasoning_is_held_to_the_rules_of_texts(reasoning: str, code: str) -> None:
    report = judge(lines(reasoned(7000, reasoning), pad=200, profile=NOVA_2), NOVA_2)
    assert code in {each.code for each in report.causes}


def test_reasoning_is_counted_and_may_be_empty() -> None:
    bare, empty, full = (
        judge(lines(each, pad=200, profile=NOVA_2), NOVA_2)
        for each in (good(7000, NOVA_2), reasoned(7000, ""), reasoned(7000, "word " * 600))
    )
    assert empty.errors == full.errors == ()
    assert bare.statistics.tokens.total == empty.statistics.tokens.total
    assert full.statistics.tokens.total - bare.statistics.tokens.total == 1000


def test_one_answer_that_was_thought_out_in_two_ways_is_neither_a_copy_nor_a_contradiction() -> None:
    told = [
        {each.code for each in judge(lines(*pair, pad=200, profile=NOVA_2), NOVA_2).causes}
        for pair in (
            (reasoned(7000, "By adding."), reasoned(7000, "By counting up.")),
            (reasoned(7000, "By adding."), reasoned(7000, "By adding.")),
        )
    ]
    assert told == [{"few-records"}, {"few-records", "exact-duplicate"}]


def test_the_guardrail_reads_the_reasoning_too(tmp_path: Path) -> None:
    [row] = sample(written(tmp_path, "a", reasoned(1, "Let me see.")), NOVA_2, 1)
    assert row.answered.split("\x1f") == ["2", "Let me see.", ""]


def test_of_texts_alone_a_row_says_its_texts(tmp_path: Path) -> None:
    several = good(1, NOVA)
    several["messages"][0]["content"] = [{"text": "a"}, {"text": "b"}]
    path = tmp_path / "a"
    path.write_text(f"{json.dumps(several)}\n{json.dumps(good(2, NOVA))}\n")
    assert [each.is_text_alone for each in rows(path, NOVA)] == [True, True]
