"""Edits of answers count with all other edits."""

import uuid

import pytest

from bot.controller.model import Message
from bot.controller.rate_limits import (
    EDIT,
    FURTHER,
    GOES_ON,
    RATE_LIMITS,
    REPLIES,
    SESSION,
    STOP,
    PacedReads,
    RateLimit,
)
from bot.errors import Throttled
from bot.questions.rate_limits import PacedSessions, PacedStreams
from tests.doubles.asking import RecordedSessions
from tests.doubles.clock import FakeClock
from tests.doubles.messages import FakeSlackMessages, throttled
from tests.doubles.pacing import InMemoryRateLimiter
from tests.doubles.streams import FakeStreams

MARK = str(uuid.uuid4())


class Bench:
    """An answer in a thread, closed, that has to be mended."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.rate_limiter = InMemoryRateLimiter(self.clock, {EDIT: RateLimit(1, 60.0)})
        slack = FakeSlackMessages(self.clock)
        self.plain = FakeStreams(slack, self.clock)
        self.streams = PacedStreams(self.plain, self.rate_limiter)
        thread = slack.post("C1", Message("A question"), marker=str(uuid.uuid4()))
        self.ts = self.streams.start("C1", thread, user="U1", team="T1", text="An answ")
        self.streams.append("C1", self.ts, "er")
        self.streams.stop("C1", self.ts, marker=MARK)

    def mend(self) -> None:
        self.streams.replace("C1", self.ts, "An answer.", marker=MARK)


def test_an_answer_is_mended_when_it_is_its_turn() -> None:
    service = Bench()
    assert service.rate_limiter.ask(EDIT, "a live card") == 0
    with pytest.raises(Throttled) as error:
        service.mend()
    assert error.value.retry_after == pytest.approx(60)
    assert service.plain.calls["replace"] == 0

    service.clock.advance(60)
    service.mend()
    assert service.plain.calls["replace"] == 1
    assert service.rate_limiter.ask(EDIT, "a live card") == pytest.approx(60), (
        "and it has used up what there was"
    )


def test_who_needs_several_reads_has_them_with_one_turn() -> None:
    """If each stood in line, a step that reads twice would never come to its end while others read, too."""
    clock = FakeClock()
    limiter = InMemoryRateLimiter(clock, {REPLIES: RateLimit(2, 60.0, further=FURTHER)})
    reads = PacedReads(limiter)
    assert reads(REPLIES, "C1:1", lambda: "first") == "first"
    assert reads(REPLIES, "C1:2", lambda: "another's") == "another's"
    with pytest.raises(Throttled):
        reads(REPLIES, "C1:3", lambda: "not yet")
    assert [reads(REPLIES, "C1:1", lambda: "more") for _ in range(FURTHER)] == ["more"] * FURTHER
    with pytest.raises(Throttled):
        reads(REPLIES, "C1:1", lambda: "too many")
    clock.advance(GOES_ON + 1)
    with pytest.raises(Throttled):
        reads(REPLIES, "C1:2", lambda: "another time")

    limiter.hold(REPLIES, 60)
    clock.advance(600)
    assert reads(REPLIES, "C1:4", lambda: "again") == "again"
    limiter.hold(REPLIES, 30)
    with pytest.raises(Throttled) as slow:
        reads(REPLIES, "C1:4", lambda: "Slack wants quiet")
    assert slow.value.retry_after == 30


def test_as_many_sessions_are_begun_a_minute_as_are_ended_and_of_others_neither_is_told() -> None:
    clock, sessions = FakeClock(), RecordedSessions()
    limiter = InMemoryRateLimiter(clock)
    paced = PacedSessions(sessions, limiter)
    most = RATE_LIMITS[SESSION].calls
    for number in range(most + 5):
        paced.working("C1", f"{number}.0", title="?")
    assert len(sessions.told) == most <= 25, "tier 3: 50 a minute, begun and ended"
    for number in range(most + 5):
        paced.idle("C1", f"{number}.0")
    assert len(sessions.told) == 2 * most
    assert not sessions.at_work
    paced.idle("C1", "elsewhere")
    assert sessions.told[-1] == ("C1", "elsewhere", "idle"), "another process may have begun it"

    clock.advance(61)
    limiter.down = True
    paced.working("C1", "1.0", title="?")
    limiter.down = False
    paced.working("C1", "1.0", title="?")
    paced.idle("C1", "1.0")
    assert sessions.told[-2:] == [("C1", "1.0", "working"), ("C1", "1.0", "idle")]


def test_what_slack_says_to_an_answer_is_told_to_everybody() -> None:
    service = Bench()
    service.plain.order("replace", throttled(17))
    with pytest.raises(Throttled):
        service.mend()
    assert service.rate_limiter.ask(EDIT, "a live card") >= 17


def test_as_many_answers_are_closed_a_minute_as_slack_takes_and_the_next_is_closed_in_its_turn() -> None:
    service = Bench()
    rate_limiter = InMemoryRateLimiter(service.clock, {STOP: RateLimit(1, 60.0)})
    streams = PacedStreams(service.plain, rate_limiter)
    stopped = service.plain.calls["stop"]
    assert rate_limiter.ask(STOP, "another answer") == 0
    with pytest.raises(Throttled) as error:
        streams.stop("C1", service.ts, marker=MARK)
    assert error.value.retry_after == pytest.approx(60)
    assert service.plain.calls["stop"] == stopped
    assert RATE_LIMITS[STOP].calls <= 20, "tier 2"
