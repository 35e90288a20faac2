import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from bot import metrics
from bot.controller.controller import Controller
from bot.controller.crash_points import crashing
from bot.controller.model import Message, Resource
from bot.controller.outbox.messages import Outbox
from bot.controller.ports import NO_LIMIT
from bot.errors import Misconfigured, NotFound, Refused, Throttled, TunesmithError, Unavailable
from bot.kinds import KINDS
from bot.playground.slack.blocks.translation import blocks_of
from bot.questions.answerer import Asleep, Ending, Question, Turn
from bot.questions.answering import Asking
from bot.questions.endings import INTERRUPTED, RESTARTED
from bot.questions.model import key_of
from bot.questions.reconciler.dependencies import QuestionDependencies
from bot.questions.reconciler.messages import LONGEST
from bot.questions.reconciler.question import FINISHING, QuestionReconciler
from bot.questions.sanitising import JOINER
from bot.questions.service import QuestionService
from bot.wording import Person, wording
from handlers.direct_messages import Readers
from handlers.ui.render import BlockKitRenderer
from tests.doubles.asking import FakeAnswerers, FakeInference, RecordedSessions, RecordedThinking
from tests.doubles.clock import FakeClock
from tests.doubles.conversations import InMemoryConversations
from tests.doubles.messages import (
    Failure,
    FakeSlackMessages,
    Posted,
    down,
    dropped,
    lost_reply,
    refused,
    throttled,
)
from tests.doubles.resources import InMemoryResources
from tests.doubles.streams import FakeStreams
from tests.doubles.visibility import directory
from tests.tables import table

ROOT_MARKER = "11111111-1111-1111-1111-111111111111"
ANSWER = "Route it to oncology. Ask for the denial letter first."
PIECES = ("Route it ", "to oncology. ", "Ask for ", "the denial ", "letter first.")


class Killed(BaseException):
    """The process is gone."""


