"""The prompt that rows suggest, the rows that it is tried on, and what counts as right."""

import hashlib
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from bot.profiles.registry import get
from bot.trials.cards import TrialEnded
from bot.trials.comparing import compared, fields_of, is_right
from bot.trials.model import AROUND
from bot.trials.prompt import CASES, PROMPT_BYTES, prepare

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


LONG = "The claimant of case {} asks about a bill of last month, which was sent twice by {} and never paid in full."


def test_copies_and_near_copies_are_one_row_and_never_an_example_of_what_is_tried(path: Path) -> None:
    """A row that stands there twenty times tells as much as once: else all twenty that are tried might be it."""
    texts = [LONG.format(hashlib.sha256(b"%d" % number).hexdigest(), number) for number in range(50)]
    copies = [
        row(text, LABELS[number % 3])
        for number, text in enumerate(texts)
        for text in (text, text, f"{text} ", text.upper(), text.replace("in full", "in all"))
    ]
    path.write_bytes(b"\n".join(copies))
    made = prepare(path, NOVA, ("",))
    asked = [each.turns[-1].casefold()[:90] for each in made.cases]
    assert len(set(asked)) == len(asked) == CASES
    for case in made.cases:
        assert not [each for each in asked if each in case.system.casefold()], (
            "what is tried is in the prompt"
        )


def test_a_row_that_stands_there_often_is_tried_once(path: Path) -> None:
    path.write_bytes(b"\n".join([row("The same question", label) for label in LABELS * 20]))
    assert len(prepare(path, NOVA, ("",)).cases) == 0, "one row leaves none to make the prompt of"


def test_of_few_rows_half_are_left_to_make_the_prompt_of(path: Path) -> None:
    path.write_bytes(b"\n".join(lines(25)))
    made = prepare(path, NOVA, ("",))
    assert len(made.cases) == 12
    assert made.instruction.rstrip(".").rpartition(": ")[2]


def test_every_label_stands_in_the_prompt_however_many_there_are(path: Path) -> None:
    """What is not among the answers to choose from cannot be answered right."""
    labels = [f"intent number {number}" for number in range(77)]
    path.write_bytes(
        b"\n".join(row(f"Claim {number} says what?", labels[number % 77]) for number in range(385))
    )
    made = prepare(path, NOVA, ("",))
    listed = made.instruction.rstrip(".").partition(": ")[2].split("; ")
    assert set(listed) == set(labels)
    assert all(case.answer in listed for case in made.cases)


def long_question(number: int) -> str:
    return "".join(hashlib.sha256(b"%d %d" % (number, part)).hexdigest() for part in range(87))


@pytest.mark.slow
@pytest.mark.parametrize("letter", ["x", "ж", "返", "😀"])
@pytest.mark.parametrize("field", ["", "desk", "返" * 60])
def test_no_prompt_is_longer_than_what_its_price_was_made_of(path: Path, letter: str, field: str) -> None:
    """Of other scripts a label has up to four bytes a letter, and each byte may be a token."""
    labels = [letter * 56 + f"{number:03}" for number in range(90)]
    if field:
        labels = [json.dumps({field: each}, ensure_ascii=False) for each in labels]
    path.write_bytes(b"\n".join(row(long_question(number), labels[number % 90]) for number in range(400)))
    made = prepare(path, NOVA, (field,))
    assert len(made.cases) == CASES
    for case in made.cases:
        asked = sum(len(each.encode()) for each in (case.system, *case.turns))
        assert asked <= 2 * PROMPT_BYTES + AROUND


def test_the_values_of_a_field_stand_in_the_prompt(path: Path) -> None:
    path.write_bytes(
        b"\n".join(
            row(f"Claim {n} says what?", json.dumps({"desk": LABELS[n % 3], "note": "x" * 80}))
            for n in range(60)
        )
    )
    made = prepare(path, NOVA, ("desk",))
    assert all(label in made.instruction for label in LABELS)
    assert "note" not in made.instruction


ODD = [
    json.dumps({"desk": "intake", "urgent": "yes"}),
    json.dumps({"desk": "oncology"}),
    json.dumps({"urgent": "no"}),
    json.dumps({"desk": None, "urgent": "no", "codes": {"b": 1, "a": [1.0, 2]}}),
    json.dumps({"desk": "x", "reply": "y" * 3_000}),
    "A sentence that nobody could count, whatever was asked, and which is longer than any label may be.",
    "[1]",
]


