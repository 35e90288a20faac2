"""Dense text: what the estimate adds for it, and that prose and common records pay nothing."""

import base64
import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.datasets.dense import LONGEST_WORD, extra_tokens, may_exceed
from bot.datasets.fast import FastPath
from bot.datasets.model import Verdict
from bot.datasets.tokens import estimate
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


@settings(max_examples=examples(50), deadline=None)
@given(text=st.text(max_size=80), limit=st.integers(0, 120))
def test_what_cannot_exceed_the_limit_never_does(text: str, limit: int) -> None:
    assert may_exceed(limit, estimate(text), len(text)) or upper(text) <= limit + 1


def test_both_paths_agree_on_a_record_at_the_limit() -> None:
    limit = CLAUDE.limits.max_tokens_per_record
    letters = base64.b32encode(random.Random(3).randbytes(2 * limit)).decode().strip("=")
    rows = [
        {"messages": [{"role": "user", "content": letters[:size]}, {"role": "assistant", "content": "ok"}]}
        for size in (limit - 2, limit + 1)
    ]
    assert [FastPath(CLAUDE).read(lines(row, pad=0)) is None for row in rows] == [False, True]
    assert judge(lines(rows[0])).verdict is Verdict.READY
    report = judge(lines(rows[1], rows[0]))
    assert [cause.lines for cause in report.causes if cause.code == "too-many-tokens"] == [(1,)]


def test_the_hint_for_dense_text_is_another_than_for_long_prose() -> None:
    def row(text: str) -> dict[str, object]:
        return {"messages": [{"role": "user", "content": text}, {"role": "assistant", "content": "ok"}]}

    rows = [row(PROSE * 1400), row(base64.encodebytes(NOISE * 6).decode()), row(PROSE * 400 + NOISE.hex())]
    causes = [each for each in judge(lines(*rows)).causes if each.code == "too-many-tokens"]
    assert {each.lines: "base64" in each.hint for each in causes} == {(1,): False, (2,): True}
