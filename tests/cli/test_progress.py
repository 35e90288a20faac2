"""The line that shows how far a long file is read."""

import io
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import bot.cli.validate as validating
from bot.cli import app
from bot.cli.progress import Progress

SAMPLES = Path(__file__).resolve().parents[2] / "bot" / "playground" / "samples"


class Watch:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class Terminal(io.StringIO):
    """Standard error as a terminal."""

    def isatty(self) -> bool:
        return True


def test_it_says_how_much_is_read_and_how_long_it_takes_and_goes_away() -> None:
    out, watch = io.StringIO(), Watch()
    line = Progress(out, 4_000_000, watch)
    source = line.watched(io.BytesIO(b"x" * 4_000_000))

    source.read(1_000_000)
    assert out.getvalue() == "", "a moment is not worth a line"
    watch.seconds = 30
    source.read(1_000_000)
    assert out.getvalue() == "\r\x1b[Kread 2.0 MB of 4.0 MB (50%), some 30 s left"
    source.read(1_000_000)
    assert out.getvalue().count("read") == 1, "it is drawn at most so often"
    line.say("error blank-line (line 3): A line is blank.")
    line.end()
    shown = out.getvalue()
    assert "\r\x1b[Kerror blank-line (line 3): A line is blank.\n\r\x1b[Kread 3.0 MB" in shown
    assert shown.endswith("\r\x1b[K")


def test_an_empty_file_and_long_times_have_words_too() -> None:
    out, watch = io.StringIO(), Watch()
    Progress(out, 0, watch).say("nothing")
    assert "read 0 bytes of 0 bytes (100%)" in out.getvalue()
    line = Progress(out, 100, watch)
    watch.seconds = 300
    line.watched(io.BytesIO(b"x" * 50)).read()
    assert "some 5 min left" in out.getvalue()


@pytest.mark.parametrize(
    ("size", "asked", "is_terminal", "drawn", "named"),
    [
        (0, (), True, True, True),
        (0, (), False, False, False),
        (1 << 40, (), True, False, False),
        (1 << 40, ("--progress",), True, True, True),
        (1 << 40, ("--progress",), False, False, True),
        (0, ("--no-progress",), True, False, False),
    ],
)
def test_it_is_shown_of_a_long_file_on_a_terminal_alone(
    monkeypatch: pytest.MonkeyPatch,
    size: int,
    asked: tuple[str, ...],
    is_terminal: bool,
    drawn: bool,
    named: bool,
) -> None:
    """The output is the same, whatever is told on standard error meanwhile."""
    monkeypatch.setattr(validating, "LONG", size)
    told = Terminal() if is_terminal else io.StringIO()
    file = str(SAMPLES / "claims-needs-repair.jsonl")
    quiet = CliRunner().invoke(app, ("validate", file)).stdout

    class Told:
        """What the command sees of the process."""

        stderr = told

        def __getattr__(self, name: str) -> object:
            return getattr(sys, name)

    monkeypatch.setattr(validating, "sys", Told())
    result = CliRunner().invoke(app, ("validate", file, *asked))

    assert result.stdout == quiet
    assert ("\x1b[Kread " in told.getvalue()) == drawn
    assert ("error blank-line" in told.getvalue()) == named
    assert told.getvalue().endswith("\r\x1b[K") == drawn


def test_a_clean_file_is_said_in_fifteen_lines_and_in_full_when_asked() -> None:
    short = CliRunner().invoke(app, ("validate", str(SAMPLES / "claims.jsonl"))).stdout
    full = CliRunner().invoke(app, ("validate", str(SAMPLES / "claims.jsonl"), "--full")).stdout

    assert len(short.splitlines()) <= 15
    assert short.splitlines()[-1].startswith("--full shows")
    assert "sha256" not in short
    assert len(full.splitlines()) > 30
    assert "sha256" in full
    assert "--full" not in full
