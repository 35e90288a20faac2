"""Many questions at once in one channel: paced as Slack takes it, read cheaply, none left standing."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.controller.controller import Follower
from bot.controller.model import Message
from bot.controller.outbox.messages import Notices
from bot.controller.rate_limits import BUDGETS, POST, PacedMessages
from bot.errors import Throttled
from bot.playground.slack.rates import POSTING, RateLimits
from bot.questions.answering import Asking
from bot.questions.rate_limits import PacedStreams
from bot.questions.reconciler.parts import QuestionParts
from bot.questions.reconciler.question import QuestionReconciler
from bot.questions.service import QuestionDesk
from bot.questions.waiting_line import LineLimits
from tests.doubles.pacing import InMemoryLimiter
from tests.doubles.visibility import directory
from tests.unit.questions.test_question import World

LIMITS = LineLimits(person=6, channel=40)


class Crowd(World):
    """The world of a question, behind the limiter, with a Slack that counts as the stand-in for Slack does."""

    def __init__(self) -> None:
        super().__init__()
        self.limiter = InMemoryLimiter(self.clock, {**BUDGETS, **LIMITS.budgets})
        self.desk = QuestionDesk(self.things, directory(self.things), self.clock, self.limiter, LIMITS)
        self.rates = RateLimits(self.clock.monotonic, enabled=True)
        self.posts_at: list[float] = []
        self.too_many = 0
        self._watch(self.slack.post)
        self.inference.between = lambda _: None

    def _watch(self, post: Callable[..., str]) -> None:
        def watched(channel: str, message: Message, **more: object) -> str:
            wait = self.rates.take("chat.postMessage", POSTING, channel)
            if wait:
                self.too_many += 1
                raise Throttled("ratelimited", retry_after=wait)
            self.posts_at.append(self.clock.monotonic())
            return post(channel, message, **more)

        self.slack.post = watched  # type: ignore[method-assign]

    def follower(self) -> Follower:
        messages = PacedMessages(self.slack, self.limiter)
        tools = QuestionParts(
            asking=Asking(self.inference, self.conversations, self.answerers),
            streams=PacedStreams(self.streams, self.limiter),
            messages=messages,
            notices=Notices(messages, self.clock, limiter=self.limiter),
            store=self.things,
            thinking=self.thinking,
            sessions=self.sessions,
            clock=self.clock,
            limiter=self.limiter,
        )
        return Follower(self.things, {"question": QuestionReconciler(tools)}, self.clock, random=lambda: 0.5)

    def ask_aloud(self, number: int) -> None:
        self.ask(replace(self.question, id=f"Ev{number}", user=f"U{number}", thread_ts=None))


@pytest.fixture
def crowd() -> Crowd:
    made = Crowd()
    for number in range(100):
        made.slack.direct(f"U{number}")
    return made


def test_forty_questions_at_once_are_all_asked_and_answered_at_the_pace_of_one_channel(crowd: Crowd) -> None:
    begun = crowd.clock.monotonic()
    for number in range(40):
        crowd.ask_aloud(number)
    crowd.run(seconds=900)
    roots = [each for each in crowd.slack.visible("C1") if " asked" in each.message.text]
    assert len(roots) == 40
    assert all(crowd.texts(root.ts) for root in roots)
    assert crowd.too_many == 0, "Slack never had to refuse a post"
    assert max(crowd.posts_at) - begun < 110, (
        "messages of 40 questions and of those answers that are no streams"
    )


def test_who_waits_in_line_reads_nothing(crowd: Crowd) -> None:
    """Slack is read once before each post and once after the end, however often a post was put off."""
    for number in range(40):
        crowd.ask_aloud(number)
    crowd.run(seconds=900)
    posted = len(crowd.posts_at)
    assert crowd.slack.calls["find"] <= 2 * posted


def test_a_question_that_waits_begins_with_its_turn_and_not_before(crowd: Crowd) -> None:
    for number in range(11):
        crowd.ask_aloud(number)
    late = max(crowd.things.of_kind("question"), key=lambda each: each.spec["question"]["id"] == "Ev10")
    crowd.follower().tick(40)
    assert late.spec["waits"]
    assert "answer" not in (crowd.things.get(late.key) or late).status
    crowd.run(seconds=300)
    thing = crowd.things.get(late.key)
    assert thing is not None
    assert thing.status["answer"]["begun"]


def test_a_post_waits_for_its_channel_alone(crowd: Crowd) -> None:
    for number in range(3):
        crowd.limiter.ask(POST, f"m{number}", ("channel:C1",))
    assert crowd.limiter.ask(POST, "m4", ("channel:C1",)) > 0
    assert crowd.limiter.ask(POST, "m5", ("channel:C2",)) == 0
