import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.slack.blocks.translation import blocks_of
from bot.questions.splitting import CARRY, MESSAGE_BLOCKS, blocks, fitting, joined, open_fence, size, split


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


CODE = st.lists(
    st.sampled_from(
        (
            "```",
            "~~~",
            "````",
            "```py",
            "  ```json",
            "``` ",
            "`x`",
            "a = 1",
            "*",
            "\n",
            "\n\n",
            " ",
            "x" * 90,
            "é",
        )
    ),
    max_size=60,
).map("".join)


@given(CODE, st.integers(256, 400))
def test_code_that_is_cut_ends_with_its_part_and_nothing_is_lost(text: str, room: int) -> None:
    parts = split(text, room)
    assert joined(parts) == text
    assert all(0 < size(part) <= room for part in parts)
    left = [fence for part in parts[:-1] if (fence := open_fence(part))]
    assert all(size(fence) > CARRY - 2 for fence in left), "no first line of code is that long"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("```py\n" + "a = 1\n" * 60 + "```\nDone.", ["```py", "```"]),
        ("~~~\n" + "a = 1\n" * 60 + "~~~", ["~~~", "~~~"]),
        ("```json\n" + "1" * 400 + "\n```", ["```json", "```"]),
    ],
)
def test_code_goes_on_as_code(text: str, parts: list[str]) -> None:
    opens, ends = parts
    first, second = split(text, 300)
    assert first.startswith(f"{opens}\n")
    assert first.endswith(f"\n{ends}")
    assert second.split("\n")[0].rstrip() == opens


def test_what_ends_code_is_not_left_to_a_part_of_its_own() -> None:
    text = f"```\n{'x' * 229}\n```\n\nIt is that long.\n" + "y " * 100
    first, second = split(text, 300)
    assert first.endswith("x\n```")
    assert second.lstrip().startswith("It is that long.")


def test_a_line_of_nothing_but_blanks_where_code_is_cut_holds_nobody_up() -> None:
    """Tried: what looks like the end of code, with blanks behind it that are read again from each of them."""
    text = "```\n" + "a\n" * 4_400 + "```" + " " * 100_000 + "x"
    begun = time.process_time()
    parts = split(text)
    assert time.process_time() - begun < 2.0, "some milliseconds here, and half a minute where they are"
    assert joined(parts) == text


def test_a_character_is_never_cut() -> None:
    assert fitting("ééé", 5) == 2
    assert fitting("ééé", 0) == 0
    assert fitting("abc", 3) == 3


TABLE = "| a | b |\n|---|---|\n| 1 | 2 |\n\n"


@pytest.mark.parametrize("piece", ["# Heading\ntext\n\n", "text\n\n---\n", TABLE, f"### A\n{TABLE}", "***\n"])
def test_no_part_becomes_more_blocks_than_a_message_takes(piece: str) -> None:
    text = piece * 120
    parts = split(text)
    assert "".join(parts) == text
    assert all(blocks_of(part) <= MESSAGE_BLOCKS for part in parts)
    assert len(parts) < 20, "and not one for each"


@given(
    st.lists(
        st.sampled_from(["#", "-", "|", "*", " ", "a", "\n", "\n", "```", "~~~", "`"]), max_size=300
    ).map("".join)
)
def test_no_more_are_counted_by_slack_than_by_us(text: str) -> None:
    assert blocks_of(text) <= blocks(text)


def test_comments_in_code_are_no_headings() -> None:
    text = "```python\n" + "# why\nx = 1\n" * 100 + "```\n"
    assert split(text) == [text]
