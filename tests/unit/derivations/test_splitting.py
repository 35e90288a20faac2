"""A split is the same each time, keeps together what belongs together, and shares out the labels."""

import hashlib
import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.datasets.leakage import leakage
from bot.datasets.model import Role, Verdict
from bot.datasets.validation import validate
from bot.derivations.splitting.drawing import Group, draw, quotas
from bot.derivations.splitting.model import Split
from bot.derivations.splitting.split import split
from bot.errors import Refused
from bot.profiles import registry
from bot.profiles.model import Profile
from tests.examples import examples
from tests.unit.datasets.samples import CLAUDE, good, lines

Rows = list[dict[str, Any]]


def record(question: str, answer: str, system: str | None = None) -> dict[str, Any]:
    head = {} if system is None else {"system": system}
    return head | {
        "messages": [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    }


class Sides:
    """A file that was split, and its two sides."""

    def __init__(self, folder: Path, data: bytes, profile: Profile = CLAUDE, **asked: Any) -> None:
        self.path, self.training, self.validation = (folder / each for each in ("a", "t", "v"))
        self.path.write_bytes(data)
        self.split: Split = split(self.path, self.training, self.validation, profile, **asked)

    def rows(self) -> tuple[list[bytes], list[bytes]]:
        return self.training.read_bytes().splitlines(), self.validation.read_bytes().splitlines()

    def answers(self) -> tuple[Counter[str], Counter[str]]:
        first, second = (
            Counter(json.loads(each)["messages"][-1]["content"] for each in side) for side in self.rows()
        )
        return first, second


def test_every_record_is_on_one_side_as_it_stood(tmp_path: Path) -> None:
    data = lines(pad=200)
    sides = Sides(tmp_path, data, share=0.2, seed=3)
    training, validation = sides.rows()
    assert sorted(training + validation) == sorted(data.splitlines())
    assert (len(training), len(validation)) == (160, 40)
    assert (sides.split.training, sides.split.validation, sides.split.records) == (160, 40, 200)
    order = data.splitlines()
    assert training == sorted(training, key=order.index)
    assert validation != order[:40], "it is drawn, not cut off"
    assert sides.split.notes == ()
    for path, role in ((sides.training, Role.TRAINING), (sides.validation, Role.VALIDATION)):
        assert validate(path, CLAUDE, role).verdict is Verdict.READY
    assert not list(tmp_path.glob("*.part"))


def test_the_same_seed_gives_the_same_split_wherever_the_rows_stand(tmp_path: Path) -> None:
    rows = lines(pad=100).splitlines(keepends=True)
    first = Sides(tmp_path, b"".join(rows)).rows()
    assert Sides(tmp_path, b"".join(rows)).rows() == first
    random.Random(1).shuffle(rows)
    again = Sides(tmp_path, b"".join(rows)).rows()
    assert [set(side) for side in again] == [set(side) for side in first]
    assert set(Sides(tmp_path, b"".join(rows), seed=8).rows()[1]) != set(first[1])


def _chained(dice: random.Random) -> Rows:
    """Return rows of which each is like the next, and the first not like the last; and rows that are like none."""
    words = [f"{first}{second}" for first in ("ba", "ne", "lo", "ri") for second in ("kam", "sel", "von")]
    rows = []
    for chain in range(12):
        text = dice.choices(words, k=60)
        for step in range(dice.randint(1, 7)):
            text = [*text]
            for place in dice.sample(range(60), 1):
                text[place] = f"{dice.choice(words)}{dice.choice(words)}"
            rows.append(record(" ".join(text), f"{chain}.{step}"))
    return rows + [record(" ".join(dice.choices(words, k=30)), "alone") for _ in range(120)]


@pytest.mark.slow
@settings(max_examples=examples(12), deadline=None)
@given(seed=st.integers(0, 10**6))
def test_permuting_the_rows_permutes_the_split(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    dice = random.Random(seed)
    rows = _chained(dice)
    sides = []
    for _ in range(3):
        dice.shuffle(rows)
        found = Sides(tmp_path_factory.mktemp("split"), lines(*rows, pad=0), share=0.4)
        sides.append([sorted(side) for side in found.rows()])
        assert found.split.groups
    assert sides[0] == sides[1] == sides[2]


def test_of_very_many_fields_none_tells_records_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Taking those that come first would make the split depend on the order of rows."""
    rows = [
        record(f"Claim {n}?", json.dumps({f"field {n}": "x", "queue": ["dental", "vision"][n % 2]}))
        for n in range(200)
    ]
    assert Sides(tmp_path, lines(*rows, pad=0)).split.field == "queue"
    monkeypatch.setattr("bot.derivations.splitting.strata._MOST_FIELDS", 50)
    assert Sides(tmp_path, lines(*rows, pad=0)).split.field is None


def test_each_label_gives_its_share(tmp_path: Path) -> None:
    rows = [record(f"Claim {n} of member {n * 7}?", ["high", "low", "none"][n % 10 // 4]) for n in range(400)]
    sides = Sides(tmp_path, lines(*rows, pad=0), share=0.1)
    assert sides.answers()[1] == {"high": 16, "low": 16, "none": 8}
    assert sides.split.field == ""
    assert {each.label: (each.training, each.validation) for each in sides.split.labels} == {
        "high": (144, 16), "low": (144, 16), "none": (72, 8),
    }  # fmt: skip
    assert any("Each label in the answers" in each for each in sides.split.lines())


def test_labels_in_json_answers_are_found_in_their_field(tmp_path: Path) -> None:
    rows = [
        record(
            f"Claim {n}, amount {n * n}?", json.dumps({"route": ["a", "b"][n % 5 == 0], "note": f"n {n} {n}"})
        )
        for n in range(200)
    ]
    sides = Sides(tmp_path, lines(*rows, pad=0), share=0.2)
    assert sides.split.field == "route"
    assert {each.label: each.validation for each in sides.split.labels} == {"a": 32, "b": 8}


def test_a_label_that_stands_once_stays_in_training(tmp_path: Path) -> None:
    rows = [record(f"Claim {n} of member {n * 7}?", "rare" if n == 50 else "usual") for n in range(100)]
    for seed in range(5):
        sides = Sides(tmp_path, lines(*rows, pad=0), share=0.5, seed=seed)
        assert sides.answers()[0]["rare"] == 1


ANSWER = "Thank you for asking; the claim was paid on the first of the month to your account."
WORDS = [f"{a}{b}" for a in ("ba", "ne", "lo", "ri", "tu") for b in ("kam", "sel", "von", "dir")]


def prose(seed: int) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=60))


@pytest.mark.slow
@pytest.mark.parametrize(
    "pair",
    [
        (record("Same?", "one"), record("Same?", "two")),
        (record("Same?", "one", "Be brief."), record("Same?", "two", "Be kind.")),
        (record("First?", ANSWER), record("Second?", f" {ANSWER.upper()}  ")),
        (record(prose(1), "one"), record(f"{prose(1)} please", "two")),
        (record("Same?", "one"), record(" SAME? ", "two")),
        (record("Wo ist die Straße?", "one"), record("wo ist\tdie  STRASSE?", "two")),
    ],
    ids=[
        "question", "question, other system prompt", "answer", "nearly the same question",
        "question, spelt otherwise", "question, spelt otherwise in another language",
    ],
)  # fmt: skip
def test_what_belongs_together_stays_together(tmp_path: Path, pair: tuple[Any, Any]) -> None:
    one, other = (json.dumps(each).encode() for each in pair)
    for seed in range(5):
        sides = Sides(tmp_path, lines(*pair, pad=70), share=0.4, seed=seed)
        assert (one in sides.rows()[0]) == (other in sides.rows()[0])
        assert (sides.split.groups, sides.split.grouped_records) == (1, 2)


def test_a_short_answer_that_repeats_groups_nothing(tmp_path: Path) -> None:
    rows = [record(f"Claim {n} of member {n * 7}?", "Yes.") for n in range(70)]
    assert Sides(tmp_path, lines(*rows, pad=0)).split.groups == 0


@pytest.mark.parametrize("near", [True, False])
def test_short_questions_that_differ_in_case_and_spaces_alone_are_on_one_side(
    tmp_path: Path, near: bool
) -> None:
    """Too short to be told as near copies, they would stand on both sides, and answer themselves."""
    pairs = [
        each
        for n in range(60)
        for each in (record(f"Case {n}?", f"to {n % 3}"), record(f"case  {n}? ", "no"))
    ]
    sides = Sides(tmp_path, lines(*pairs, pad=0), share=0.3, near=near)
    asked = [
        {" ".join(json.loads(each)["messages"][0]["content"].casefold().split()) for each in side}
        for side in sides.rows()
    ]
    assert asked[0] & asked[1] == set()
    assert sides.split.groups == 60


def test_only_equal_records_count_when_asked_so(tmp_path: Path) -> None:
    pair = (record(prose(1), "one"), record(f"{prose(1)} please", "two"))
    assert Sides(tmp_path, lines(*pair, pad=70), near=False).split.groups == 0


def test_a_group_that_is_too_large_is_told(tmp_path: Path) -> None:
    rows = [record("Same?", f"answer {n}") for n in range(70)]
    sides = Sides(tmp_path, lines(*rows, pad=40), share=0.5)
    assert sides.split.validation == 40
    assert sides.split.notes == (
        "That is 15 fewer than asked for, since groups are not broken.",
        "A group of 70 records stays in training (lines 1, 2, 3 …).",
    )


@pytest.mark.parametrize(
    ("pad", "share", "sizes", "words"),
    [(100, 0.1, (68, 32), "no fewer than 32 records for validation"), (64, 0.5, (32, 32), "")],
)
def test_both_sides_have_what_the_base_needs(
    tmp_path: Path, pad: int, share: float, sizes: tuple[int, int], words: str
) -> None:
    made = Sides(tmp_path, lines(pad=pad), share=share).split
    assert (made.training, made.validation) == sizes
    assert words in " ".join(made.notes)


def test_one_group_alone_cannot_be_split(tmp_path: Path) -> None:
    rows = [record("Same?", f"answer {n}") for n in range(90)]
    with pytest.raises(Refused, match=r"Only 0 records .* 90 of 90 share .* lines 1, 2, 3"):
        Sides(tmp_path, lines(*rows, pad=0))
    assert not (tmp_path / "t").exists()


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"share": 0.0}, "not a share"),
        ({"share": 0.9}, "From|Anything from 1% to 50%"),
        ({"share": 0.5, "pad": 40}, "at least 32 for training and 32 for validation"),
    ],
    ids=str,
)
def test_what_cannot_be_split(tmp_path: Path, asked: dict[str, Any], words: str) -> None:
    with pytest.raises(Refused) as refused:
        Sides(tmp_path, lines(pad=asked.pop("pad", 100)), **asked)
    assert any(each in refused.value.sentence for each in words.split("|"))


def test_a_file_with_errors_is_not_split(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="Line 1 cannot be read"):
        Sides(tmp_path, lines("no JSON", pad=50))


def test_the_original_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(lines(pad=50))
    with pytest.raises(Refused, match="three different files"):
        split(path, tmp_path / "t", path, CLAUDE)


def test_a_base_has_its_own_most_for_validation(tmp_path: Path) -> None:
    nova = registry.get("nova-lite")
    rows = [good(n, nova) for n in range(600)]
    most = nova.limits.max_validation_records
    sides = Sides(tmp_path, lines(*rows, pad=0), nova, share=0.5)
    assert sides.split.validation == min(300, most or 300)


texts = st.sampled_from([prose(1), f"{prose(1)} please", prose(2), "a?", "b?", "c?", ANSWER, "yes", "no"])
drawn = st.lists(st.builds(record, texts, texts), max_size=40)


@pytest.mark.slow
@settings(max_examples=examples(40), deadline=None, database=None)
@given(rows=drawn, seed=st.integers(0, 9), share=st.sampled_from([0.05, 0.2, 0.5]))
def test_nothing_leaks(tmp_path_factory: pytest.TempPathFactory, rows: Rows, seed: int, share: float) -> None:
    folder = tmp_path_factory.mktemp("split")
    try:
        sides = Sides(folder, lines(*rows, pad=70), share=share, seed=seed)
    except Refused as refused:
        why = refused.sentence
    else:
        assert leakage(sides.training, sides.validation, CLAUDE) == ()
        assert sides.split.training + sides.split.validation == len(rows) + 70
        return
    assert "records that belong together stay together" in why
    assert [each.name for each in folder.iterdir()] == ["a"]


# Drawing


def test_quotas_are_parts_of_what_is_wanted() -> None:
    groups = [Group(1, n, "ab"[n % 4 == 0], (n,)) for n in range(40)]
    assert quotas(groups, 8) == {"a": 6, "b": 2}
    assert sum(quotas(groups, 7).values()) == 7


def test_a_label_in_one_group_gives_nothing() -> None:
    groups = [Group(5, 1, "lone", (1,)), *(Group(1, n, "other", (n,)) for n in range(20))]
    assert "lone" not in quotas(groups, 5)


def test_groups_are_drawn_by_rank_while_they_fit() -> None:
    groups = {
        0: Group(3, 2, None, ()),
        1: Group(2, 1, None, ()),
        2: Group(1, 3, None, ()),
        3: Group(9, 0, None, ()),
    }
    assert draw(groups, {None: 3}) == {1, 2}


def _grown(number: int, turns: int) -> dict[str, Any]:
    """Return a conversation of so many questions, each shorter one of its number being its beginning."""
    digits = [hashlib.sha256(f"{number} {step}".encode()).hexdigest() for step in range(turns)]
    said = [(f"Which file has {each[:40]}?", f"The one of {each[40:]}.") for each in digits]
    return {
        "messages": [
            {"role": role, "content": text}
            for pair in said
            for role, text in zip(("user", "assistant"), pair, strict=True)
        ]
    }


@pytest.mark.parametrize("near", [True, False])
def test_a_conversation_stays_with_those_that_it_goes_on_from(tmp_path: Path, *, near: bool) -> None:
    """As a log holds them that is exported turn by turn: all answers of the longer one are learned."""
    grown = [_grown(number, turns) for number in range(60) for turns in (3, 1, 2)]
    sides = Sides(tmp_path, lines(*grown, pad=0), share=0.2, near=near)
    first = [{json.loads(row)["messages"][0]["content"] for row in side} for side in sides.rows()]
    assert first[0].isdisjoint(first[1])
    assert (sides.split.groups, sides.split.grouped_records) == (60, 180)
    assert leakage(sides.training, sides.validation, CLAUDE) == ()


def test_a_greeting_that_many_begin_with_keeps_nothing_together(tmp_path: Path) -> None:
    hello = record("Hi", "Hello! How can I help?")["messages"]
    talks = [{"messages": [*hello, *good(number)["messages"]]} for number in range(100)]
    sides = Sides(tmp_path, lines({"messages": hello}, *talks, pad=0), share=0.32, near=False)
    assert (sides.split.groups, sides.split.validation) == (0, 32)


def test_an_opening_of_what_is_trained_leaks(tmp_path: Path) -> None:
    training, validation = tmp_path / "t", tmp_path / "v"
    training.write_bytes(lines(_grown(1, 3), _grown(2, 1), pad=40))
    other = _grown(1, 2) | {"system": "Be brief."}
    validation.write_bytes(lines(good(90), _grown(1, 2), _grown(2, 2), other, pad=0))
    [leak] = leakage(training, validation, CLAUDE)
    assert (leak.code, leak.lines) == ("leaked-record", (2,))


def test_a_question_that_is_spelt_otherwise_leaks(tmp_path: Path) -> None:
    training, validation = tmp_path / "t", tmp_path / "v"
    training.write_bytes(lines(record("Where is it?", "Here."), record("When?", "Now."), pad=40))
    validation.write_bytes(
        lines(good(90), record(" where is  IT?", "Here."), record("WHEN?", "Later."), pad=0)
    )
    assert {each.code: each.lines for each in leakage(training, validation, CLAUDE)} == {
        "leaked-record": (2,),
        "leaked-prompt": (3,),
    }
