from hypothesis import given, settings
from hypothesis import strategies as st

from bot.datasets.prefilter import Prefilter
from bot.datasets.rules.record import PLACEHOLDERS
from bot.profiles.registry import PROFILES
from tests.examples import examples

SETS = [
    PLACEHOLDERS,
    *{
        tuple(each.text for each in profile.reserved_text)
        for profile in PROFILES.values()
        if profile.reserved_text
    },
    ("ab", "ba", "aab", ":", "::x"),
    ("\0", "TODO"),
]
ALPHABET = sorted({character for strings in SETS for string in strings for character in string} | {"é", "あ"})


@settings(max_examples=examples(300), deadline=None)
@given(strings=st.sampled_from(SETS), text=st.text(st.sampled_from(ALPHABET), max_size=200))
def test_it_finds_what_plain_searching_finds(strings: tuple[str, ...], text: str) -> None:
    assert Prefilter(strings).any_in(text) == any(string in text for string in strings)


@settings(max_examples=examples(200), deadline=None)
@given(
    strings=st.sampled_from(SETS),
    before=st.sampled_from([":", "{", "[", "<", "a:", "D", "x"]),
    hops=st.integers(0, 90),
    which=st.integers(0, 20),
)
def test_it_finds_what_stands_behind_many_anchors(
    strings: tuple[str, ...], before: str, hops: int, which: int
) -> None:
    string = strings[which % len(strings)]
    assert Prefilter(strings).any_in(before * hops + string + " tail")
    text = before * hops + string[:-1]
    assert Prefilter(strings).any_in(text) == any(each in text for each in strings)
