"""Near copies are told within a file and across two; different records that look alike are not."""

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.datasets.file_statistics.sketches import ALIKE, Common, Likes, Sketch, likeness, sketches
from bot.datasets.leakage import compared, leakage
from bot.datasets.model import Role, Verdict
from bot.datasets.validation import validate
from bot.derivations.splitting.split import split
from tests.examples import examples
from tests.unit.datasets.samples import CLAUDE, good, judge, lines

WORDS = [
    f"{first}{second}" for first in ("ba", "ne", "lo", "ri", "tu") for second in ("kam", "sel", "von", "dir")
]


def sketch(texts: bytes, common: Common | None = None) -> Sketch:
    return sketches([texts], common or Common())[0]


def prose(seed: int, sentences: int) -> str:
    dice = random.Random(seed)
    return " ".join(" ".join(dice.choices(WORDS, k=12)).capitalize() + "." for _ in range(sentences))


def record(question: str, answer: str = "It is settled.") -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]}


def codes(*rows: Any) -> dict[str, tuple[int, ...]]:
    return {cause.code: cause.lines for cause in judge(lines(*rows)).causes}


@pytest.mark.parametrize("sentences", [6, 60], ids=["short", "long"])
def test_a_copy_with_a_few_words_changed_is_told(sentences: int) -> None:
    text = prose(1, sentences)
    other = text[:-5] + "xyz" + text[-5:]
    again = text.upper() if sentences == 6 else f"{text} Done."
    rows = [record(text), record(prose(2, sentences)), record(other), record(again)]
    assert codes(*rows) == {"near-duplicate": (3, 4)}
    report = judge(lines(*rows))
    assert "lines 1 and 3" in report.causes[0].message


def test_rows_of_one_template_are_different_records() -> None:
    rows = [
        record(
            f"Member M-{number} asks for {WORDS[number % 20]}, billed ${number * 7}, plan {WORDS[number % 7]}."
        )
        for number in range(100, 160)
    ]
    assert codes(*rows) == {}


def test_a_common_beginning_does_not_make_records_alike() -> None:
    common = prose(1, 20)
    assert codes(*(record(f"{common} {prose(seed, 20)}") for seed in range(10, 30))) == {}


def test_texts_without_spaces_are_compared_too() -> None:
    dice = random.Random(5)
    one, other = ("".join(chr(dice.randint(0x4E00, 0x5E00)) for _ in range(400)) for _ in range(2))
    assert codes(record(one), record(other), record(one[:-3] + "京都市")) == {"near-duplicate": (3,)}


def test_exact_copies_and_contradictions_are_told_once() -> None:
    text = prose(3, 30)
    assert codes(record(text), record(text)) == {"exact-duplicate": (2,)}
    assert codes(record(text), record(text, "It is not.")) == {"conflicting-answers": (2,)}


@settings(max_examples=examples(60), deadline=None)
@given(seed=st.integers(0, 10**6), changed=st.integers(0, 40))
def test_the_estimate_is_near_the_truth(seed: int, changed: int) -> None:
    sentences = [prose(seed * 100 + index, 1) for index in range(40)]
    others = [prose(seed * 100 + 50 + index, 1) for index in range(changed)] + sentences[changed:]
    truth = (40 - changed) / (40 + changed)
    found = likeness(sketch(" ".join(sentences).encode()), sketch(" ".join(others).encode()))
    assert abs(found - truth) < 0.4


def test_memory_for_near_copies_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.datasets.file_statistics.sketches.REMEMBERED", 1)
    likes, one, two = Likes(), sketch(prose(1, 9).encode()), sketch(prose(2, 9).encode())
    likes.remember(1, one)
    likes.remember(2, two)
    assert (likes.find(one), likes.find(two)) == (1, 0)
    assert likeness(one, one) == 1.0 > ALIKE


def test_leakage_between_two_files(tmp_path: Path) -> None:
    training, validation = tmp_path / "train.jsonl", tmp_path / "validation.jsonl"
    text = prose(7, 30)
    training.write_bytes(lines(record("How far?", "Two miles."), record(text), record("Who?", "Ann.")))
    rows = [
        record("Something else?", "Yes."),
        {"prompt": "How far?", "completion": "Two miles."},
        record(text[:-4] + "x" + text[-4:]),
        record("Who?", "Bob."),
        "not JSON",
    ]
    validation.write_bytes(lines(*rows, pad=0))
    causes = {cause.code: cause for cause in leakage(training, validation, CLAUDE)}
    assert {code: cause.lines for code, cause in causes.items()} == {
        "leaked-record": (2, 3),
        "leaked-prompt": (4,),
    }
    assert "line 2 here, line 1 of the training set" in causes["leaked-record"].message
    (tmp_path / "empty").write_bytes(b"")
    assert leakage(validation, tmp_path / "empty", CLAUDE) == ()


