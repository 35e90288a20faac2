"""Dense text: what the estimate adds for it, and that prose and common records pay nothing."""

import base64
import random
import re
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.datasets.model import Verdict
from bot.datasets.repairs.good_rows import fast_path
from bot.datasets.token_density import LONGEST_WORD, dense_characters, extra_tokens
from bot.datasets.token_density_rows import dense_of_rows
from bot.datasets.tokens import estimate, of_texts
from tests.examples import examples
from tests.unit.datasets.samples import CLAUDE, judge, lines

NOISE = random.Random(11).randbytes(6000)
PROSE = "The insurer denied the claim since the letter of the doctor came too late. "
WORDS = "the claim was late, and so (it seems) the plan did not pay;\nwe write again"


def upper(text: str) -> int:
    return estimate(text) + extra_tokens([text])


@pytest.mark.parametrize(
    ("text", "least"),
    [
        (base64.b64encode(NOISE).decode(), 0.85),
        (base64.encodebytes(NOISE).decode(), 0.85),
        (base64.b85encode(NOISE).decode(), 0.85),
        (NOISE.hex(), 0.9),
        (base64.b32encode(NOISE).decode(), 1),
        ("1234567890" * 50, 1),
        ("4f " * 500, 0.5),
        ("12 345.67\n" * 90, 0.75),
        ("a" * 3000, 1),
    ],
    ids=[
        "base64",
        "base64 in lines",
        "base85",
        "hex",
        "base32",
        "digits",
        "hex in pairs",
        "table",
        "one letter",
    ],
)
def test_dense_text_takes_nearly_a_token_a_character(text: str, least: float) -> None:
    assert least * len(text) <= upper(text) <= len(text) + 2


@pytest.mark.parametrize("text", ["", PROSE * 40, "é" * 500, "あ" * 500, "x" * LONGEST_WORD, "ж" * 90])
def test_prose_adds_nothing(text: str) -> None:
    assert extra_tokens([text]) == 0


def test_words_in_a_long_run_are_still_words() -> None:
    text = '{"queue":"dental","priority":"urgent","needs":["letter","image"]}' * 40
    assert extra_tokens([text]) < 0.05 * estimate(text)


def test_texts_are_counted_apart() -> None:
    assert extra_tokens(["x" * 20, "y" * 20]) == 0
    assert extra_tokens(["x" * 40, "y" * 40]) == 54


@settings(max_examples=examples(60), deadline=None)
@given(
    prose=st.text(st.sampled_from(WORDS), max_size=200).map(lambda text: re.sub(r"\S{20}", r"\g<0> ", text)),
    dense=st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=120),
    place=st.integers(0, 200),
)
def test_the_estimate_never_falls_when_dense_text_replaces_prose(prose: str, dense: str, place: int) -> None:
    dense = dense[: max(0, len(prose) - place)]
    replaced = prose[:place] + dense + prose[place + len(dense) :]
    assert len(replaced) == len(prose)
    assert upper(prose) <= upper(replaced) <= len(replaced) + 2


PIECES = (
    "a", "bcde", "Ab", "Hello", "A", "abcdefghijklmnopqrstu", "x" * 12, "://", "https", "1", "23", "{", '"', ",", "=", "~",  # noqa: E501
    "!", " ", "\n", "\x01", "\x7f", "é", "中",
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=examples(200), deadline=None)
@given(rows=st.lists(st.lists(st.sampled_from(PIECES), max_size=30).map("".join), max_size=6))
def test_many_rows_are_counted_as_each_of_them_is(rows: list[str]) -> None:
    data = [each.encode() for each in rows]
    assert dense_of_rows(data) == [dense_characters(each) for each in data]


def higher(text: str) -> int:
    return of_texts([text]).high


NUMBERS = "\n".join(f"2024-{n % 12 + 1:02}-01,{n}:00,ORD-{100_000 + n},{n}.{n % 90 + 10}" for n in range(200))
ADDRESSES = " ".join(f"https://x{n}.example/a/{n * 7919:x}?k={n}&q=ab-{n % 7}" for n in range(90))
IDS = " ".join(str(UUID(bytes=NOISE[start : start + 16])) for start in range(0, 1600, 16))


@pytest.mark.parametrize(
    ("text", "characters_a_token"),
    [(NUMBERS, 1.45), (ADDRESSES, 1.5), (IDS, 1.3), (NOISE.hex(), 1.45), ("ع" * 900, 1), ("7" * 900, 1)],
    ids=["numbers", "addresses", "IDs", "hex", "Arabic", "digits"],
)
def test_the_higher_figure_is_not_below_what_older_tokenizers_make(
    text: str, characters_a_token: float
) -> None:
    """An older Claude tokenizer makes up to 2.1 times a third of a token of each of these characters."""
    assert higher(text) >= len(text) / 3 * 2.1
    assert higher(text) >= len(text) / characters_a_token
    assert higher(text) <= len(text.encode()) + 2


def test_prices_and_limits_go_by_the_same_figure() -> None:
    rows = [
        {"messages": [{"role": "user", "content": text}, {"role": "assistant", "content": "ok"}]}
        for text in (NUMBERS, ADDRESSES, IDS, PROSE * 9)
    ]
    statistics = judge(lines(*rows, pad=0)).statistics
    counted = [of_texts([each["content"] for each in row["messages"]]).high for row in rows]
    assert statistics.tokens.total == sum(counted)
    openai = [
        {"messages": [{"role": "system", "content": "Be brief 1234."}, *row["messages"]]} for row in rows
    ]
    assert judge(lines(*openai, pad=0)).statistics.tokens.total == sum(
        of_texts(["Be brief 1234.", *(each["content"] for each in row["messages"])]).high for row in rows
    )
    longest = {"messages": [{"role": "user", "content": NUMBERS * 6}, {"role": "assistant", "content": "ok"}]}
    assert higher(NUMBERS * 6) > CLAUDE.limits.max_tokens_per_record > len(NUMBERS * 6) / 3
    assert "too-many-tokens" in {cause.code for cause in judge(lines(longest)).causes}


def test_both_paths_agree_on_a_record_at_the_limit() -> None:
    limit = CLAUDE.limits.max_tokens_per_record
    letters = base64.b32encode(random.Random(3).randbytes(2 * limit)).decode().strip("=")
    rows = [
        {"messages": [{"role": "user", "content": letters[:size]}, {"role": "assistant", "content": "ok"}]}
        for size in (limit - 2, limit + 1)
    ]
    assert [fast_path(CLAUDE).read(lines(row, pad=0)) is None for row in rows] == [False, True]
    assert judge(lines(rows[0])).verdict is Verdict.READY
    report = judge(lines(rows[1], rows[0]))
    assert [cause.lines for cause in report.causes if cause.code == "too-many-tokens"] == [(1,)]


def test_the_hint_for_dense_text_is_another_than_for_long_prose() -> None:
    def row(text: str) -> dict[str, object]:
        return {"messages": [{"role": "user", "content": text}, {"role": "assistant", "content": "ok"}]}

    rows = [row(PROSE * 1400), row(base64.encodebytes(NOISE * 6).decode()), row(PROSE * 400 + NOISE.hex())]
    causes = [each for each in judge(lines(*rows)).causes if each.code == "too-many-tokens"]
    assert {each.lines: "base64" in each.hint for each in causes} == {(1,): False, (2,): True}
