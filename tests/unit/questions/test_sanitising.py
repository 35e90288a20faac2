import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.questions.sanitising import JOINER, TOKENS, Sanitiser, plain, sanitised

HIDDEN = ("\u202e", "\u2066", "\u061c", "\u200b", "\ufeff", "\x1b")
ALPHABET = (
    "<",
    "!",
    "@",
    "#",
    "\\",
    ":",
    "/",
    "h",
    "e",
    "r",
    "E",
    "here",
    "[",
    "]",
    "(",
    ".",
    "com",
    "www",
    "&",
    "lt",
    ";",
    "mailto",
    "xn--a",
    "-",
    "channel",
    "_",
    "@a",
    "everyone",
    "U123",
    ">",
    " ",
)
HOSTILE = st.lists(st.sampled_from([*ALPHABET, *TOKENS, "é", "\u0130", JOINER, *HIDDEN]), max_size=30).map(
    "".join
)


def piecewise(pieces: list[str]) -> str:
    sanitiser = Sanitiser()
    return "".join([*(sanitiser.feed(piece) for piece in pieces), sanitiser.end()])


@pytest.mark.parametrize(
    "text",
    [
        "<!here>",
        "<!channel>",
        "<!everyone>",
        "<!subteam^S123|@team>",
        "<@U123ABC>",
        "<#C123|general>",
        "@here",
        "@Channel",
        "@EVERYONE",
        "https://example.com/x?y",
        "<https://evil.example|your bank>",
        "[your bank](https://evil.example)",
        "https:\\//example.com",
        "[x](mailto:a@b.example)",
        "[x](//host/path)",
        "![x](data:image/png;base64,AA)",
        "[x][1]",
        "[1]: //host",
        "<mailto:a@b.example|x>",
        "<tel:+1555|x>",
        "https&#58;//evil.example",
        "&lt;!here&gt;",
        "&colon;",
        "www.evil.example",
        "evil.example/path",
        "a@evil.example",
        "w\u3002com",
    ],
)
def test_what_slack_would_act_on_is_broken(text: str) -> None:
    safe = sanitised(f"see {text} now")
    assert text not in safe
    assert JOINER in safe
    assert plain(safe) == f"see {text} now"


@pytest.mark.parametrize(
    "text",
    [
        "a < b",
        "5 > 3 & 2 < 4",
        "if (a<b): c",
        "10:30",
        "a/b//c",
        "C# and F#",
        "AT&T, R&D",
        "3.14, e.g. this",
        "<div>",
        "a[1].content",
        "f(x)[0]",
    ],
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert sanitised(text) == text


@given(HOSTILE)
def test_nothing_dangerous_remains(text: str) -> None:
    safe = sanitised(text).lower()
    for token in TOKENS:
        assert token not in safe


def test_what_turns_a_text_round_or_hides_it_is_left_out_and_line_breaks_stay() -> None:
    text = "".join(f"{number}{each}" for number, each in enumerate(HIDDEN))
    assert sanitised(f"a{text}b\r\nc\td") == "a012345b\r\nc\td"
    assert sanitised("<\u202e!here>") == f"<{JOINER}!here>", "what it hid comes to light"


@given(HOSTILE)
def test_twice_is_once(text: str) -> None:
    assert sanitised(sanitised(text)) == sanitised(text)


@given(HOSTILE, st.lists(st.integers(0, 60), max_size=8))
def test_any_split_gives_what_the_whole_gives(text: str, places: list[int]) -> None:
    cuts = [0, *sorted(min(place, len(text)) for place in places), len(text)]
    pieces = [text[start:end] for start, end in pairwise(cuts)]
    assert piecewise(pieces) == sanitised(text)


@given(HOSTILE)
def test_what_is_shown_so_far_is_harmless_too(text: str) -> None:
    sanitiser = Sanitiser()
    shown = ""
    for character in text:
        shown += sanitiser.feed(character)
        assert not re.search("|".join(map(re.escape, TOKENS)), shown.lower())


def test_little_is_kept_back() -> None:
    sanitiser = Sanitiser()
    assert sanitiser.feed("Hello there") == "Hello there"
    assert sanitiser.feed(" <") == " "
    assert sanitiser.feed(" 3") == "< 3"