class World:
    """A question, everything around it, and a clock."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.resources = InMemoryResources(self.clock)
        self.slack = FakeSlackMessages(self.clock, ["C1", "U1", "CBOSS"])
        self.last_resorts: tuple[str, ...] = ()
        self.streams = FakeStreams(self.slack, self.clock)
        self.inference = FakeInference()
        self.inference.always = PIECES
        self.inference.between = lambda _: self.clock.advance(1)
        self.conversations = InMemoryConversations()
        self.answerers = FakeAnswerers()
        self.thinking, self.sessions = RecordedThinking(), RecordedSessions()
        self.readers = Readers(lambda channel: pytest.fail(f"Slack was asked whose {channel} is"))
        self.service = QuestionService(
            self.resources, directory(self.resources), self.conversations, self.clock
        )
        self.root = self.slack.post("C1", Message("a person's words"), marker=ROOT_MARKER)
        self.question = Question("Ev1", "Stage IV, denied prior auth?", "C1", "U1", "T1", self.root)

    def controller(self) -> Controller:
        asking = Asking(self.inference, self.conversations, self.answerers)
        dependencies = QuestionDependencies(
            asking=asking,
            streams=self.streams,
            messages=self.slack,
            outbox=Outbox(self.slack, self.clock, last_resorts=self.last_resorts),
            renderer=BlockKitRenderer(),
            store=self.resources,
            thinking=self.thinking,
            sessions=self.sessions,
            clock=self.clock,
            readers=self.readers,
        )
        return Controller(
            self.resources,
            {"question": QuestionReconciler(dependencies)},
            self.clock,
            random=lambda: 0.5,
            kinds=KINDS,
        )

    def ask(self, question: Question | None = None) -> None:
        self.service.ask(question or self.question)

    def run(self, seconds: float = 1800) -> None:
        """Let a process follow until nothing is left to do."""
        controller = self.controller()
        until = self.clock.monotonic() + seconds
        while any(not each.done for each in self.resources.of_kind("question")):
            assert self.clock.monotonic() < until, [
                each.status for each in self.resources.of_kind("question")
            ]
            if not controller.tick():
                self.clock.advance(1)

    def one_turn(self) -> None:
        self.controller().tick()

    def answers(self, thread: str | None = None) -> list[Posted]:
        return self.slack.visible("C1", thread or self.root)

    def texts(self, thread: str | None = None) -> list[str]:
        return [whole(each).rstrip() for each in self.answers(thread)]

    def assert_answered(self, text: str = ANSWER) -> None:
        assert self.texts() == [text]
        [answer] = self.answers()
        assert answer.marker, "a finished answer can be found again"
        assert not self.streams.is_open("C1", answer.ts)
        assert self.conversations.turns("C1", self.root) == [
            Turn("user", self.question.text),
            Turn("assistant", text.replace(JOINER, "")),
        ]
        assert self.conversations.model_of("C1", self.root) == "claims-router"


def whole(posted: Posted) -> str:
    """What a message shows: the text of its Markdown block where it has one."""
    blocks = posted.message.blocks
    return str(blocks[0]["text"]) if blocks else posted.message.text


@pytest.fixture
def world() -> World:
    return World()


# The way it should go


def test_an_answer_streams_into_the_thread(world: World) -> None:
    world.ask()
    world.run()
    world.assert_answered()
    assert world.streams.frames[0] == "Route it ", "the first piece is shown at once"
    assert len(world.streams.frames) > 3
    assert world.streams.recipients == [("U1", "T1")]
    assert world.thinking.shown == [("C1", world.root, "is thinking…")]


def test_pieces_that_come_fast_are_shown_together(world: World) -> None:
    world.inference.between = lambda _: world.clock.advance(0.05)
    world.ask()
    world.run()
    world.assert_answered()
    assert world.streams.calls["append"] == 0, "what is left goes with the stream's end"


def test_the_thread_is_a_conversation(world: World) -> None:
    world.ask()
    world.run()
    world.inference.line_up(["The letter of March."])
    world.ask(replace(world.question, id="Ev2", text="Which letter?"))
    world.run()
    assert [each.text for each in world.inference.asked[-1]] == [world.question.text, ANSWER, "Which letter?"]
    assert world.answerers.asked_for[-1] == ("claims-router", "C1")
    assert world.texts() == [ANSWER, "The letter of March."]


def test_whose_a_direct_message_is_need_not_be_asked_of_whoever_asks_there(world: World) -> None:
    there = world.slack.direct("U1")
    root = world.slack.post(there, Message("a person's words"), marker=str(uuid.UUID(int=7)))
    world.ask(replace(world.question, channel=there, thread_ts=root))
    world.run()
    assert world.readers.of(there) == "U1"


def test_a_question_without_a_thread_is_said_aloud_first(world: World) -> None:
    world.ask(replace(world.question, thread_ts=None, model="claims-router", text="Is <!here> & now\nfine?"))
    world.run()
    asked = next(each for each in world.slack.visible("C1") if each.message.text.startswith("<@U1>"))
    assert asked.message.text == (
        f"<@U1> asked `claims-router`:\n>Is &lt;{JOINER}!here&gt; &amp; now\n>fine?"
    )
    assert world.texts(asked.ts) == [ANSWER]
    assert world.conversations.model_of("C1", asked.ts) == "claims-router"
    assert world.service.partner_in(asked.ts) == "claims-router", "whoever replies there asks on"


@pytest.mark.parametrize("opens", [True, False])
def test_a_thread_that_the_question_begins_is_a_conversation_from_the_first_word_on(
    world: World, opens: bool
) -> None:
    known: list[str | None] = []
    world.inference.between = lambda _: known.append(world.service.partner_in(world.root))
    world.ask(replace(world.question, opens=opens))
    world.run()

    expected = "claims-router" if opens else None
    assert known
    assert {*known, world.service.partner_in(world.root)} == {expected}


def test_what_the_model_says_pings_nobody(world: World) -> None:
    world.inference.line_up(["Tell <", "!chan", "nel> and @he", "re"])
    world.ask()
    world.run()
    world.assert_answered(f"Tell <{JOINER}!channel> and @{JOINER}here")
    assert not any("<!" in frame or "@here" in frame for frame in world.streams.frames)


def test_a_long_answer_goes_on_in_another_message(world: World) -> None:
    lines = [f"Line {number}: {'é' * 90}\n" for number in range(120)]
    world.inference.line_up(lines)
    world.ask()
    world.run()
    texts = world.texts()
    assert len(texts) == 3
    assert "\n".join(texts) == "".join(lines).rstrip()
    assert all(len(text.encode()) <= 9000 for text in texts)
    assert all(each.marker for each in world.answers())


@pytest.mark.parametrize("way", ["it is streamed", "it is posted whole", "a piece is lost"])
def test_an_answer_of_many_headings_goes_on_in_another_message(world: World, way: str) -> None:
    """Slack makes a block of each heading and each text, and takes 50 blocks in a message."""
    pieces = [f"## Step {number}\nDo it.\n\n" for number in range(70)]
    world.inference.line_up(pieces)
    if way == "it is posted whole":
        world.streams.order("start", *[refused() for _ in range(9)])
    if way == "a piece is lost":
        world.streams.order("append", *[lost_reply() for _ in range(3)])
    world.ask()
    world.run()
    texts = world.texts()
    assert "\n\n".join(text.strip() for text in texts) == "".join(pieces).strip()
    assert 2 < len(texts) < 7
    assert all(blocks_of(text) < 45 for text in texts)
    assert all(each.marker for each in world.answers())


def test_a_slow_answer_leaves_a_message_before_slack_ends_it(world: World) -> None:
    world.inference.between = lambda _: world.clock.advance(50)
    world.inference.line_up(["a "] * 8)
    world.ask()
    world.run()
    assert " ".join(world.texts()) == ("a " * 8).strip()
    assert len(world.texts()) == 2
    assert all(each.marker for each in world.answers())


# What goes wrong at the model


def test_a_sleeping_model_says_how_to_wake_it(world: World) -> None:
    world.answerers.fall_asleep()
    world.ask()
    world.run()
    assert world.texts() == ["`claims-router` is asleep. Wake it with `/tune serve claims-router for 2h`."]
    assert world.inference.asked == []
    assert world.conversations.turns("C1", world.root) == []


@pytest.mark.parametrize(
    ("named", "before", "after"),
    [
        ("Claims-Router", None, "claims-router"),
        (None, None, None),
        ("Claims-Router", "notes-summary", "notes-summary"),
    ],
    ids=["named", "not named", "named where another one answers"],
)
def test_a_thread_is_for_the_sleeping_model_that_was_asked_for_by_name(
    world: World, named: str | None, before: str | None, after: str | None
) -> None:
    if before:
        world.conversations.bind("C1", world.root, before)
    world.answerers.fall_asleep()
    world.ask(replace(world.question, opens=True, model=named))
    world.run()

    assert world.service.began_in(world.root), "whoever replies there asks on"
    assert world.service.partner_in(world.root) == after


def test_who_can_wake_it_is_mentioned_and_nobody_whom_a_text_names(world: World) -> None:
    hint = wording("Ask ", Person("U0OWNER"), " to wake it.")
    world.answerers.error = Asleep("`<@U0OTHER>` is asleep.", model="claims-router", hint=hint)
    world.ask()
    world.run()
    assert world.texts() == [f"`<{JOINER}@U0OTHER>` is asleep. Ask <@U0OWNER> to wake it."]


@pytest.mark.parametrize(
    "error",
    [
        Refused("The model will not take this.", hint="Shorten it."),
        NotFound("It is gone.", hint="Wake it."),
        Misconfigured("No permission.", hint="Add `bedrock:InvokeModel`."),
    ],
    ids=repr,
)
def test_a_refusal_stands_in_place_of_the_answer(world: World, error: TunesmithError) -> None:
    world.inference.line_up([error])
    world.ask()
    world.run()
    assert world.texts() == [error.sentence]
    assert len(world.inference.asked) == 1


def test_what_passes_is_tried_again(world: World) -> None:
    world.inference.line_up([Throttled("busy", retry_after=7)], [Unavailable("not ready")])
    world.ask()
    world.run()
    world.assert_answered()
    assert len(world.inference.asked) == 3


def test_what_does_not_pass_is_said_in_the_end(world: World) -> None:
    world.inference.always = [Unavailable("The model did not answer.", hint="Ask again.")]
    world.ask()
    world.run()
    assert world.texts() == ["The model did not answer. Ask again."]
    assert len(world.inference.asked) == 4


def test_an_answer_that_broke_off_is_given_again_whole(world: World) -> None:
    world.inference.line_up([*PIECES[:3], Unavailable("broke off")])
    world.ask()
    world.run()
    world.assert_answered()


def test_an_answer_that_never_ends_well_says_so(world: World) -> None:
    world.inference.always = [*PIECES[:3], Unavailable("The model stopped answering.", hint="Ask again.")]
    world.ask()
    world.run()
    assert world.texts() == [
        "Route it to oncology. Ask for\n\n_The answer broke off. The model stopped answering. Ask again._"
    ]
    assert world.conversations.turns("C1", world.root) == []


def test_a_refusal_in_the_middle_keeps_what_there_is(world: World) -> None:
    world.inference.line_up([*PIECES[:2], Refused("Too long.")])
    world.ask()
    world.run()
    assert world.texts() == ["Route it to oncology. \n\n_The answer broke off. Too long._"]


@pytest.mark.parametrize("broke", [False, True])
def test_a_throttle_is_never_counted_as_a_failed_try(world: World, broke: bool) -> None:
    """Neither before the first word nor in the middle, however often: the model answers once it may."""
    throttle = Throttled("AWS asked to slow down.", retry_after=5, hint="I go on by myself.")
    world.inference.line_up(*[[*(PIECES[:2] if broke else ()), throttle]] * 6)
    world.ask()
    world.run()
    world.assert_answered()
    assert len(world.inference.asked) == 7
    assert (
        "C1",
        world.root,
        "is waiting: AWS asked me to slow down, I go on by myself…",
    ) in world.thinking.shown


def test_throttles_between_failures_do_not_use_up_the_tries(world: World) -> None:
    throttle, fault = [Throttled("Slow.", retry_after=1)], [Unavailable("not ready")]
    world.inference.line_up(throttle, fault, throttle, throttle, fault, throttle, fault, throttle)
    world.ask()
    world.run()
    world.assert_answered()


@pytest.mark.slow
def test_a_throttle_that_lasts_an_hour_is_told_without_a_promise(world: World) -> None:
    world.inference.always = [Throttled("AWS asked to slow down.", retry_after=50, hint="I go on by myself.")]
    world.ask()
    world.run(seconds=2 * 3600)
    assert world.texts() == ["AWS asked to slow down. Ask again."]


@pytest.mark.parametrize("seconds", [0.05, 1])
@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("max_tokens", "cut off at its limit of 4,096 tokens"),
        ("model_context_window_exceeded", "as long as the model can read"),
        ("content_filtered", "content filter"),
        ("guardrail_intervened", "guardrail"),
        ("tool_use", "tool"),
        ("tomorrow", "`tomorrow`"),
    ],
)
def test_why_an_answer_stopped_is_told_under_it_and_it_is_not_remembered_as_a_whole_one(
    world: World, reason: str, words: str, seconds: float
) -> None:
    world.inference.between = lambda _: world.clock.advance(seconds)
    world.inference.line_up([*PIECES[:2], Ending(reason)])
    world.ask()
    world.run()
    [text] = world.texts()
    answer, note = text.split("\n\n")
    assert answer.rstrip() == "Route it to oncology."
    assert words in note
    remembered = [
        turn.text for turn in world.conversations.turns("C1", world.root) if turn.role == "assistant"
    ]
    assert remembered in ([], ["Route it to oncology.\n\n[This answer was cut off here.]"])


def test_after_an_answer_that_was_cut_off_the_model_can_go_on(world: World) -> None:
    world.inference.line_up([*PIECES[:2], Ending("max_tokens")])
    world.ask()
    world.run()
    world.ask(replace(world.question, id="Ev2", text="Go on."))
    world.run()
    assert [each.role for each in world.inference.asked[-1]] == ["user", "assistant", "user"]


def test_a_filter_that_left_no_words_is_told_in_place_of_an_answer(world: World) -> None:
    world.inference.line_up([Ending("content_filtered")])
    world.ask()
    world.run()
    assert world.texts() == ["The service's content filter stopped the answer. Ask in other words."]


@pytest.mark.parametrize("pieces", [[], ["", "  \n"]], ids=repr)
def test_no_answer_is_said(world: World, pieces: Sequence[str]) -> None:
    world.inference.line_up(pieces)
    world.ask()
    world.run()
    assert world.texts() == ["The model gave no answer. Ask it in other words."]


# What goes wrong at Slack


def test_an_answer_that_a_person_deleted_stays_deleted(world: World) -> None:
    def between(number: int) -> None:
        world.clock.advance(1)
        if number == 3:
            [answer] = world.answers()
            world.slack.remove("C1", answer.ts)

    world.inference.between = between
    world.ask()
    world.run()
    assert world.texts() == []


@pytest.mark.parametrize("told", [False, True], ids=["while it grows", "once it is whole"])
def test_an_answer_that_was_posted_stays_deleted_too(world: World, told: bool) -> None:
    """Whoever takes it out of the channel does not have to do so four times, and it is sent to nobody instead."""
    world.streams.order("start", *[throttled()] * 9)

    def between(number: int) -> None:
        world.clock.advance(4)
        if number == 3 and not told:
            world.slack.remove("C1", world.answers()[0].ts)

    world.inference.between = between
    world.ask()
    if told:
        world.one_turn()
        world.slack.remove("C1", world.answers()[0].ts)
    world.run()
    assert world.texts() == []
    assert world.slack.visible("DU1") == []
    assert len(world.inference.asked) == 1


def test_too_many_streams_a_minute_fall_back_to_a_message_that_is_edited(world: World) -> None:
    world.streams.order("start", throttled())
    world.inference.between = lambda _: world.clock.advance(2)
    world.ask()
    world.run()
    world.assert_answered()
    assert world.streams.calls["append"] == 0
    assert world.slack.calls["update"] >= 2


def test_a_conversation_that_takes_no_streams(world: World) -> None:
    world.streams.order("start", refused("channel_type_not_supported"))
    world.ask()
    world.run()
    world.assert_answered()


def test_neither_streams_nor_posts_for_a_while(world: World) -> None:
    world.streams.order("start", throttled())
    world.slack.order("post", throttled(), throttled())
    world.ask()
    world.run()
    world.assert_answered()
    assert len(world.inference.asked) == 1, "nobody pays twice for an answer that is there"


def test_a_channel_that_takes_nothing_is_told_privately(world: World) -> None:
    world.slack.archive("C1")
    world.ask()
    world.run()
    assert world.texts() == []
    assert len(world.inference.asked) == 1
    [private] = world.slack.visible("DU1")
    assert private.message.text.startswith("I could not say this in <#C1>. ")
    assert private.message.text.endswith(ANSWER)


def test_a_question_that_cannot_be_said_aloud_is_answered_directly(world: World) -> None:
    """With its question, in a thread of the direct message, where the conversation can go on."""
    world.slack.archive("C1")
    world.ask(replace(world.question, thread_ts=None))
    world.run()
    asked, answer = world.slack.visible("DU1")
    assert asked.message.text.startswith(
        "I could not say this in <#C1>. Slack refused the message (is_archived)."
    )
    assert world.question.text in asked.message.text
    assert (whole(answer), answer.thread_ts) == (ANSWER, asked.ts)
    assert world.thinking.shown == [("DU1", asked.ts, "is thinking…")]
    assert len(world.conversations.turns("DU1", asked.ts)) == 2
    assert world.conversations.turns("C1", asked.ts) == []


@pytest.mark.parametrize(("last", "has_words"), [("CBOSS", False), ("UBOSS", True)])
def test_who_is_gone_as_well_leaves_it_to_the_last_resort(world: World, last: str, has_words: bool) -> None:
    """In a channel others read along: there it is told that there is an answer, and by its reference, and no more."""
    world.last_resorts = (last,)
    world.slack.archive("C1")
    world.slack.deactivated.add("U1")
    world.ask()
    world.run()
    assert world.slack.visible("DU1") == []
    told = world.slack.visible(last if last == "CBOSS" else f"D{last}")[-1].message.text
    assert told.endswith(ANSWER) is has_words
    assert ("It is about `question:" in told) is not has_words


def test_a_question_that_only_the_operators_channel_takes_is_not_answered_there(world: World) -> None:
    world.last_resorts = ("CBOSS",)
    world.slack.archive("C1")
    world.slack.deactivated.add("U1")
    world.ask(replace(world.question, thread_ts=None))
    world.run()
    [told] = world.slack.visible("CBOSS")
    assert "It is about `question:" in told.message.text
    assert world.question.text not in f"{told.message.text} {told.message.blocks}"
    assert world.inference.asked == []


def test_where_nobody_can_be_told_it_ends_without_going_round(world: World) -> None:
    world.slack.archive("C1")
    world.slack.deactivated.add("U1")
    world.ask()
    world.run()
    assert world.slack.visible("DU1") == []
    assert len(world.inference.asked) == 1


def test_a_long_question_is_shortened_aloud_and_asked_whole(world: World) -> None:
    world.ask(replace(world.question, thread_ts=None, text="x" * 5000))
    world.run()
    [asked] = [each for each in world.slack.visible("C1") if each.message.text.startswith("<@U1>")]
    assert asked.message.text.endswith("x…")
    assert len(asked.message.text) < 3000
    assert world.inference.asked[0][-1].text == "x" * 5000


def test_a_throttled_append_comes_with_the_next(world: World) -> None:
    world.streams.order("append", throttled(2))
    world.ask()
    world.run()
    world.assert_answered()


def test_a_stream_that_expired_is_put_right_and_goes_on(world: World) -> None:
    world.inference.between = lambda number: world.clock.advance(310 if number == 2 else 1)
    world.inference.line_up(PIECES)
    world.ask()
    world.run()
    assert " ".join(world.texts()) == ANSWER
    assert all(each.marker for each in world.answers())


@pytest.mark.parametrize("method", ["start", "append", "stop"])
@pytest.mark.parametrize("failure", [lost_reply, dropped, down], ids=lambda each: str(each.__name__))
def test_whatever_happens_to_a_call_there_is_one_whole_answer(
    world: World, method: str, failure: object
) -> None:
    assert callable(failure)
    made = failure()
    assert isinstance(made, Failure)
    world.streams.order(method, made)
    world.ask()
    world.run()
    world.assert_answered()


def test_a_stream_is_not_closed_again_while_its_text_waits_to_be_put_right(world: World) -> None:
    """Each closing uses up one of twenty a minute, which others wait for."""
    world.streams.order("stop", lost_reply())
    world.streams.order("replace", *[throttled(40)] * 5)
    world.ask()
    world.run()
    world.assert_answered()
    assert world.streams.calls["stop"] == 2
    assert world.streams.calls["replace"] == 6


@pytest.mark.parametrize(("seconds", "closed"), [(1, ""), (130, "Route it to oncology. ")])
def test_a_channel_that_is_archived_in_the_middle(world: World, seconds: float, closed: str) -> None:
    """Whoever asked gets the answer directly, but for messages that were closed before; the model is asked once."""

    def between(number: int) -> None:
        world.clock.advance(seconds)
        if number == 3:
            world.slack.archive("C1")

    world.inference.between = between
    world.ask()
    world.run()
    assert "".join(world.texts()) != ANSWER
    [private] = world.slack.visible("DU1")
    assert private.message.text.startswith("I could not say this in <#C1>. ")
    assert private.message.text.endswith(ANSWER.removeprefix(closed))
    assert world.texts()[0].startswith(closed.strip())
    assert len(world.inference.asked) == 1
    assert len(world.conversations.turns("C1", world.root)) == 2


def test_a_channel_that_closes_when_all_is_said_is_no_reason_to_say_it_again(world: World) -> None:
    world.streams.before = lambda method: world.slack.archive("C1") if method == "stop" else None
    world.inference.always = (*PIECES, " ", " ")  # nothing is left for the stream's end
    world.ask()
    world.run()
    assert world.texts() == [ANSWER]
    assert world.slack.visible("DU1") == []


def _hear_stop(world: World) -> None:
    def between(number: int) -> None:
        world.clock.advance(1)
        if number == 3:
            world.service.stop(world.root, "U2")

    world.inference.between = between


WAYS: dict[str, Callable[[World], None]] = {
    "streamed": lambda _: None,
    "posted": lambda world: world.streams.order("start", *[throttled()] * 9),
    "stopped": _hear_stop,
    "broken off": lambda world: world.inference.line_up((*PIECES[:2], Refused("No."))),
}


def test_the_words_are_not_kept_once_they_are_said() -> None:
    """A finished question is kept for a week: that it was answered, and nothing of its answer."""
    with table() as row:
        for name, happens in WAYS.items():
            with row(name):
                world = World()
                happens(world)
                world.ask()
                world.run()
                assert "oncology" in " ".join(world.texts())
                [resource] = world.resources.of_kind("question")
                assert "oncology" not in str(resource.status)


# Crashes


@contextmanager
def passing(names: list[str]) -> Iterator[None]:
    with crashing(names.append):
        yield


@contextmanager
def killed_at(place: int) -> Iterator[None]:
    passed = 0

    def hook(_: str) -> None:
        nonlocal passed
        passed += 1
        if passed == place:
            raise Killed

    with crashing(hook), pytest.raises(Killed):
        yield


@contextmanager
def killed_before(name: str) -> Iterator[None]:
    def hook(passed: str) -> None:
        if passed == name:
            raise Killed

    with crashing(hook), pytest.raises(Killed):
        yield


def in_a_thread(world: World) -> None:
    world.ask()


def aloud(world: World) -> None:
    world.ask(replace(world.question, thread_ts=None))


def without_streams(world: World) -> None:
    world.streams.order("start", *[throttled()] * 9)
    world.inference.between = lambda _: world.clock.advance(2)
    world.ask()


def archived_in_the_middle(world: World) -> None:
    def between(number: int) -> None:
        world.clock.advance(1)
        if number == 2:
            world.slack.archive("C1")

    world.inference.between = between
    world.ask()


STORIES = (in_a_thread, aloud, without_streams, archived_in_the_middle)


def crash_points(begin: Callable[[World], None]) -> list[str]:
    """Name every place where a process can die while it answers one question."""
    names: list[str] = []
    world = World()
    begin(world)
    with passing(names):
        world.run()
    return names


PLACES = crash_points(in_a_thread)
EVERYWHERE = [
    pytest.param(begin, place, id=f"{begin.__name__}-{place}-{name}")
    for begin in STORIES
    for place, name in enumerate(crash_points(begin), start=1)
]


def test_the_places_are_those_of_the_table() -> None:
    assert {
        "before-ask",
        "before-open",
        "after-open",
        "before-append",
        "after-append",
        "before-close",
        "after-close",
        "after-remember",
        "before-commit",
        "after-commit",
    } <= set(PLACES)


@pytest.mark.parametrize("point", ["before-replace", "after-replace"])
def test_a_process_killed_as_it_puts_half_an_answer_right_leaves_a_whole_one(
    world: World, point: str
) -> None:
    in_a_thread(world)
    for killer in ("after-append", point):

        def hook(name: str, killer: str = killer) -> None:
            if name == killer:
                raise Killed

        with crashing(hook), pytest.raises(Killed):
            world.run()
    world.run()
    assert world.texts(world.root) == [ANSWER]


def test_half_an_answer_that_a_crash_left_says_that_the_whole_comes(world: World) -> None:
    in_a_thread(world)
    with killed_before("after-append"):
        world.one_turn()
    said: list[str] = []
    world.inference.between = lambda _: said.append(world.texts(world.root)[0])
    world.run()
    assert {each.splitlines()[-1] for each in said} == {INTERRUPTED}
    assert world.texts(world.root) == [ANSWER]


@pytest.mark.chaos
@pytest.mark.parametrize(("begin", "place"), EVERYWHERE)
def test_a_process_killed_anywhere_leaves_one_whole_answer(
    world: World, begin: Callable[[World], None], place: int
) -> None:
    begin(world)
    with killed_at(place):
        world.run()
    world.run()
    if begin is aloud:
        [asked] = [each for each in world.slack.visible("C1") if each.message.text.startswith("<@U1>")]
        assert world.texts(asked.ts) == [ANSWER]
        assert len(world.conversations.turns("C1", asked.ts)) == 2
    elif begin is archived_in_the_middle:
        [private] = world.slack.visible("DU1")
        assert private.message.text.endswith(ANSWER)
        assert len(world.conversations.turns("C1", world.root)) == 2
    else:
        world.assert_answered()


@pytest.mark.parametrize("place", range(1, len(PLACES) + 1, 3))
def test_killed_and_answered_differently_the_second_time(world: World, place: int) -> None:
    world.inference.line_up(PIECES, ["Something shorter."])
    world.ask()
    with killed_at(place):
        world.run()
    world.run()
    [text] = world.texts()
    assert text in (ANSWER, "Something shorter.")
    assert world.conversations.turns("C1", world.root)[1].text == text


def test_killed_again_and_again_it_gives_up_asking(world: World) -> None:
    world.ask()
    for _ in range(4):
        with killed_before("before-ask"):
            world.run()
    world.run()
    assert world.texts() == ["I was interrupted too often while answering this. Ask again."]


def test_a_shorter_second_answer_leaves_no_stray_messages(world: World) -> None:
    long = [f"Line {number}: {'x' * 190}\n" for number in range(100)]
    world.inference.line_up([*long, Unavailable("broke off")], ["Short."])
    world.ask()
    world.run()
    world.assert_answered("Short.")


def test_another_question_s_open_stream_is_never_taken(world: World) -> None:
    """Two questions in one thread; one died before its stream opened, the other's stream is open."""
    world.ask()
    with killed_before("before-open"):
        world.one_turn()
    world.inference.line_up(["The other "], PIECES)
    world.ask(replace(world.question, id="Ev2", text="And this?"))
    with killed_before("before-close"):
        world.one_turn()
    world.run()
    assert sorted(world.texts()) == sorted(["The other", ANSWER])


