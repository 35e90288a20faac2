"""What people wrote in cells and numbers comes out as they wrote it, or the file says that a person has to decide."""

import json
from pathlib import Path

import pytest

from bot.datasets.model import Verdict
from bot.datasets.repairs import repair
from bot.errors import Refused
from tests.unit.datasets.samples import CLAUDE, judge, lines


def answers(folder: Path, data: bytes) -> list[str]:
    """Return the answers of a file as its repairs leave them."""
    source, target = folder / "a", folder / "b"
    source.write_bytes(data)
    repair(source, target, CLAUDE)
    return [json.loads(row)["messages"][-1]["content"] for row in target.read_bytes().splitlines()]


NUMBERS = ["0.10", "1.50", "1e5", "1E+05", "-0.0", "3.14159265358979323846", "12345678901234567890.5", "7"]


def test_a_number_is_the_text_that_it_is_written_as(tmp_path: Path) -> None:
    data = "".join(f'{{"prompt": "What does part {each} cost?", "completion": {each}}}\n' for each in NUMBERS)
    assert answers(tmp_path, data.encode()) == NUMBERS


SHARED = '"[{""from"": ""human"", ""value"": ""q""}, {""from"": ""gpt"", ""value"": ""a""}]"'
RECORD = '"{""messages"": [{""role"": ""user"", ""content"": ""q""}, {""role"": ""assistant"", ""content"": ""a""}]}"'


@pytest.mark.parametrize(
    ("name", "cell"), [("conversations", SHARED), ("record", RECORD)], ids=["turns", "records"]
)
def test_of_two_columns_with_one_name_none_is_lost_unseen(tmp_path: Path, name: str, cell: str) -> None:
    data = (f"{name},note,note\n" + f"{cell},Keep this please.,\n" * 40).encode()
    report = judge(data)
    assert report.verdict is Verdict.BLOCKED
    assert "two columns have the same name" in report.causes[0].message
    with pytest.raises(Refused):
        answers(tmp_path, data)


def test_a_zero_byte_in_a_cell_is_named_and_stays(tmp_path: Path) -> None:
    data = b"prompt,completion\n" + b"".join(b"What is %d?,It is\x00 %d.\n" % (n, n) for n in range(40))
    assert {each.code for each in judge(data).causes if each.count == 40} >= {"nul-character"}
    assert "damaged-text" not in {each.code for each in judge(data).causes}
    assert answers(tmp_path, data)[3] == "It is\0 3."


SAID = "A long description that people wrote about these records, and nobody else has."
PAIR = '{"prompt": "q%d", "completion": "a"}'


@pytest.mark.parametrize(
    "shell",
    [
        f'{{"name": "{SAID}", "records": [{PAIR % 1}, {PAIR % 2}]}}',
        f'{{"columns": ["prompt", "completion"], "index": ["{SAID}", "x"], "data": [["q1", "a"], ["q2", "a"]]}}',
    ],
    ids=["beside a list", "as an index"],
)
def test_a_text_around_records_is_not_lost_with_what_is_around_them(shell: str) -> None:
    """A number or a name of the list itself is: ``test_other_formats`` has those."""
    for words, verdict in ((SAID, Verdict.BLOCKED), ("claims-2024", Verdict.REPAIRABLE)):
        assert judge(lines(shell.replace(SAID, words))).verdict is verdict


def test_the_indent_of_a_marked_turn_is_part_of_it(tmp_path: Path) -> None:
    row = {
        "text": "<|im_start|>user\n  Why?\n<|im_end|>\n<|im_start|>assistant\n\n    if a:\n        b\n<|im_end|>\n"
    }
    assert answers(tmp_path, lines(row))[0] == "    if a:\n        b"
