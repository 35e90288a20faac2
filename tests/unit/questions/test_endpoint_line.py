"""The line for what answers: as many questions a minute as the account's quota allows, in the order of asking."""

from dataclasses import replace

import pytest

from bot.questions.answerer import Ending, Turn, Usage
from bot.questions.endpoint_line import InEndpointLine, take_turn
from tests.doubles.asking import ROUTER
from tests.doubles.clock import FakeClock
from tests.doubles.pacing import InMemoryRateLimiter
from tests.unit.questions.test_burst import Crowd
from tests.unit.questions.test_question import PIECES

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


def test_tokens_are_taken_at_most_and_put_right_by_what_they_were() -> None:
    """Five hundred a minute, an answer of up to three hundred: the second waits, and not once the first was short."""
    limiter = InMemoryRateLimiter(FakeClock())
    short = replace(ROUTER, by_token=True, tokens_a_minute=500, max_tokens=300, system_prompt=None)
    asked = [Turn("user", "Stage IV, denied prior auth?")]
    first = take_turn(limiter, "a", short, asked)
    with pytest.raises(InEndpointLine, match="Others are asking this model"):
        take_turn(limiter, "b", short, asked)
    first.were(40)
    take_turn(limiter, "b", short, asked)
    with pytest.raises(InEndpointLine) as line:
        take_turn(limiter, "c", short, asked)
    assert (line.value.place, line.value.seconds, line.value.retry_after) == (1, 60, 5)
    limiter.down = True
    first.were(0)  # nobody is kept from an answer by that


def test_who_waits_for_a_turn_keeps_no_tokens() -> None:
    clock = FakeClock()
    limiter = InMemoryRateLimiter(clock)
    one = replace(FEW, a_minute=1, tokens_a_minute=1000, max_tokens=900)
    take_turn(limiter, "a", one).were(10)
    with pytest.raises(InEndpointLine):
        take_turn(limiter, "b", one)
    assert limiter.weigh("endpoint-tokens:" + f"{one.region}/{one.profile}", "c", 900, 1000).wait == 0


def test_answers_are_paced_by_tokens_and_short_ones_give_back_what_they_did_not_use() -> None:
    crowd = Crowd()
    crowd.answerers.answerer_ = replace(FEW, a_minute=None, tokens_a_minute=1000, max_tokens=600)
    crowd.inference.always = (*PIECES, Ending(usage=Usage(20, 30)))
    begun = crowd.clock.monotonic()
    for number in range(4):
        crowd.slack.direct(f"U{number}")
        crowd.ask_aloud(number)
    asked_at: list[float] = []
    crowd.inference.between = lambda piece: asked_at.extend([crowd.clock.monotonic()] * (piece == 0))
    crowd.run(seconds=300)
    assert len(asked_at) == 4
    assert max(asked_at) - begun < 60, "each waited for those before it to end, and not for the minute"


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
