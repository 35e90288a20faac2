"""Odd files, seeded, held against everything that holds for any file. For longer runs: ``./tunesmith bench fuzz``."""

import random
from pathlib import Path

import pytest

from bot.datasets.model import Role
from tests.examples import examples
from tests.unit.datasets.invariants import PROFILES, all_hold, small
from tests.unit.datasets.mutation import Mutator

SIZES = (1, 3, 7, 64, 1000)


def run(seed: int, files: int, folder: Path) -> None:
    mutator, dice = Mutator(seed), random.Random(seed)
    profiles = (
        *PROFILES,
        small("claude-3-haiku", tokens=60),
        small("nova-lite", tokens=60),
        small("claude-3-haiku", records=4),
    )
    for _ in range(files):
        data, profile = mutator.file(), dice.choice(profiles)
        all_hold(data, profile, dice.choice(tuple(Role)), folder, dice.choice(SIZES))


@pytest.mark.slow
def test_odd_files_are_judged_right(tmp_path: Path) -> None:
    run(seed=1, files=30, folder=tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 6))
def test_many_odd_files_are_judged_right(seed: int, tmp_path: Path) -> None:
    run(seed, files=examples(150), folder=tmp_path)


def test_the_same_seed_gives_the_same_files() -> None:
    one, other = Mutator(7), Mutator(7)
    assert [one.file() for _ in range(5)] == [other.file() for _ in range(5)]
