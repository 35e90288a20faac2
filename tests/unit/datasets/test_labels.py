"""Labels that stand once or are misspelt are told; vocabularies as they should be, and prose, are not."""

import json
from typing import Any

import pytest

from bot.datasets.file_statistics.labels import REPEATED, Labels, is_nearly
from bot.datasets.model import Label, LabelTable
from bot.playground.samples import make
from tests.unit.datasets.samples import judge, lines


def record(index: int, answer: str) -> dict[str, Any]:
    question = {"role": "user", "content": f"Case {index}"}
    return {"messages": [question, {"role": "assistant", "content": answer}]}


def causes(*answers: str) -> dict[str, tuple[tuple[int, ...], str]]:
    report = judge(lines(*(record(index, answer) for index, answer in enumerate(answers)), pad=0))
    return {each.code: (each.lines, each.message) for each in report.warnings}


def test_a_label_that_stands_once_is_told() -> None:
    told = causes(*["approve", "deny", "refer"] * 12, "escalate")
    assert told == {"rare-label": ((37,), "The label `escalate` stands in one record only.")}


def test_a_misspelt_label_is_told_with_what_was_meant() -> None:
    told = causes(*["approved", "denied"] * 20, "aproved", "Denied ")
    assert told["misspelt-label"][0] == (41, 42)
    assert "`aproved`" in told["misspelt-label"][1]
    assert "`approved`" in told["misspelt-label"][1]


def test_one_label_in_several_spellings_is_told_once_with_all_of_them() -> None:
    told = causes(*["Refund", "refund", "REFUND ", "Return"] * 10)

    assert told == {
        "label-spellings": (
            (2,),
            "One label is written in 3 ways: `Refund` (10), `refund` (10), `REFUND ` (10).",
        )
    }


def test_the_spellings_of_a_field_are_told_for_as_many_records_as_have_a_less_frequent_one() -> None:
    answers = [json.dumps({"queue": queue}) for queue in ["Ops", "Ops", "ops", "Sales"] * 10]
    report = judge(lines(*(record(index, answer) for index, answer in enumerate(answers)), pad=0))
    [cause] = report.warnings

    assert (cause.code, cause.count, cause.lines, cause.repair) == ("label-spellings", 10, (3,), None)
    assert "in `queue`" in cause.message


def test_fields_of_json_answers_are_labels() -> None:
    answers = [json.dumps({"queue": queue, "note": f"n{index}"}) for index, queue in enumerate("ABCD" * 10)]
    told = causes(*answers, json.dumps({"queue": "E", "note": "n"}))
    assert told["rare-label"][0] == (41,)
    assert "`queue`" in told["rare-label"][1]


@pytest.mark.parametrize(
    "answers",
    [
        [f"answer {index}" for index in range(80)],
        ["yes", "no"] * 40,
        [
            f"{index} and a long explanation of it that nobody would take for a label at all"
            for index in range(40)
        ],
        ["{broken"] * 2 + ["[1, 2]"] * 40,
        ["only one"] * 40,
    ],
    ids=["all different", "two", "prose", "broken", "one"],
)
def test_nothing_is_told_of(answers: list[str]) -> None:
    assert not {"rare-label", "misspelt-label"} & causes(*answers).keys()


def test_the_sample_has_a_vocabulary_without_fault() -> None:
    assert judge(make.FILES["claims.jsonl"]()).causes == ()


@pytest.mark.parametrize(
    ("one", "other", "nearly"),
    [
        ("Prior-Auth", "prior auth", True),
        ("aproved", "approved", True),
        ("apporved", "approved", True),
        ("approvee", "approved", True),
        ("legal", "illegal", False),
        ("symptomatic", "asymptomatic", False),
        ("level-1", "level-2", False),
        ("tier 10", "tier 1", False),
        ("low", "slow", False),
        ("male", "female", False),
        ("increase", "decrease", False),
        ("!", "?", False),
    ],
)
def test_nearness(one: str, other: str, nearly: bool) -> None:
    assert is_nearly(one, other) is nearly
    assert is_nearly(other, one) is nearly


def test_what_answers_choose_from_is_counted() -> None:
    answers = [
        json.dumps({"queue": queue, "by": "jane.doe@acme.com", "note": f"n{index}"})
        for index, queue in enumerate("AABC" * 8)
    ]
    owners = ["jane.doe@acme.com", "deny"] * 8
    report = judge(lines(*(record(index, answer) for index, answer in enumerate(answers + owners)), pad=0))
    queue, whole = report.statistics.labels
    assert queue == LabelTable("queue", 32, 3, (Label("A", 16), Label("B", 8), Label("C", 8)))
    assert (whole.field, whole.records, whole.different) == ("", 16, 2)
    assert whole.labels[1] == Label("deny", 8)
    assert "jane" not in whole.labels[0].text, "what must not be shown is masked in labels too"


def test_the_table_of_many_labels_ends() -> None:
    found = Labels()
    for index in range(30 * REPEATED):
        found.add(index, f"label {index % 30}")
    [table] = found.tables()
    assert (table.records, table.different, len(table.labels)) == (30 * REPEATED, 30, 20)