@pytest.mark.parametrize(
    "fields", [("",), ("desk",), ("desk", "urgent"), ("desk", "urgent", "codes"), ("e-mail ***",)]
)
def test_what_the_row_itself_says_is_right_of_every_row_that_is_tried(
    path: Path, fields: tuple[str, ...]
) -> None:
    answers = [*ODD, *LABELS]
    path.write_bytes(b"\n".join(row(f"Claim {n} says what?", answers[n % len(answers)]) for n in range(200)))
    made = prepare(path, NOVA, fields)
    wrong = [case.answer for case in made.cases if not is_right(case.answer, case.answer, fields)]
    assert wrong == []
    assert (len(made.cases) == 0) == (fields == ("e-mail ***",))
    assert not [each for each in made.cases if "yyy" in each.answer], "its own answer would be cut off"


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
        (["desk"], '{"desk":' * 2_000, '{"desk": "a"}', False),
        # Of no marks but those around it.
        ([""], "A", "A*", False),
        ([""], "**A**", "A", True),
        ([""], "*", "***", False),
        ([""], "“返金”。", "返金", True),
        ([""], "«Возврат».", "возврат", True),
        ([""], "re\u0301clamation", "r\u00e9clamation", True),
        ([""], "C", "C#", False),
        ([""], "1.5", "15", False),
        # What a model thinks aloud is no part of what it answers.
        ([""], "<thinking>It may be intake.</thinking>\n\noncology", "oncology", True),
        ([""], "<thinking>oncology", "oncology", False),
        (["desk"], '<thinking>{"desk": "b"}</thinking>{"desk": "a"}', '{"desk": "a"}', True),
        (["desk"], 'As {asked}: {"desk": "a"}', '{"desk": "a"}', True),
        (["desk"], '{"desk": "a"}\n{"desk": "b"}', '{"desk": "a"}', False),
        (["desk"], '{"desk": "a"}\n{"desk": "a"}', '{"desk": "a"}', True),
        (["desk"], '{"desk": {"b": 1, "a": [2]}}', '{"desk": {"a": [2], "b": 1.0}}', True),
        (["desk"], '{"desk": true}', '{"desk": "True"}', True),
        (["desk", "code"], '{"desk": "a", "code": null}', '{"desk": "a"}', True),
        (["desk", "code"], '{"desk": "a", "code": "b"}', '{"desk": "a"}', False),
        (["desk"], '{"desk": "none"}', '{"desk": null}', False),
        ([""], "I can't help with that.", "oncology", False),
    ],
)
def test_what_counts_as_right(labels: list[str], said: str, wanted: str, right: bool) -> None:
    assert is_right(said, wanted, fields_of(labels)) is right


def test_an_answer_without_its_fields_has_nothing_to_compare() -> None:
    assert compared("[1]", ("desk",)) is None
    assert compared('{"other": 1}', ("desk",)) is None


def test_what_most_rows_have_is_what_is_compared() -> None:
    assert fields_of(["", "desk"]) == ("",)
    assert fields_of(["desk", "", "code"]) == ("desk", "code")
    assert fields_of([]) == ()


@pytest.mark.parametrize(
    ("right", "asked", "said", "share"),
    [
        (19, 20, "little left for tuning to win", (76, 100)),
        (17, 20, "Tuning may win the rest", (63, 95)),
        (18, 20, "Tuning may win the rest", (69, 98)),
        (9, 20, "There is something to learn", (25, 66)),
        (5, 5, "too few", (56, 100)),
        (0, 0, "too few", (0, 100)),
    ],
)
def test_what_follows_is_said_with_how_sure_that_is(
    right: int, asked: int, said: str, share: tuple[int, int]
) -> None:
    card = TrialEnded("claims", "Nova", right, asked, 0, Decimal(0), Decimal(1), "", 0)
    assert said in card.advice
    assert card.share == share


def test_what_always_giving_one_answer_would_get_is_no_praise_of_the_prompt() -> None:
    card = TrialEnded("claims", "Nova", 19, 20, 0, Decimal(0), Decimal(1), "", 0, commonest=19)
    assert "tells nothing of the rarer ones" in card.advice
    assert "something to learn" in replace(card, right=9, commonest=12).advice
    assert "in what was compared" in replace(card, commonest=5, fields=("desk",)).advice
