"""Prompts from whatever people keep them in."""

import json
from pathlib import Path

import pytest

from bot.distillations.prompts import NoPrompt, Prompt, read_prompts
from bot.errors import Refused


def read(tmp_path: Path, content: str | bytes, name: str = "prompts.jsonl") -> list[Prompt | NoPrompt]:
    path = tmp_path / "given"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read_prompts(path, name))


def rows(*values: object) -> str:
    return "".join(json.dumps(each) + "\n" for each in values)


def asked(text: str, row: int = 1, **more: object) -> Prompt:
    return Prompt(row, turns=(("user", text),), **{"system": None, "answer": None, **more})  # type: ignore[arg-type]


def test_plain_lines_are_one_prompt_each_and_blank_ones_none(tmp_path: Path) -> None:
    assert read(tmp_path, "\ufeffOne?\r\n\r\n  Two?  \n", "p.TXT") == [asked("One?"), asked("Two?", 3)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("p.csv", 'prompt\n"Is it, really?"\n'),
        ("p.csv", "Question;id\nIs it, really?;7\n"),
        ("p.tsv", "query\nIs it, really?\n"),
        ("p.csv", "sep=;\r\nQuestion;id\r\nIs it, really?;7\r\n"),
    ],
)
def test_a_table_is_read_by_its_header(tmp_path: Path, name: str, text: str) -> None:
    [found] = read(tmp_path, text, name)
    assert isinstance(found, Prompt)
    assert found.turns == (("user", "Is it, really?"),)


def test_a_column_of_system_prompts_and_one_of_answers_are_understood(tmp_path: Path) -> None:
    text = "system,prompt,completion\nBe brief.,Why?,Because.\n"
    assert read(tmp_path, text, "p.csv") == [asked("Why?", 2, system="Be brief.", answer="Because.")]


def test_rows_of_every_format_give_their_question_and_leave_their_answer(tmp_path: Path) -> None:
    user = {"role": "user", "content": "Why?"}
    found = read(
        tmp_path,
        rows(
            "Why?",
            {"prompt": "Why?"},
            {"instruction": "Why?", "input": "", "output": "So."},
            {"messages": [user]},
            {"system": "S", "messages": [user, {"role": "assistant", "content": "So."}]},
            {"messages": [{"role": "system", "content": "S"}, user, {"role": "assistant", "content": None}]},
            {
                "schemaVersion": "v",
                "system": [{"text": "S"}],
                "messages": [{"role": "user", "content": [{"text": "Why?"}]}],
            },
            {"conversations": [{"from": "human", "value": "Why?"}, {"from": "gpt", "value": "So."}]},
        ),
    )

    assert [each.turns for each in found if isinstance(each, Prompt)] == [(("user", "Why?"),)] * 8
    assert [each.system for each in found if isinstance(each, Prompt)] == [None] * 4 + ["S"] * 3 + [None]
    assert [each.row for each in found] == list(range(1, 9))


@pytest.mark.parametrize(
    "row",
    [
        {
            "contents": [
                {"role": "user", "parts": [{"text": "Why?"}]},
                {"role": "model", "parts": [{"text": "So."}]},
            ]
        },
        {"prompt": "\n\nHuman: Why?\n\nAssistant:", "completion": " So."},
        {
            "prompt": [{"role": "user", "content": "Why?"}],
            "completion": [{"role": "assistant", "content": "So."}],
        },
        {"dialogue": [{"speaker": "user", "text": "Why?"}, {"speaker": "bot", "text": "So."}]},
        {
            "record": {
                "messages": [{"role": "user", "content": "Why?"}, {"role": "assistant", "content": "So."}]
            }
        },
        [{"role": "user", "content": "Why?"}, {"role": "assistant", "content": "So."}],
        {
            "request": {"messages": [{"role": "user", "content": "Why?"}]},
            "response": {"choices": [{"message": {"role": "assistant", "content": "So."}}]},
        },
    ],
    ids=["Gemini", "marked", "TRL", "turns", "wrapped", "bare", "log"],
)
def test_the_formats_of_others_give_their_question_and_leave_their_answer(
    row: object, tmp_path: Path
) -> None:
    assert read(tmp_path, rows(row, row)) == [asked("Why?", each, answer="So.") for each in (1, 2)]


def test_earlier_turns_stay_since_the_last_question_is_asked_in_their_light(tmp_path: Path) -> None:
    turns = [("user", "A?"), ("assistant", "B."), ("user", "C?"), ("assistant", "D.")]
    row = {"messages": [{"role": role, "content": text} for role, text in turns]}
    [found] = read(tmp_path, rows(row))
    assert found == Prompt(1, None, tuple(turns[:3]), "D.")


def test_an_answer_beside_the_messages_is_the_one_to_be_replaced_and_bookkeeping_is_none_of_the_question(
    tmp_path: Path,
) -> None:
    row = {"messages": [{"role": "user", "content": "Why?", "id": "m-1"}], "answer": "So.", "created_at": 7}
    [found] = read(tmp_path, rows(row))
    assert found == Prompt(1, None, (("user", "Why?"),), "So.")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("not JSON", "not JSON"),
        ("[1]", "neither a text nor an object"),
        ('{"id": 1}', "no field says"),
        ('{"prompt": "a", "question": "b"}', "may be the question"),
        ('{"prompt": "  "}', "a turn is empty"),
        ('{"messages": [{"role": "assistant", "content": "x"}]}', "it has no question"),
        ('{"messages": [{"role": "user", "content": "x"}, {"role": "user", "content": "y"}]}', "take turns"),
        ('{"messages": [{"role": "tool", "content": "x"}]}', "tool"),
        ('{"messages": [], "chosen": "a", "rejected": "b"}', "good answers only"),
        ('{"question": "a", "choices": ["b", "c"]}', "`choices` would be lost"),
        ('{"prompt": "What is this?", "image": "a.png"}', "`image` would be lost"),
        (
            '{"messages": [{"role": "user", "content": "x"}], "tools": [{"name": "y"}]}',
            "`tools` would be lost",
        ),
        ('{"conversations": [{"from": "human", "value": "x", "note": "y"}]}', "`note` would be lost"),
    ],
)
def test_a_row_that_asks_nothing_says_why_and_keeps_no_other_from_being_read(
    tmp_path: Path, row: str, reason: str
) -> None:
    first, second = read(tmp_path, f'{row}\n{{"prompt": "Why?"}}\n')
    assert isinstance(first, NoPrompt)
    assert reason in first.reason
    assert second == asked("Why?", 2)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"%PDF-1.7", "p.jsonl", "PDF"),
        (b"", "p.jsonl", "empty"),
        (b"\xff\xfe\xfd", "p.txt", "not UTF-8"),
        (b"a,b\n1,2\n3,4\n", "p.jsonl", "table"),
        (b'prompt\n"never closed\n', "p.csv", "beyond line"),
    ],
)
def test_a_file_without_rows_is_refused_with_what_to_send(
    tmp_path: Path, content: bytes, name: str, words: str
) -> None:
    with pytest.raises(Refused, match=words) as refused:
        read(tmp_path, content, name)
    assert refused.value.hint
