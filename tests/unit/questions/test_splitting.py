import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.questions.splitting import fitting, size, split


@pytest.mark.slow
@given(st.text(max_size=200), st.integers(4, 50))
def test_parts_fit_and_lose_nothing(text: str, room: int) -> None:
    parts = split(text, room)
    assert "".join(parts) == text
    assert all(0 < size(part) <= room for part in parts)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("short", ["short"]),
        ("one two\n\nthree four", ["one two\n\n", "three four"]),
        ("one two\nthree four", ["one two\n", "three four"]),
        ("one two three four", ["one two ", "three four"]),
        ("abcdefghijklmnop", ["abcdefghijkl", "mnop"]),
    ],
)
def test_it_is_cut_where_a_reader_pauses(text: str, parts: list[str]) -> None:
    assert split(text, 12) == parts


def test_a_character_is_never_cut() -> None:
    assert fitting("ééé", 5) == 2
    assert fitting("ééé", 0) == 0
    assert fitting("abc", 3) == 3
