"""A private answer is for whoever asked, until they share it, once, with the question and the facts under it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.access import Access
from bot.controller.crash_points import crashing
from bot.errors import NotFound, Refused
from bot.questions.answerer import Question
from bot.questions.model import key_of
from bot.questions.service import QuestionService
from bot.rosters import Holders
from tests.doubles.bedrock import InMemoryModels
from tests.doubles.memberships import FakeMemberships
from tests.doubles.rosters import FakeRosters, people
from tests.doubles.visibility import FakeChannelMemberships, directory
from tests.tables import table
from tests.unit.jobs.samples import model
from tests.unit.questions.test_budget import NOVA, Paid
from tests.unit.questions.test_footer import footer_of
from tests.unit.questions.test_offers import offered
from tests.unit.questions.test_question import ANSWER, killed_at, whole

DIRECT = "DU1"
"""What the twin calls the direct message with that person."""


class Private(Paid):
    def __init__(self, access: Access | None = None) -> None:
        super().__init__(answerer=replace(NOVA, version="claims-router"))
        self.access = access or Access(people=FakeMemberships())
        self.billing = replace(self.billing, access=self.access)
        self.models, self.memberships = InMemoryModels(), FakeChannelMemberships()
        self.models.save(model())
        self.asked = Question("Ev1", "Stage IV?", "C1", "U1", "T1", None, private=True)
        self.ask(self.asked)

    def of(self, user: str, here: str = "") -> QuestionService:
        seen = directory(
            self.resources,
            models=self.models,
            user=user,
            here=here,
            access=self.access,
            memberships=self.memberships,
        )
        return QuestionService(self.resources, seen, self.conversations, self.clock)

    @property
    def key(self) -> str:
        return key_of(self.asked).id

    def roots(self) -> list[str]:
        return [each.message.text for each in self.slack.visible("C1")]


def test_it_comes_directly_and_the_channel_sees_nothing_of_it() -> None:
    world = Private()
    world.run()
    assert world.roots() == ["a person's words"]
    [aloud, _] = world.slack.visible(DIRECT)
    [answer] = world.slack.visible(DIRECT, aloud.ts)
    assert whole(answer) == ANSWER
    assert ("answer.share", world.key) in offered(answer)
    assert world.answerers.asked_for == [(None, "C1")], "it is the channel's model that answers"


def test_it_is_shared_once_with_its_question_and_what_stands_under_it() -> None:
    world = Private()
    world.run()
    asked = len(world.inference.asked)
    for _ in range(2):
        world.of("U1").share(world.key, "U1")
        world.run()
    [_, shared, _] = world.slack.visible("C1")
    assert shared.message.text == "<@U1> asked `claims-router`:\n>Stage IV?"
    [answer] = world.slack.visible("C1", shared.ts)
    assert whole(answer) == ANSWER
    assert footer_of(answer).startswith("`claims-router` · ")
    assert not [action for action, _ in offered(answer) if action == "answer.share"]
    assert len(world.inference.asked) == asked, "no model is asked anew"
    assert world.conversations.model_of("C1", shared.ts) == "claims-router", "whoever replies there asks on"


@pytest.mark.parametrize("here", ["", "C1", "D9"])
def test_nobody_else_has_it(here: str) -> None:
    world = Private()
    world.run()
    for press in ("share", "again", "compare"):
        service = world.of("U9", here)
        arguments = {"share": ("U9",), "again": ("t", "U9", "T1"), "compare": ("U9", "T1")}[press]
        with pytest.raises(NotFound):
            getattr(service, press)(world.key, *arguments)


def test_what_was_not_answered_is_not_shared() -> None:
    world = Private()
    world.answerers.fall_asleep()
    world.run()
    with pytest.raises(Refused, match="no answer of yours to share"):
        world.of("U1").share(world.key, "U1")


def test_one_before_all_is_shared_already() -> None:
    world = Paid()
    world.ask()
    world.run()
    with pytest.raises(Refused, match="no answer of yours to share"):
        world.service.share(key_of(world.question).id, "U1")


def _leave(world: Private) -> None:
    world.memberships.private("C1", "U2")


def _move(world: Private) -> None:
    world.models.save(replace(model(), channel="C9"))


def _close(world: Private) -> None:
    world.access = replace(world.access, channels=frozenset({"C9"}))


GONE: dict[str, tuple[Callable[[Private], None], str]] = {
    "whoever asked has left": (_leave, "You are not in the channel"),
    "the model answers there no more": (_move, "does not answer in this channel"),
    "the model is deleted": (lambda world: world.models._models.clear(), "does not answer there any more"),
    "the channel is closed": (_close, "I am not set up for this channel"),
}


def test_it_is_shared_with_no_channel_that_it_could_not_be_asked_in_now() -> None:
    """An answer is kept for a week: of who left the channel in it, nothing is posted there any more."""
    with table() as row:
        for name, (happens, why) in GONE.items():
            with row(name):
                world = Private()
                world.run()
                happens(world)
                with pytest.raises(Refused, match=why):
                    world.of("U1", DIRECT).share(world.key, "U1")
                world.run()
                assert world.roots() == ["a person's words"]


FOLLOWS: dict[str, Callable[[Private], object]] = {
    "Ask again": lambda world: world.of("U1", DIRECT).again(world.key, "t1", "U1", "T1"),
    "Compare": lambda world: world.of("U1", DIRECT).compare(world.key, "U1", "T1"),
}


def test_what_follows_it_is_asked_of_the_channel_that_it_was_asked_in() -> None:
    """Its roles, its list of channels and its budget: a direct message is no way round them, nor a dead end."""
    asks = Holders({"C1"}, FakeRosters(C1=people("U1")))
    access = Access(channels=frozenset({"C1"}), askers=asks, people=FakeMemberships())
    with table() as row:
        for name, press in FOLLOWS.items():
            with row(name):
                world = Private(access)
                world.run()
                press(world)
                world.run()
                [aloud, *_] = world.slack.visible(DIRECT)
                assert ANSWER in whole(world.slack.visible(DIRECT, aloud.ts)[1])
                assert [each.channel for each in world.ledger.kept.values()] == ["C1", "C1"]
            with row(name, "whoever asked has left"):
                world = Private(access)
                world.run()
                _leave(world)
                with pytest.raises(Refused, match="You are not in the channel"):
                    press(world)


def test_an_answer_that_follows_it_is_shared_there_too() -> None:
    world = Private()
    world.run()
    world.of("U1", DIRECT).again(world.key, "t1", "U1", "T1")
    world.run()
    [aloud, *_] = world.slack.visible(DIRECT)
    second = world.slack.visible(DIRECT, aloud.ts)[1]
    [(_, key)] = [each for each in offered(second) if each[0] == "answer.share"]
    world.of("U1", DIRECT).share(key, "U1")
    world.run()
    assert world.roots()[1] == "<@U1> asked `claims-router`:\n>Stage IV?"


def test_json_is_shared_as_the_code_that_it_was_shown_as() -> None:
    world = Private()
    world.inference.always = ['{"queue": "appeals"}']
    world.run()
    world.of("U1", DIRECT).share(world.key, "U1")
    world.run()
    [_, shared, *_] = world.slack.visible("C1")
    assert whole(world.slack.visible("C1", shared.ts)[0]) == '```json\n{"queue": "appeals"}\n```'


def shared_world() -> Private:
    world = Private()
    world.run()
    world.of("U1").share(world.key, "U1")
    return world


def places() -> list[str]:
    names: list[str] = []
    world = shared_world()
    with crashing(names.append):
        world.run()
    return names


@pytest.mark.chaos
@pytest.mark.parametrize("place", range(1, len(places()) + 1))
def test_a_process_killed_anywhere_shares_it_once(place: int) -> None:
    world = shared_world()
    with killed_at(place):
        world.run()
    world.run()
    [_, shared, _] = world.slack.visible("C1")
    [answer] = world.slack.visible("C1", shared.ts)
    assert whole(answer) == ANSWER
