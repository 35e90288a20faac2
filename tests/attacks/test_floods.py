"""One person, or a crowd, asks much more than anybody can want to pay for or read."""

import re
from collections.abc import Callable
from functools import partial

import pytest

from bot.errors import Refused
from bot.listening import ListenerThreads
from bot.questions.answerer import Question
from bot.questions.service import QuestionService
from bot.questions.waiting_line import InLine, LineLimits
from tests.doubles.clock import FakeClock
from tests.doubles.conversations import InMemoryConversations
from tests.doubles.pacing import InMemoryRateLimiter
from tests.doubles.resources import InMemoryResources
from tests.doubles.visibility import directory
from tests.handlers.door import BOT, CHANNEL, DIRECT, TEAM, USER, Door, make_door, words

LIMITS = LineLimits(person=6, channel=40)


class Bench:
    """A service with lines, on a clock that stands still."""

    def __init__(self, limits: LineLimits = LIMITS) -> None:
        self.clock = FakeClock()
        self.resources = InMemoryResources(self.clock)
        self.rate_limiter = InMemoryRateLimiter(self.clock, limits.limits)
        self.service = QuestionService(
            self.resources,
            directory(self.resources),
            InMemoryConversations(),
            self.clock,
            self.rate_limiter,
            limits,
        )
        self.waiting: list[InLine] = []
        self.refused: list[str] = []
        self.number = 0

    def ask(self, user: str, channel: str = "C1") -> None:
        self.number += 1
        try:
            waits = self.service.ask(Question(f"Ev{self.number}", "?", channel, user, "T1", None))
        except Refused as refusal:
            self.refused.append(refusal.sentence)
        else:
            self.waiting += [waits] if waits else []

    @property
    def taken(self) -> int:
        return len(self.resources.of_kind("question"))


def test_100_questions_of_one_person_in_a_second_are_not_100_paid_calls() -> None:
    """Tried: one person asks a hundred questions in a second."""
    service = Bench()
    for _ in range(100):
        service.ask("U1")
    assert service.taken == 12, "a minute's worth at once, and as many wait"
    assert len(service.waiting) == 6
    assert len(service.refused) == 88
    [said] = set(service.refused)
    assert said == (
        "I take 6 questions a minute from one person, and as many of yours are waiting. "
        "Ask this one, `?`, again in 120 s."
    )


def test_who_floods_takes_nothing_from_anybody_else() -> None:
    service = Bench()
    for _ in range(100):
        service.ask("UFLOOD")
    taken = service.taken
    for number in range(30):
        service.ask(f"U{number}")
    assert service.taken == taken + 30
    assert len(service.refused) == 88


def test_who_floods_many_channels_is_still_one_person() -> None:
    """Tried: a flood of questions, spread over many channels."""
    service = Bench()
    for number in range(100):
        service.ask("U1", f"C{number}")
    assert service.taken == 12


def test_a_crowd_in_a_channel_is_told_its_places_and_the_rest_to_come_again() -> None:
    service = Bench()
    for number in range(100):
        service.ask(f"U{number}")
    assert [each.place for each in service.waiting] == list(range(1, 41))
    assert "yours, `?`, is 12th in line" in service.waiting[11].sentence
    assert max(each.seconds for each in service.waiting) <= 60
    assert service.taken == 50
    assert "40 questions a minute in one channel" in service.refused[0]
    service.ask("U1", "C2")
    assert service.taken == 51, "another channel is as free as ever"


def test_after_a_flood_the_next_minute_is_as_good_as_any() -> None:
    service = Bench()
    for _ in range(100):
        service.ask("U1")
    service.clock.advance(200)
    service.ask("U1")
    assert service.taken == 13


