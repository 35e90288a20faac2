from hypothesis import given, settings
from hypothesis import strategies as st

from bot.datasets.prefilter import Needles
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
]
ALPHABET = sorted({character for needles in SETS for needle in needles for character in needle} | {"é", "あ"})


@settings(max_examples=examples(300), deadline=None)
@given(needles=st.sampled_from(SETS), text=st.text(st.sampled_from(ALPHABET), max_size=200))
def test_it_finds_what_plain_searching_finds(needles: tuple[str, ...], text: str) -> None:
    assert Needles(needles).any_in(text) == any(needle in text for needle in needles)


@settings(max_examples=examples(200), deadline=None)
@given(
    needles=st.sampled_from(SETS),
    before=st.sampled_from([":", "{", "[", "<", "a:", "D", "x"]),
    hops=st.integers(0, 90),
    which=st.integers(0, 20),
)
def test_it_finds_what_stands_behind_many_anchors(
    needles: tuple[str, ...], before: str, hops: int, which: int
) -> None:
    needle = needles[which % len(needles)]
    assert Needles(needles).any_in(before * hops + needle + " tail")
    text = before * hops + needle[:-1]
    assert Needles(needles).any_in(text) == any(each in text for each in needles)
