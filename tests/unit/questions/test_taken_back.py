"""A question whose message is deleted: nothing of an answer comes any more, and the thread forgets it."""

from collections.abc import Callable

import pytest

from bot.controller.crash_points import crashing
from bot.errors import NotFound, Throttled
from bot.questions.kept import KeptEnd
from bot.questions.model import key_of
from bot.questions.service import QuestionService
from tests.doubles.messages import throttled
from tests.tables import table
from tests.unit.questions.test_kept import KeptWorld
from tests.unit.questions.test_question import ANSWER, World, killed_at


def take_back(world: World) -> None:
    """Delete it, as a person does. Slack may tell it several times."""
    world.slack._messages.pop(("C1", world.root), None)
    for _ in range(2):
        world.service.take_back(world.question.id, world.root)


def at(world: World, number: int) -> None:
    """Have that happen right before a piece of the answer comes."""

    def between(piece: int) -> None:
        world.clock.advance(2)
        if piece == number:
            take_back(world)

    world.inference.between = between


def _posted(world: World) -> None:
    world.streams.order("start", *[throttled()] * 9)
    at(world, 3)


def _waits(world: World) -> None:
    world.inference.line_up([Throttled("AWS asked me to slow down.", retry_after=30)])
    at(world, 0)


WHEN: dict[str, tuple[Callable[[World], None], int]] = {
    "before it is begun": (take_back, 0),
    "before the first word": (lambda world: at(world, 0), 1),
    "in the middle of a stream": (lambda world: at(world, 3), 1),
    "in the middle of what is no stream": (_posted, 1),
    "while AWS has no room": (_waits, 1),
}


def test_nothing_of_an_answer_is_left_and_nobody_is_asked_again() -> None:
    with table() as row:
        for name, (happens, asked) in WHEN.items():
            with row(name):
                world = World()
                world.ask()
                happens(world)
                world.run()
                assert world.slack.visible("C1") == [], "nor is it posted where its thread was"
                assert world.slack.visible("DU1") == []
                assert len(world.inference.asked) == asked
                assert world.inference.open == 0
                assert world.conversations.turns("C1", world.root) == []
                assert ("C1", world.root) not in world.sessions.at_work


def test_an_answer_that_was_given_stays_and_is_forgotten() -> None:
    """It is Slack's by then; what is read to a model with the next question is ours."""
    world = World()
    world.ask()
    world.run()
    world.service.take_back(world.question.id, world.root)
    world.run()
    assert world.texts() == [ANSWER]
    assert world.conversations.turns("C1", world.root) == []


def test_its_words_are_kept_nowhere_and_nobody_asks_it_again() -> None:
    world = World()
    world.ask()
    world.run()
    take_back(world)
    world.run()
    [resource] = world.resources.of_kind("question")
    assert world.question.text not in str((resource.spec, resource.status))
    with pytest.raises(NotFound, match="was deleted"):
        world.service.again(key_of(world.question).id, "trigger1", "U2", "T1")


def test_what_the_store_knows_no_more_is_forgotten_too() -> None:
    world = World()
    world.ask()
    world.run()
    world.resources._rows.clear()
    world.service.take_back(world.question.id, world.root)
    assert world.conversations.turns("C1", world.root) == []


def test_others_in_the_thread_are_answered() -> None:
    world = World()
    world.ask()
    world.service.take_back("C1.unknown", world.root)
    world.run()
    assert world.texts() == [ANSWER]


def test_what_is_kept_is_kept_no_longer() -> None:
    world = KeptWorld()
    asked = world.ask(user="UASK")
    before = len(world.inference.asked)
    seen = world.directory("UASK", "C1")
    QuestionService(world.store, seen, world.conversations, world.clock).take_back("Ev1", world.root)
    world.turn()
    world.wake()
    world.awake()
    assert len(world.inference.asked) == before
    assert world.kept_of(asked)[1].end is KeptEnd.FORGOTTEN


def places() -> list[str]:
    names: list[str] = []
    world = World()
    world.ask()
    at(world, 3)
    with crashing(names.append):
        world.run()
    return names


@pytest.mark.chaos
@pytest.mark.parametrize("place", range(1, len(places()) + 1))
def test_a_process_killed_anywhere_leaves_nothing_of_it(place: int) -> None:
    world = World()
    world.ask()
    at(world, 3)
    with killed_at(place):
        world.run()
    take_back(world)
    world.run()
    assert world.slack.visible("C1") == []
    assert world.conversations.turns("C1", world.root) == []