@pytest.mark.parametrize(("person", "channel"), [(1, 1), (2, 3), (100, 1), (1, 100), (7, 41)])
def test_whatever_the_operator_sets_is_kept(person: int, channel: int) -> None:
    service = Bench(LineLimits(person=person, channel=channel))
    for _ in range(300):
        service.ask("U1")
    assert service.taken - len(service.waiting) == min(person, -(-channel // 4))
    assert len(service.waiting) <= max(person, channel)


# Over every door


def slash(door: Door) -> None:
    door.command("claims-router What now?", slash="/ask")


def mention(door: Door, at: str = "") -> None:
    at = at or f"{next(door.numbers)}.0"
    door.event(
        {
            "type": "app_mention",
            "channel": CHANNEL,
            "user": USER,
            "team": TEAM,
            "ts": at,
            "text": f"<@{BOT}> Now?",
        }
    )


def direct(door: Door, at: str = "") -> None:
    at = at or f"{next(door.numbers)}.0"
    door.event(
        {
            "type": "message",
            "channel": DIRECT,
            "channel_type": "im",
            "user": USER,
            "ts": at,
            "text": "And now?",
        }
    )


@pytest.fixture
def door() -> Door:
    made = make_door()
    rate_limiter = InMemoryRateLimiter(made.clock, LIMITS.limits)
    service = QuestionService(
        made.store, directory(made.store), InMemoryConversations(), made.clock, rate_limiter, LIMITS
    )
    made.questions.ask = service.ask  # type: ignore[assignment,method-assign]
    return made


def told(door: Door) -> list[str]:
    """Return what only the person who asked was told."""
    seen = [words(each) for each in door.webhooks]
    return seen + [words(call) for call in door.client.calls("chat.postEphemeral")]


@pytest.mark.parametrize("ask", [slash, mention, direct])
def test_a_flood_through_any_door_is_answered_kindly_to_the_person_alone(
    door: Door, ask: Callable[[Door], None]
) -> None:
    for _ in range(20):
        ask(door)
    assert len(door.store.of_kind("question")) == 12
    said = told(door)
    assert sum("in line" in each for each in said) == 6
    assert sum("Ask this one, " in each for each in said) == 8
    assert door.client.calls("chat.postMessage") == []


@pytest.mark.parametrize("ask", [mention, direct])
def test_what_slack_delivers_again_counts_in_no_minute(door: Door, ask: Callable[..., None]) -> None:
    """Tried: one question, delivered thirty times, as Slack does while the network is bad; then five others."""
    for _ in range(30):
        ask(door, "77.0")
    for _ in range(5):
        ask(door)
    assert len(door.store.of_kind("question")) == 6
    assert told(door) == []


def test_the_doors_have_one_line_together(door: Door) -> None:
    for _ in range(10):
        for ask in (slash, mention, direct):
            ask(door)
    assert len(door.store.of_kind("question")) == 12


def test_the_place_in_line_reads_as_people_say_it() -> None:
    said = [
        re.search(r"(\S+) in line", InLine(place, 3.2).sentence)
        for place in (1, 2, 3, 4, 11, 12, 13, 21, 111)
    ]
    assert [each and each[1] for each in said] == [
        "1st",
        "2nd",
        "3rd",
        "4th",
        "11th",
        "12th",
        "13th",
        "21st",
        "111th",
    ]


def test_with_too_much_in_hand_whoever_presses_is_told_so_and_events_are_left_to_slack() -> None:
    """Tried: a crowd presses, types and writes faster than anything of it is done."""
    listeners = ListenerThreads(1, most=0)
    full = make_door(listeners=listeners)
    for act in (
        partial(full.command, "jobs"),
        partial(full.press, "menu.jobs"),
        partial(full.shortcut, "validate_file", {"ts": "5.0"}),
    ):
        full.webhooks.clear()
        assert act().status == 200
        assert full.said == "I have so much in hand that I did not take this up. Try again in a minute."
    question = {"type": "app_mention", "user": USER, "channel": CHANNEL, "text": "<@UBOT> Why?", "ts": "9.0"}
    assert full.event(question, "Ev1").status == 500
    assert full.questions.asked == []
    listeners._most = 1
    assert full.event(question, "Ev1").status == 200
    assert len(full.questions.asked) == 1
