"""Many questions at once in one channel: paced as Slack takes it, read cheaply, none left standing."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest

from bot.controller.controller import Controller
from bot.controller.model import Message
from bot.controller.outbox.messages import Outbox
from bot.controller.rate_limits import LIVE, POST, RATE_LIMITS, START, PacedMessages
from bot.errors import Throttled
from bot.kinds import KINDS
from bot.playground.slack.rates import POSTING, RateLimits
from bot.questions.answering import Asking
from bot.questions.rate_limits import PacedStreams
from bot.questions.reconciler.dependencies import QuestionDependencies
from bot.questions.reconciler.question import QuestionReconciler
from bot.questions.service import QuestionService
from bot.questions.waiting_line import LineLimits
from handlers.ui.render import BlockKitRenderer
from tests.doubles.pacing import InMemoryRateLimiter
from tests.doubles.visibility import directory
from tests.unit.questions.test_question import ANSWER, World, whole

LIMITS = LineLimits(person=6, channel=40)


class Crowd(World):
    """The world of a question, behind the limiter, with a Slack that counts as the stand-in for Slack does."""

    def __init__(self) -> None:
        super().__init__()
        self.rate_limiter = InMemoryRateLimiter(self.clock, {**RATE_LIMITS, **LIMITS.limits})
        self.service = QuestionService(
            self.resources,
            directory(self.resources),
            self.conversations,
            self.clock,
            self.rate_limiter,
            LIMITS,
        )
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

    def controller(self) -> Controller:
        messages = PacedMessages(self.slack, self.rate_limiter)
        dependencies = QuestionDependencies(
            asking=Asking(self.inference, self.conversations, self.answerers),
            streams=PacedStreams(self.streams, self.rate_limiter),
            messages=messages,
            outbox=Outbox(messages, self.clock, rate_limiter=self.rate_limiter),
            renderer=BlockKitRenderer(),
            store=self.resources,
            thinking=self.thinking,
            sessions=self.sessions,
            clock=self.clock,
            rate_limiter=self.rate_limiter,
        )
        return Controller(
            self.resources,
            {"question": QuestionReconciler(dependencies)},
            self.clock,
            random=lambda: 0.5,
            kinds=KINDS,
        )

    def ask_aloud(self, number: int) -> None:
        self.ask(replace(self.question, id=f"Ev{number}", user=f"U{number}", thread_ts=None))


@pytest.fixture
def crowd() -> Crowd:
    made = Crowd()
    for number in range(100):
        made.slack.direct(f"U{number}")
    return made


@pytest.mark.slow
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


@pytest.mark.slow
def test_what_cannot_be_streamed_is_edited_as_it_grows_only_as_long_as_edits_last(crowd: Crowd) -> None:
    """Twenty streams a minute, fifty edits: an answer whose end would wait for its turn comes in one piece."""
    while crowd.rate_limiter.ask(START, "others") == 0:
        pass
    updated: set[str] = set()
    begun = crowd.clock.monotonic()
    update = crowd.slack.update

    def noted(channel: str, ts: str, message: Message) -> None:
        if crowd.clock.monotonic() - begun < 50:  # the last look comes later
            updated.add(ts)
        update(channel, ts, message)

    crowd.slack.update = noted  # type: ignore[method-assign]
    crowd.inference.between = lambda _: crowd.clock.advance(0.1)
    for number in range(12):
        user = f"U{number}"
        direct = crowd.slack.direct(user)
        root = crowd.slack.post(direct, Message("a person's words"), marker=str(UUID(int=number)))
        asked = replace(crowd.question, id=f"Ev{number}", user=user, channel=direct, thread_ts=root)
        crowd.ask(asked)
    crowd.run()
    said = [whole(each) for n in range(12) for each in crowd.slack.visible(f"DU{n}") if each.thread_ts]
    assert said == [ANSWER] * 12
    assert 0 < len(updated) <= RATE_LIMITS[LIVE].calls
    assert crowd.streams.calls["start"] == 0
    assert max(crowd.posts_at) - begun < 30


def test_who_asked_several_reads_which_of_them_waits(crowd: Crowd) -> None:
    asked = ["What is `this`\n*about*?", "Who? " * 40]
    told: list[str] = []
    for number in range(LIMITS.person + 2):
        text = asked[number % 2]
        question = replace(crowd.question, id=f"Q{number}", thread_ts=None, text=text, user="U9")
        if waits := crowd.service.ask(question):
            told.append(waits.sentence)
    assert "yours, `What is \u02cbthis\u02cb *about*?`, is 1st in line" in told[0]
    assert f"yours, `{('Who? ' * 12)[:59].rstrip()}\u2026`, is 2nd in line" in told[1]


@pytest.mark.slow
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
    late = max(crowd.resources.of_kind("question"), key=lambda each: each.spec["question"]["id"] == "Ev10")
    crowd.controller().tick(40)
    assert late.spec["waits"]
    assert "answer" not in (crowd.resources.get(late.key) or late).status
    crowd.run(seconds=300)
    resource = crowd.resources.get(late.key)
    assert resource is not None
    assert resource.status["question"]["begun"]


def test_a_post_waits_for_its_channel_alone(crowd: Crowd) -> None:
    for number in range(3):
        crowd.rate_limiter.ask(POST, f"m{number}", ("channel:C1",))
    assert crowd.rate_limiter.ask(POST, "m4", ("channel:C1",)) > 0
    assert crowd.rate_limiter.ask(POST, "m5", ("channel:C2",)) == 0