def test_after_a_crash_only_questions_are_read_that_the_message_may_be_of(world: World) -> None:
    """Of a week of questions all were, in each thread that a crash left open. One in hand counts, however old."""
    world.inference.always = ["Said."]
    for old in range(3):
        world.ask(replace(world.question, id=f"Old{old}"))
    world.run()
    world.clock.advance(LONGEST)
    world.ask(replace(world.question, id="Late"))
    world.run()
    world.clock.advance(60)
    world.ask()
    with killed_before("after-open"):
        world.one_turn()
    read: list[str] = []
    of_kind = world.resources.of_kind

    def noted(kind: str, limit: int = NO_LIMIT, *, since: float = 0.0) -> list[Resource]:
        found = of_kind(kind, limit, since=since)
        if since:
            read.extend(each.key.id for each in found)
        return found

    world.resources.of_kind = noted  # type: ignore[method-assign]
    world.run()
    assert set(read) == {key_of(each).id for each in (replace(world.question, id="Late"), world.question)}
    assert world.texts()[-1] == "Said."


def test_a_slow_reader_does_not_lose_the_lease(world: World) -> None:
    world.inference.between = lambda _: world.clock.advance(40)
    world.inference.line_up(["a "] * 10)
    world.ask()
    world.run()
    assert " ".join(world.texts()) == ("a " * 10).strip()
    assert len(world.inference.asked) == 1


