"""Rows that say themselves that they are not for training: named, left out when a person decides so, never silently."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.datasets.leftovers.bookkeeping import excludes
from bot.datasets.model import Verdict
from bot.datasets.repairs import repair
from bot.datasets.repairs.registry import decisions
from bot.datasets.rules.content_keys import LEAVE_OUT
from bot.profiles import registry
from tests.unit.datasets.samples import CLAUDE, judge

BASES = ("claude-3-haiku", "nova-lite")


def turns(number: int, **marks: Any) -> list[dict[str, Any]]:
    """Return a question and its answer, marked."""
    words = f"number {number * 37} of the {('claims', 'tickets', 'parcels')[number % 3]}"
    return [
        {"role": "user", "content": f"Where does {words} go?"},
        {"role": "assistant", "content": f"To desk {number}, {words}.", **marks},
    ]


def shaped(number: int, shape: str, **marks: Any) -> dict[str, Any]:
    """Return a row in one of the formats that people have, marked beside what it says or in its answer."""
    question, answer = (each["content"] for each in turns(number))
    if shape == "in the answer":
        return {"messages": turns(number, **marks)}
    if shape == "beside the messages":
        return {"messages": turns(number), **marks}
    if shape == "prompt and completion":
        return {"prompt": question, "completion": answer, **marks}
    said = [{"from": "human", "value": question}, {"from": "gpt", "value": answer}]
    return {"conversations": said, **marks}


ROWS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    # shape, the mark of a row that is not for training, that of one that is
    ("in the answer", {"train": False}, {"train": True}),
    ("in the answer", {"loss_weight": 0.0}, {"loss_weight": 1.0}),
    ("in the answer", {"weight": 0}, {"weight": 1}),
    ("in the answer", {"mask": True}, {"mask": False}),
    ("beside the messages", {"split": "TEST"}, {"split": "TRAIN"}),
    ("beside the messages", {"split": "validation"}, {"split": "train"}),
    ("beside the messages", {"partition": "held-out"}, {"partition": "training"}),
    ("beside the messages", {"weight": 0}, {"weight": 1}),
    ("prompt and completion", {"split": "dev"}, {"split": "train"}),
    ("prompt and completion", {"sample_weight": "0"}, {"sample_weight": "1"}),
    ("turns of ShareGPT", {"split": "test"}, {"split": "train"}),
]


def file_of(shape: str, untrained: dict[str, Any], trained: dict[str, Any], folder: Path) -> Path:
    """Return a file of 44 rows of which every eleventh is not for training."""
    rows = [shaped(each, shape, **(trained if each % 11 else untrained)) for each in range(44)]
    path = folder / "in.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return path


@pytest.mark.slow
@pytest.mark.parametrize("base", BASES)
def test_rows_that_are_not_for_training_are_offered_to_be_left_out_and_are(base: str, tmp_path: Path) -> None:
    profile = registry.get(base)
    wrong: list[Any] = []
    for shape, untrained, trained in ROWS:
        source, out, ready = (
            file_of(shape, untrained, trained, tmp_path),
            tmp_path / "out",
            tmp_path / "ready",
        )
        before = judge(source.read_bytes(), profile)
        offered = dict(decisions(before))
        if (
            before.verdict is not Verdict.BLOCKED
            or offered.get(LEAVE_OUT) != "Leave out 4 rows not for training"
        ):
            wrong.append((shape, untrained, before.verdict, offered))
        repair(source, ready, profile)
        if "number 407 " not in ready.read_text():
            wrong.append((shape, untrained, "all safe repairs have left it out"))
        summary = repair(source, out, profile, {LEAVE_OUT})
        left = out.read_text()
        gone = [each for each in range(44) if f"number {each * 37} " not in left]
        if gone != [0, 11, 22, 33] or "Left out 4 rows not for training." not in summary.effects():
            wrong.append((shape, untrained, gone, summary.effects()))
        repair(out, ready, profile)
        after = judge(ready.read_bytes(), profile)
        if after.verdict is not Verdict.READY or after.records != 40:
            wrong.append((shape, untrained, after.verdict, after.records, [c.message for c in after.errors]))
    assert wrong == []


def test_only_what_says_so_is_left_out() -> None:
    """Shares of a weight, users' turns, other words and other keys decide nothing: a person does, in another way."""
    said = [
        ("weight", 0, "assistant"), ("weight", "0.0", ""), ("train", False, "assistant"), ("masked", 1, "assistant"),
        ("split", "Test", ""), ("Split", "hold-out", ""), ("lossWeight", 0, "assistant"),
    ]  # fmt: skip
    silent = [
        ("weight", 0.5, "assistant"), ("weight", 1, "assistant"), ("train", False, "user"), ("mask", True, "system"),
        ("split", "train", ""), ("split", "fold-3", ""), ("split", None, ""), ("rating", 0, ""), ("label", "test", ""),
        ("weight", None, "assistant"), ("weight", [], ""), ("split", ["test"], ""), ("train", "partly", "assistant"),
    ]  # fmt: skip
    assert [each for each in said if not excludes(*each)] == []
    assert [each for each in silent if excludes(*each)] == []


def test_a_row_with_one_answer_that_must_not_be_learned_is_left_out_whole(tmp_path: Path) -> None:
    rows = [{"messages": turns(each)} for each in range(40)]
    rows[5]["messages"] = [*turns(5, train=False), *turns(50, train=True)]
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    summary = repair(source, out, CLAUDE, {LEAVE_OUT})
    assert (summary.rows_read, summary.rows_written) == (40, 39)
    assert "To desk 50" not in out.read_text()
