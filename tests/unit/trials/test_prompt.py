"""The prompt that rows suggest, the rows that it is tried on, and what counts as right."""

import json
from pathlib import Path

import pytest

from bot.profiles.registry import get
from bot.trials.cards import TrialEnded
from bot.trials.prompt import CASES, PROMPT_BYTES, compared, fields_of, is_right, prepare

NOVA = get("nova-lite")
LABELS = ("oncology", "cardiology", "intake")


def row(question: str, answer: str, system: str = "Route claims.") -> bytes:
    value = {
        "schemaVersion": "bedrock-conversation-2024",
        "system": [{"text": system}],
        "messages": [
            {"role": "user", "content": [{"text": question}]},
            {"role": "assistant", "content": [{"text": answer}]},
        ],
    }
    return json.dumps(value).encode()


def lines(count: int = 60) -> list[bytes]:
    return [row(f"Claim {number} says what?", LABELS[number % 3]) for number in range(count)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "rows.jsonl"


def test_twenty_are_held_out_whatever_their_order_and_none_of_them_is_an_example(path: Path) -> None:
    path.write_bytes(b"\n".join(lines()))
    made = prepare(path, NOVA, ("",))
    path.write_bytes(b"\n".join(reversed(lines())))
    assert {each.turns for each in prepare(path, NOVA, ("",)).cases} == {each.turns for each in made.cases}
    assert len(made.cases) == CASES
    assert made.examples == len(LABELS)
    for case in made.cases:
        assert case.system.startswith("Route claims.\n\nAnswer with exactly one of these")
        assert all(label in case.system for label in LABELS)
        assert case.turns[-1] not in case.system
        assert case.answer in LABELS


def test_another_row_with_a_held_out_question_is_no_example(path: Path) -> None:
    twice = [row("The same question", label) for label in LABELS * 20]
    path.write_bytes(b"\n".join(twice))
    assert prepare(path, NOVA, ("",)).examples == 0


def test_what_is_too_long_is_neither_tried_nor_an_example(path: Path) -> None:
    long = [row("x" * PROMPT_BYTES, "intake"), row("q " * 2_000, "rare label")]
    path.write_bytes(b"\n".join([*lines(), *long]))
    made = prepare(path, NOVA, ("",))
    for case in made.cases:
        assert sum(len(each.encode()) for each in (case.system, *case.turns)) <= 2 * PROMPT_BYTES + 2


@pytest.mark.parametrize(
    ("labels", "said", "wanted", "right"),
    [
        ([""], "Oncology.", "oncology", True),
        ([""], "`oncology`", "oncology", True),
        ([""], "It is oncology", "oncology", False),
        ([""], "", "oncology", False),
        (["desk"], '```json\n{"desk": "A", "why": "x"}\n```', '{"desk": "a"}', True),
        (["desk", "code"], '{"desk": "a", "code": 7}', '{"desk": "a", "code": "7"}', True),
        (["desk", "code"], '{"desk": "a"}', '{"desk": "a", "code": 7}', False),
        (["desk"], "desk a", '{"desk": "a"}', False),
        (["desk"], "{" * 5_000 + "}", '{"desk": "a"}', False),
    ],
)
def test_what_counts_as_right(labels: list[str], said: str, wanted: str, right: bool) -> None:
    assert is_right(said, wanted, fields_of(labels)) is right


def test_an_answer_without_its_fields_has_nothing_to_compare() -> None:
    assert compared("[1]", ("desk",)) is None


@pytest.mark.parametrize(
    ("right", "asked", "said", "share"),
    [
        (19, 20, "Tuning buys little", (76, 100)),
        (17, 20, "Tuning may win the rest", (63, 95)),
        (9, 20, "There is something to learn", (25, 66)),
        (5, 5, "too few", (56, 100)),
        (0, 0, "too few", (0, 100)),
    ],
)
def test_what_follows_is_said_with_how_sure_that_is(
    right: int, asked: int, said: str, share: tuple[int, int]
) -> None:
    from decimal import Decimal  # noqa: PLC0415

    card = TrialEnded("claims", "Nova", right, asked, 0, Decimal(0), Decimal(1), "", 0)
    assert said in card.advice
    assert card.share == share
