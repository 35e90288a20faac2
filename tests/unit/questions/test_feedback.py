"""Votes on answers: who may, which counts, and who reads them."""

from dataclasses import replace

import pytest

from bot.errors import NotFound
from bot.questions.feedback_service import FeedbackService
from bot.questions.model import key_of
from tests.doubles.bedrock import InMemoryModels
from tests.doubles.feedback import InMemoryFeedback
from tests.doubles.visibility import FakeChannelMemberships, directory
from tests.unit.jobs.samples import model
from tests.unit.questions.test_budget import NOVA, Paid


class Voting(Paid):
    """An answer in a channel, and people who think of it."""

    def __init__(self) -> None:
        super().__init__(answerer=replace(NOVA, version="claims-router"))
        self.feedback, self.places, self.models = (
            InMemoryFeedback(),
            FakeChannelMemberships(),
            InMemoryModels(),
        )
        self.models.save(model())
        self.ask()
        self.run()
        self.key = key_of(self.question).id

    def of(self, user: str, here: str = "C1") -> FeedbackService:
        seen = directory(self.resources, models=self.models, user=user, here=here, memberships=self.places)
        return FeedbackService(self.feedback, seen, self.clock)


def test_each_person_has_one_vote_on_an_answer_and_may_change_it() -> None:
    world = Voting()
    for user, good in (("U1", True), ("U2", True), ("U3", False), ("U2", False), ("U3", False)):
        world.of(user).vote(world.key, user, good=good)
    assert world.of("U1").tally("claims-router") == (1, 2)
    assert world.of("U1").tally("unknown") == (0, 0)


def test_a_vote_on_the_base_is_none_on_the_model() -> None:
    world = Voting()
    asked = replace(world.question, id="Ev2", of_base=True)
    world.ask(asked)
    world.run()
    world.of("U1").vote(key_of(asked).id, "U1", good=True)
    assert world.of("U1").tally("claims-router") == (0, 0)
    assert [each.user for each in world.feedback.of_version("nova-lite")] == ["U1"]


def test_who_does_not_see_the_channel_neither_votes_nor_reads_votes() -> None:
    world = Voting()
    world.of("U1").vote(world.key, "U1", good=True)
    world.places.private("C1", "U1")
    with pytest.raises(NotFound, match="no longer have that answer"):
        world.of("U9", "C2").vote(world.key, "U9", good=True)
    assert world.of("U9", "C2").tally("claims-router") == (0, 0)
    assert world.of("U1", "C2").tally("claims-router") == (1, 0)


def test_what_was_not_answered_is_not_voted_on() -> None:
    world = Voting()
    world.answerers.fall_asleep()
    asked = replace(world.question, id="Ev2")
    world.ask(asked)
    world.run()
    with pytest.raises(NotFound):
        world.of("U1").vote(key_of(asked).id, "U1", good=True)
