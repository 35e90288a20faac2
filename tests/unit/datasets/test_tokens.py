import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.datasets.formats.conversion import write
from bot.datasets.formats.dialogue import Dialogue
from bot.datasets.tokens import estimate, estimate_range, least
from tests.examples import examples
from tests.unit.datasets.samples import CLAUDE, judge, lines


def test_latin_text_is_counted_as_aws_counts_it() -> None:
    assert estimate("a" * 96_000) == 32_000
    assert estimate("a" * 96_001) == 32_001
    assert estimate("") == 0


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("あ" * 1000, 1000),
        ("中" * 1000, 1000),
        ("한" * 1000, 1000),
        ("ж" * 1000, 500),
        ("ع" * 1000, 700),
        ("🙂" * 1000, 2000),
    ],
)
def test_other_scripts_are_not_counted_far_too_low(text: str, least: int) -> None:
    assert estimate(text) >= least


@settings(max_examples=examples(200), deadline=None)
@given(text=st.text(max_size=400))
def test_the_range_holds_and_never_exceeds_the_bytes(text: str) -> None:
    found = estimate_range(text)
    assert 0 <= found.low <= found.high == estimate(text)
    assert found.high <= len(text.encode("utf-8", errors="surrogatepass")) + 1


@settings(max_examples=examples(50), deadline=None)
@given(text=st.text(st.characters(min_codepoint=0xA0, codec="utf-8"), min_size=150, max_size=260))
def test_few_and_many_characters_are_counted_alike(text: str) -> None:
    whole = estimate_range(text * 2)
    half = estimate_range(text)
    assert abs(whole.high - 2 * half.high) <= 3
    assert abs(whole.low - 2 * half.low) <= 2


@pytest.mark.slow
@settings(max_examples=examples(100), deadline=None)
@given(texts=st.lists(st.text(max_size=200), min_size=1, max_size=4))
def test_the_least_of_a_record_is_told_from_its_figures_alone(texts: list[str]) -> None:
    most = sum(map(estimate, texts))
    found = least(sum(map(len, texts)), most, len(texts))
    assert 0 <= found <= most
    assert found <= sum(estimate_range(each).low for each in texts) + len(texts)


def test_a_file_tells_a_range_of_tokens() -> None:
    row = write(Dialogue(None, (("user", "a" * 3000), ("assistant", "\u3042" * 1000))), CLAUDE.record_format)
    figures = judge(lines(row, pad=0)).statistics
    assert figures.tokens_low is not None
    assert (figures.tokens_low.total, figures.tokens.total) == (1009, 4501)
