"""The same button pressed again, by the same person or another, with other trigger IDs: it spends once."""

from pathlib import Path

import pytest

from bot.errors import Refused
from tests.unit.trials.test_trial import Room


def test_a_trial_is_under_way_once_however_often_it_is_asked_for(tmp_path: Path) -> None:
    """Three presses asked sixty rows: each had a trigger ID of its own, and was held to the limit alone."""
    room = Room(tmp_path)
    assert room.begin("press1")
    for press in ("press2", "press3"):
        with pytest.raises(Refused, match="being tried already"):
            room.begin(press)
    room.turn()
    assert (len(room.inference.asked), len(room.ledger.kept), len(room.said("TrialEnded"))) == (20, 1, 1)
    assert room.begin("press4"), "what has ended may be tried again"


def test_others_try_the_same_for_themselves(tmp_path: Path) -> None:
    room = Room(tmp_path)
    assert room.begin("press1")
    assert room.begin("press2", user="UBOSS")
