"""The line for what answers: as many questions a minute as the account's quota allows, in the order of asking."""

from dataclasses import replace

import pytest

from bot.questions.endpoint_line import InEndpointLine, take_turn
from tests.doubles.asking import ROUTER
from tests.doubles.clock import FakeClock
from tests.doubles.pacing import InMemoryRateLimiter
from tests.unit.questions.test_burst import Crowd

FEW = replace(ROUTER, by_token=True, a_minute=2)


def waits(limiter: InMemoryRateLimiter, question: str) -> InEndpointLine:
    with pytest.raises(InEndpointLine) as line:
        take_turn(limiter, question, FEW)
    return line.value


def test_as_many_as_the_quota_are_asked_and_the_others_know_their_place() -> None:
    clock = FakeClock()
    limiter = InMemoryRateLimiter(clock)
    for each in ("a", "b"):
        take_turn(limiter, each, FEW)
    assert [waits(limiter, each).place for each in ("c", "d")] == [1, 2]
    assert waits(limiter, "c").status == "is waiting: 1st in line for this model, about 60 s…"
    take_turn(limiter, "e", replace(FEW, region="us-east-1"))
    clock.advance(60)
    for each in ("c", "d"):
        take_turn(limiter, each, FEW)
    assert waits(limiter, "f").place == 1


def test_where_nobody_says_how_many_there_is_no_line() -> None:
    limiter = InMemoryRateLimiter(FakeClock())
    for number in range(100):
        take_turn(limiter, str(number), replace(FEW, a_minute=None))
    take_turn(None, "a", FEW)


def test_questions_wait_for_their_turn_and_all_are_answered() -> None:
    crowd, asked_at = Crowd(), list[float]()
    crowd.answerers.answerer_ = FEW
    for number in range(4):
        crowd.slack.direct(f"U{number}")
        crowd.ask_aloud(number)
    crowd.inference.between = lambda piece: asked_at.extend([crowd.clock.monotonic()] * (piece == 0))
    crowd.run(seconds=200)
    assert len(asked_at) == 4
    assert [at - asked_at[0] >= 60 for at in asked_at] == [False, False, True, True]
    assert any("in line for this model" in status for _, _, status in crowd.thinking.shown)
