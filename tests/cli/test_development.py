"""What ``./tunesmith test --fast`` leaves out, and that it says so."""

import re

import pytest

from bot.cli import development
from bot.cli.checkout import ROOT


def test_what_the_fast_part_leaves_out_is_said_at_its_end() -> None:
    markers = re.findall(r"not (\w+)", development.FAST)

    assert len(markers) == 4
    assert [each for each in markers if f"({each})" not in development.LEFT_OUT] == []
    assert [each for each in development.SLOW_PLACES if each not in development.LEFT_OUT] == []


def test_a_place_that_is_left_out_is_there() -> None:
    assert [each for each in development.SLOW_PLACES if not (ROOT / each).is_dir()] == []


PLACES = ["tests/attacks", "tests/chaos", "tests/page", "tests/playground", "tests/scenarios"]


@pytest.mark.parametrize(
    ("arguments", "left_out"),
    [
        ([], PLACES),
        (["-x", "tests/unit"], PLACES),
        (["tests/playground/slack", "-x"], [each for each in PLACES if each != "tests/playground"]),
    ],
)
def test_a_place_that_is_named_is_looked_through(arguments: list[str], left_out: list[str]) -> None:
    chosen = development.only_fast(arguments)

    assert chosen[:2] == ["-m", development.FAST]
    assert chosen[2:] == [f"--ignore={each}" for each in left_out]
