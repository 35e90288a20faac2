"""The file ``.env``: what cannot be read in it keeps the bot from starting, and shows no value."""

from pathlib import Path

import pytest

from bot.cli import env_file
from bot.errors import Misconfigured


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / ".env"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("TUNESMITH_BUDGETS all=500\n", "line 1: it is no `NAME=VALUE`"),
        ("TUNESMITH_BUDGETS: all=500\n", "line 1: it is no `NAME=VALUE`"),
        ("A=1\n\n# words\nTUNESMITH_BUDGETS\n", "line 4: `TUNESMITH_BUDGETS` has no value"),
        ('A="never closed\nTUNESMITH_BUDGETS=all=500\n', "line 1: it is no `NAME=VALUE`"),
        ("A=1\nA=hidden\n", "line 2: `A` stands there twice, with different values"),
        ("REDIS_URL=redis://:${PASSWORD}@h/0\n", "`REDIS_URL` is to hold `${PASSWORD}`, which is not set"),
    ],
)
def test_a_line_that_cannot_be_read_is_told_by_its_number(file: Path, text: str, words: str) -> None:
    file.write_text(text, encoding="utf-8")
    environment: dict[str, str] = {}
    with pytest.raises(Misconfigured) as caught:
        env_file.load(file, environment)
    assert words in caught.value.message
    assert "500" not in caught.value.message
    assert "hidden" not in caught.value.message
    assert environment == {}


def test_every_line_that_cannot_be_read_is_told_at_once(file: Path) -> None:
    file.write_text("one two\nA=1\nthree\n", encoding="utf-8")
    with pytest.raises(Misconfigured, match=r"(?s)2 lines .*line 1.*line 3"):
        env_file.load(file, {})


def test_a_file_in_another_encoding_is_told(file: Path) -> None:
    file.write_bytes("TUNESMITH_TRAINERS=Müller\n".encode("utf-16"))
    with pytest.raises(Misconfigured, match="is not UTF-8"):
        env_file.load(file, {})


def test_what_can_be_read_is_taken_and_the_environment_wins(file: Path) -> None:
    file.write_bytes(
        b"\xef\xbb\xbfA=1\r\n# a comment\r\nexport B='two words' # why\r\nC=${A}${SET}${UNSET:-3}\r\nD=\r\nA=1\r\n"
        b"SET=file\r\n"
    )
    environment = {"SET": "here"}
    env_file.load(file, environment)
    assert environment == {"A": "1", "B": "two words", "C": "1here3", "D": "", "SET": "here"}


def test_no_file_is_no_mistake(file: Path) -> None:
    environment: dict[str, str] = {}
    env_file.load(file, environment)
    assert environment == {}
