from datetime import timedelta

import pytest

from bot.clock import duration


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3_600, "1 h"),
        (7_500, "2 h 5 min"),
        (200_000, "2 d 7 h"),
        (-5, "0 s"),
    ],
)
def test_durations(seconds: int, shown: str) -> None:
    assert duration(timedelta(seconds=seconds)) == shown
