"""Stop, as Slack documents it: the work on a question ends, whether or not an answer is streamed.

docs.slack.dev/reference/events/agent_session_stopped: "Stop any in-progress work for the given channel and thread.
Clean up resources and confirm to the user that work has stopped. Transition the session away from processing."
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from bot.errors import Throttled
from bot.questions.answerer import Turn
from bot.questions.service import QuestionService
from tests.doubles.messages import throttled
from tests.doubles.visibility import directory
from tests.unit.questions.test_question import World, killed_at, passing

SAID = "Route it to oncology. Ask for"
BY = "_Stopped by <@U2>._"


@pytest.fixture
def world() -> World:
    return World()


def hear(world: World, channel: str = "C1", thread: str | None = None) -> None:
    """Have the event come: it says who pressed."""
    seen = directory(world.resources, user="U2", here=channel)
    QuestionService(world.resources, seen, world.conversations, world.clock).stop(thread or world.root, "U2")


def end_stream(world: World) -> None:
    """Have Slack end what is streamed."""
    for answer in world.answers():
        if world.streams.is_open("C1", answer.ts):
            world.streams.press_stop("C1", answer.ts)


def at(world: World, number: int, *acts: Callable[[World], None], seconds: float = 1.0) -> None:
    """Do something right before a piece of the answer comes."""

    def between(piece: int) -> None:
        world.clock.advance(seconds)
        if piece == number:
            for act in acts:
                act(world)

    world.inference.between = between


def at_work(world: World) -> bool:
    """Whether people see the session as processing: the end of a stream moves it, too."""
    said_so = ("C1", world.root) in world.sessions.at_work
    return said_so and world.streams.went_on[-1:] != [False]


def posted(world: World) -> None:
    world.streams.order("start", *[throttled()] * 9)
    at(world, 3, hear, seconds=2)


def code(world: World) -> None:
    world.inference.line_up(["Like\n", "```\n", "a = 1", "\nb = 2"])
    at(world, 3, hear)


@dataclass(frozen=True)
class Row:
    """When stop is pressed, what people read in the thread then, and what the conversation keeps of the answer."""

    press: Callable[[World], None]
    texts: list[str]
    kept: str = ""


ROWS: dict[str, Row] = {
    "before the first word": Row(lambda world: at(world, 0, hear), [BY]),
    "in the middle of a stream": Row(lambda world: at(world, 3, end_stream, hear), [f"{SAID}\n\n{BY}"], SAID),
    "the event before the stream's end": Row(lambda world: at(world, 3, hear), [f"{SAID}\n\n{BY}"], SAID),
    "no event at all": Row(lambda world: at(world, 3, end_stream), [f"{SAID}\n\n_Stopped._"], SAID),
    "an answer that is no stream": Row(posted, [f"{SAID}\n\n{BY}"], SAID),
    "code that was cut off": Row(code, [f"Like\n```\na = 1\n```\n\n{BY}"], "Like\n```\na = 1"),
}


@pytest.mark.parametrize("name", ROWS)
def test_the_work_ends_and_says_who_stopped_it(world: World, name: str) -> None:
    row = ROWS[name]
    row.press(world)
    world.ask()
    world.run()
    assert [text.replace(" \n\n_", "\n\n_") for text in world.texts()] == row.texts
    assert all(each.marker and not world.streams.is_open("C1", each.ts) for each in world.answers())
    assert world.inference.open == 0, "nobody pays for what nobody reads"
    assert len(world.inference.asked) == 1
    assert not at_work(world), "the status is the app's to move"
    turns = world.conversations.turns("C1", world.root)
    kept = [Turn("assistant", f"{row.kept}\n\n[This answer was cut off here.]")] if row.kept else []
    assert [each for each in turns if each.role == "assistant"] == kept
    assert world.conversations.model_of("C1", world.root) == "claims-router", "whoever goes on there means it"


def test_a_question_that_is_stopped_before_the_model_is_asked_leaves_the_thread_to_that_model(
    world: World,
) -> None:
    world.ask(replace(world.question, model="claims-router"))
    hear(world)
    world.run()
    assert (world.texts(), world.inference.asked) == ([BY], [])
    assert world.conversations.model_of("C1", world.root) == "claims-router"
    world.ask(replace(world.question, id="Ev2"))
    world.run()
    assert world.answerers.asked_for[-1] == ("claims-router", "C1")


def test_an_event_that_comes_after_the_end_of_the_stream_still_says_who(world: World) -> None:
    at(world, 3, end_stream)
    world.ask()
    world.one_turn()
    world.clock.advance(2)
    hear(world)
    world.run()
    assert [text.replace(" \n\n_", "\n\n_") for text in world.texts()] == [f"{SAID}\n\n{BY}"]
    assert len(world.inference.asked) == 1


def test_a_session_is_processing_from_before_the_model_is_asked_until_its_answer_is_there(
    world: World,
) -> None:
    seen: list[bool] = []
    at(world, 0, lambda world: seen.append(("C1", world.root) in world.sessions.at_work))
    world.ask()
    world.run()
    assert seen == [True]
    assert world.sessions.told == [("C1", world.root, "working")], "the end of the stream says the rest"
    assert world.streams.went_on == [False]


def test_a_long_answer_can_be_stopped_in_each_of_its_messages(world: World) -> None:
    world.inference.line_up([f"Line {number}: {'é' * 90}\n" for number in range(120)])
    at(world, 110, end_stream, hear)
    world.ask()
    world.run()
    texts = world.texts()
    assert len(texts) == 3
    assert texts[2].endswith(BY)
    assert sum("Stopped" in text for text in texts) == 1
    assert world.streams.went_on == [True, True], "each but the last is closed with more to come"


def test_a_question_that_waits_for_aws_is_not_asked_again(world: World) -> None:
    world.inference.line_up([Throttled("AWS asked to slow down.", retry_after=50)])
    world.ask()
    world.one_turn()
    hear(world)
    world.one_turn()
    assert world.texts() == [BY], "whoever pressed does not wait for AWS"
    world.run()
    assert len(world.inference.asked) == 1


def test_only_what_is_answered_in_that_thread_of_that_channel_ends(world: World) -> None:
    world.ask()
    hear(world, channel="C2")
    hear(world, thread="1.1")
    world.run()
    world.assert_answered()


def test_an_answer_that_is_there_already_stays_whole(world: World) -> None:
    world.ask()
    world.run()
    hear(world)
    world.run()
    world.assert_answered()


def test_the_first_to_press_is_named(world: World) -> None:
    def press(world: World) -> None:
        hear(world)
        seen = directory(world.resources, user="U3", here="C1")
        QuestionService(world.resources, seen, world.conversations, world.clock).stop(world.root, "U3")

    at(world, 0, press)
    world.ask()
    world.run()
    assert world.texts() == [BY]


def test_a_question_asked_aloud_is_stopped_in_its_own_thread(world: World) -> None:
    def press(world: World) -> None:
        asked = next(each for each in world.slack.visible("C1") if each.message.text.startswith("<@U1>"))
        hear(world, thread=asked.ts)

    at(world, 0, press)
    world.ask(replace(world.question, thread_ts=None))
    world.run()
    asked = next(each for each in world.slack.visible("C1") if each.message.text.startswith("<@U1>"))
    assert world.texts(asked.ts) == [BY]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["before the first word", "in the middle of a stream"])
def test_wherever_the_process_dies_it_is_said_once_who_stopped_it(name: str) -> None:
    counted: list[str] = []
    world = World()
    ROWS[name].press(world)
    world.ask()
    with passing(counted):
        world.run()
    wrong: list[str] = []
    for place, point in enumerate(counted, 1):
        world = World()
        ROWS[name].press(world)
        world.ask()
        with killed_at(place):
            world.run()
        world.run()
        texts = world.texts()
        said = sum(BY in text for text in texts)
        left = [each.ts for each in world.answers() if world.streams.is_open("C1", each.ts)]
        if said != 1 or left or len(texts) > 2 or at_work(world):
            wrong.append(f"{place} {point}: {texts} {left} {world.sessions.told}")
    assert len(counted) > 5
    assert wrong == []