# A store that failed over and forgot


def forgets_at(world: World, point: str, *, since: str | None = None) -> None:
    """Let the store go back, at a crash point, to what it was at an earlier one: by default to before the claim."""
    images = [world.resources.image()]

    def hook(passed: str) -> None:
        if passed == since and len(images) == 1:
            images.append(world.resources.image())
        if passed == point:
            world.resources.roll_back(images[-1])
            raise Killed

    with crashing(hook), pytest.raises(Killed):
        world.run()


@pytest.mark.parametrize("point", ["after-open", "after-append", "after-close", "after-remember"])
@pytest.mark.parametrize("since", [None, "before-ask", "before-open"])
def test_a_store_that_forgot_the_answer_leaves_one_whole_answer(
    world: World, point: str, since: str | None
) -> None:
    world.ask()
    forgets_at(world, point, since=since)
    world.run()
    world.assert_answered()


def test_a_thread_is_read_before_the_first_word_only_where_something_may_be_forgotten(world: World) -> None:
    """Slack lets a workspace read so many threads a minute, and an answer would wait for its turn."""
    read: list[str] = []
    unmarked = world.streams.unmarked

    def noted(channel: str, thread_ts: str, **more: Any) -> list[str]:
        read.append(thread_ts)
        return unmarked(channel, thread_ts, **more)

    world.streams.unmarked = noted  # type: ignore[method-assign]
    world.ask()
    world.run()
    assert (world.texts(), read) == ([ANSWER], [])
    world.ask(replace(world.question, id="Ev2"))
    world.resources.roll_back(world.resources.image())  # a server that forgets begins a new era
    world.run()
    assert len(read) == 1


