from datetime import timedelta

import pytest

from bot.clock import Clock
from bot.playground.bedrock import SimulatedClock
from tests.playground.bedrock.conftest import START


class _Source:
    """Real seconds, moved by hand."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_time_runs_at_its_speed_stands_still_and_jumps() -> None:
    real = _Source()
    clock = SimulatedClock(START, speed=60, source=real)
    real.seconds += 2
    assert clock.now() == START + timedelta(seconds=120)
    clock.pause()
    real.seconds += 1000
    assert clock.now() == START + timedelta(seconds=120)
    clock.advance(30)
    clock.resume()
    clock.set_speed(1)
    real.seconds += 1
    assert clock.now() == START + timedelta(seconds=151)
    assert clock.monotonic() == 151


def test_time_never_runs_back() -> None:
    clock = SimulatedClock.manual(START)
    with pytest.raises(ValueError, match="backwards"):
        clock.advance(-1)
    with pytest.raises(ValueError, match="zero or more"):
        clock.set_speed(-1)
    clock.move_to(START - timedelta(days=1))
    assert clock.now() == START
    clock.move_to(START + timedelta(days=1))
    assert clock.now() == START + timedelta(days=1)


def test_it_is_a_clock_for_the_bot_too() -> None:
    clock: Clock = SimulatedClock.manual(START)
    assert clock.now() == START
