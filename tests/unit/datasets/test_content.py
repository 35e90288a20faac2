"""What is looked for in texts is found, masked wherever it is shown, and innocent texts are left alone."""

import json
from io import BytesIO

import pytest

from bot.datasets.content.scan import SCANNER
from bot.datasets.model import Report
from bot.datasets.reports.text import as_json, as_text
from bot.datasets.validation import validate
from bot.profiles import registry
from tests.tables import table
from tests.unit.datasets.samples import CLAUDE, FOLDER, judge, lines, told

TOLD = told()
INNOCENT: list[str] = json.loads((FOLDER / "content" / "innocent.json").read_text("utf-8"))
NOVA = registry.get("nova-lite")


def record(question: str, answer: str = "Noted.") -> dict[str, object]:
    return {"messages": [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]}


def shown(report: Report) -> str:
    return as_text(report) + json.dumps(as_json(report), ensure_ascii=False)


@pytest.mark.slow
def test_what_should_not_be_learnt_is_told_and_masked() -> None:
    with table() as row:
        for case in TOLD:
            with row(case["text"]):
                text = case["text"].replace("~", "")
                in_answer = case.get("where") == "assistant"
                report = judge(lines(record("Yes?", text) if in_answer else record(text)))
                assert [(cause.code, cause.lines, cause.path) for cause in report.causes] == [
                    (case["code"], (1,), f"messages[{int(in_answer)}].content")
                ]
                assert report.errors == ()
                assert case["says"] in report.causes[0].message
                for secret in case["text"].split("~")[1::2]:
                    assert secret not in shown(report)


@pytest.mark.slow
def test_innocent_texts_are_left_alone() -> None:
    with table() as row:
        for text in INNOCENT:
            with row(text):
                report = judge(lines(record(text, f"About {text}")))
                assert [(cause.code, cause.message) for cause in report.causes] == []


def test_only_answers_refuse() -> None:
    assert judge(lines(record("As an AI language model, I cannot comply with this."))).causes == ()


def test_the_good_path_and_the_slow_one_tell_the_same() -> None:
    good = record("Write to ann@firm.org", "Or call +49 30 901820.")
    slow = {**record("Write to bob@firm.org", "Or call +49 30 901821."), "id": 7}
    report = judge(lines(good, slow))
    told = {(each.code, each.lines, each.path) for each in report.warnings}
    assert told == {
        ("mail-address", (1, 2), "messages[0].content"),
        ("phone-number", (1, 2), "messages[1].content"),
    }


def test_blocks_have_their_own_paths() -> None:
    row = {
        "schemaVersion": "bedrock-conversation-2024",
        "system": [{"text": "You write as ann@firm.org."}],
        "messages": [
            {"role": "user", "content": [{"text": "Who?"}]},
            {"role": "assistant", "content": [{"text": "sue@firm.org"}]},
        ],
    }
    report = judge(lines(row, profile=NOVA), NOVA)
    paths = {cause.path for cause in report.causes if cause.code == "mail-address"}
    assert paths == {"system[0].text", "messages[1].content[0].text"}


def test_a_secret_is_masked_in_keys_placeholders_and_system_prompts_too() -> None:
    key, mail = "AKIAIOSFODNN7EXAMPLE", "ann@firm.org"
    rows = [{**record(f"{{{{{mail}}}}} {index}"), "system": f"Use {key}.", mail: 1} for index in range(40)]
    report = judge(lines(*rows, pad=0))
    assert {cause.code for cause in report.warnings} >= {"secret", "placeholder", "mail-address"}
    assert report.statistics.common_system_prompt == f"Use {key}.", "a job is drafted with the prompt itself"
    assert key not in shown(report)
    assert mail not in shown(report)


def test_without_thoroughness_texts_are_not_looked_into() -> None:
    data = lines(record("Write to ann@firm.org"))
    assert validate(BytesIO(data), CLAUDE, thorough=False).causes == ()
    assert [each.code for each in validate(BytesIO(data), CLAUDE).causes] == ["mail-address"]


def test_texts_that_cannot_be_encoded_are_looked_into() -> None:
    assert SCANNER.masked("\ud800 ann@firm.org \udfff") == "? a***@***.org ?"