@pytest.mark.parametrize("forgets", [False, True])
def test_a_post_reads_slack_first_only_where_something_may_be_forgotten(
    world: World, *, forgets: bool
) -> None:
    world.streams.order("start", throttled(30))
    world.ask()
    if forgets:
        world.resources.roll_back(world.resources.image())
    world.one_turn()
    assert world.texts() == [ANSWER]
    assert (world.slack.calls["find"] > 0) is forgets


def test_an_answer_that_was_given_stays_when_the_model_sleeps_by_then(world: World) -> None:
    world.ask()
    forgets_at(world, "after-remember")
    world.answerers.fall_asleep()
    world.run()
    assert world.texts() == [ANSWER]


def test_half_an_answer_that_was_forgotten_says_why_it_ends_there(world: World) -> None:
    world.ask()
    forgets_at(world, "after-append")
    world.answerers.fall_asleep()
    world.run()
    assert world.texts() == ["`claims-router` is asleep. Wake it with `/tune serve claims-router for 2h`."]


def test_a_thread_that_cannot_be_read_is_answered_all_the_same(world: World) -> None:
    world.streams.order("unmarked", refused("missing_scope"))
    world.ask()
    world.run()
    world.assert_answered()


@pytest.mark.parametrize("pieces", [8, 40], ids=["nearly whole", "long"])
def test_an_answer_in_hand_is_finished_when_the_process_is_to_end_or_says_that_it_comes_anew(
    world: World, pieces: int
) -> None:
    world.inference.always = ["Route ", *["it "] * pieces]
    ending, whole = world.controller(), ("Route " + "it " * pieces).strip()

    def between(number: int) -> None:
        world.clock.advance(1)
        if number == 2:
            ending._stop.set()

    world.inference.between = between
    world.ask()

    def ended(result: str) -> float:
        return metrics.registry().get_sample_value(metrics.STREAMS.name, {"result": result}) or 0.0

    before = ended("whole"), ended("interrupted")
    ending.tick()
    is_whole = pieces < FINISHING
    assert (ended("whole"), ended("interrupted")) == (before[0] + is_whole, before[1] + (not is_whole))
    if is_whole:
        assert world.texts() == [whole]
        return
    assert world.texts()[0].endswith(f"it \n\n{RESTARTED}")
    world.inference.between = lambda _: None
    world.controller().tick()  # at once: its lease was given back
    assert world.texts() == [whole]
    assert world.streams.is_open("C1", world.answers()[0].ts) is False