def test_both_sets_together_are_held_against_the_base_limit(tmp_path: Path) -> None:
    """Each of them may be right alone: the service counts the sum."""
    profile = replace(CLAUDE, limits=replace(CLAUDE.limits, max_total_records=100))
    training, validation = tmp_path / "training.jsonl", tmp_path / "validation.jsonl"
    training.write_bytes(lines(pad=60))
    told = []
    for number, verdict in ((40, Verdict.READY), (41, Verdict.BLOCKED)):
        validation.write_bytes(lines(*(good(500 + index) for index in range(number)), pad=0))
        report = validate(validation, profile, Role.VALIDATION)
        assert report.verdict is Verdict.READY
        report = compared(report, training, validation, profile)
        assert report.verdict is verdict
        told += [each.message for each in report.causes if each.code == "too-many-records"]
    assert told == [
        "60 records for training and 41 for validation are 101; Claude 3 Haiku takes 100 of both together."
    ]


def test_nothing_leaks_between_different_files(tmp_path: Path) -> None:
    for name, first in (("a", 0), ("b", 500)):
        rows = [json.dumps(record(prose(first + index, 8))) for index in range(40)]
        (tmp_path / name).write_text("\n".join(rows), "utf-8")
    assert leakage(tmp_path / "a", tmp_path / "b", CLAUDE) == ()


def templated(number: int, *, said: int = 12) -> dict[str, Any]:
    """Return a record of which only a small part, and the answer, is its own."""
    template = f"{prose(900, 14)} The case is: %s {prose(901, 14)}"
    return record(template % prose(5000 + number, said // 12), f"{prose(9000 + number, 1)}")


def test_rows_of_a_long_template_in_the_question_are_judged_by_what_varies() -> None:
    rows = [templated(number) for number in range(300)]
    assert codes(*rows) == {}


@pytest.mark.slow
def test_a_template_that_begins_in_the_middle_of_a_file_is_none_the_less_one() -> None:
    before = [record(prose(20_000 + number, 20)) for number in range(400)]
    found = codes(*before, *(templated(number) for number in range(300)))
    assert "near-duplicate" not in found


def test_near_copies_among_rows_of_a_template_are_told() -> None:
    rows = [templated(number, said=60) for number in range(200)]
    again = json.loads(json.dumps(rows[50]))
    again["messages"][0]["content"] = again["messages"][0]["content"].replace(
        "The case is: ", "The case is: Ah, "
    )
    assert codes(*rows[:120], again, *rows[120:]) == {"near-duplicate": (121,)}


@pytest.mark.slow
def test_the_rows_of_a_template_can_be_split(tmp_path: Path) -> None:
    rows = [templated(number) for number in range(300)]
    path, training, validation = (tmp_path / name for name in ("all", "training", "validation"))
    path.write_bytes(lines(*rows, pad=0))
    made = split(path, training, validation, CLAUDE, share=0.2)
    assert (made.training, made.validation) == (240, 60)
    assert leakage(training, validation, CLAUDE) == ()


@settings(max_examples=examples(30), deadline=None)
@given(texts=st.lists(st.binary(max_size=900), min_size=1, max_size=12), size=st.integers(1, 12))
def test_a_sketch_does_not_depend_on_the_rows_beside_it(texts: list[bytes], size: int) -> None:
    alone = [sketch(text) for text in texts]
    batches = [sketches(texts[start : start + size], Common()) for start in range(0, len(texts), size)]
    assert [each for batch in batches for each in batch] == alone


def test_what_is_common_does_not_depend_on_the_order() -> None:
    rows = [f"{prose(1, 8)} {prose(number, 3)}".encode() for number in range(2, 60)]
    found = []
    for order in (rows, rows[::-1]):
        common = Common()
        for row in order:
            common.count([row])
        common.learn()
        found.append([sketch(row, common) for row in rows])
    assert found[0] == found[1] != [sketch(row) for row in rows]
