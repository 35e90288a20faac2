"""The same question once more: by whoever answered it, by its base, and beside its answer."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.errors import NotFound, Refused
from bot.pricing.book import PriceBook
from bot.questions.answerer import Turn
from bot.questions.model import SCHEMA, key_of
from bot.questions.service import QuestionService
from tests.doubles.visibility import FakeChannelMemberships, directory
from tests.unit.questions.test_budget import AT_MOST, NOVA, SET, Paid
from tests.unit.questions.test_footer import footer_of
from tests.unit.questions.test_question import ANSWER, whole


def answered(hourly: bool = False) -> Paid:
    """A world in which one question was answered, and one after it."""
    world = Paid(answerer=replace(NOVA, by_token=not hourly))
    world.ask()
    world.run()
    world.ask(replace(world.question, id="Ev2", text="And then?"))
    world.run()
    return world


def test_asked_again_the_model_knows_what_it_knew_then() -> None:
    world = answered()
    world.service.again(key_of(world.question).id, "trigger1", "U2", "T1")
    world.run()
    assert world.inference.asked[-1] == [Turn("user", world.question.text)]
    assert world.answerers.asked_for[-1] == ("claims-router", "C1")
    assert world.answerers.asked_by[-1] == "U2"
    assert world.texts() == [ANSWER] * 3
    assert [each.text for each in world.conversations.turns("C1", world.root)][4:] == [
        world.question.text,
        ANSWER,
    ], "whoever goes on in the thread means the newest answer"


def test_asked_again_twice_is_the_question_itself_both_times() -> None:
    world = answered()
    world.service.again(key_of(world.question).id, "trigger1", "U2", "T1")
    world.run()
    again = key_of(replace(world.question, id="trigger1")).id
    world.service.again(again, "trigger2", "U2", "T1")
    world.run()
    assert world.inference.asked[-1] == [Turn("user", world.question.text)]


@pytest.mark.parametrize("hourly", [False, True])
def test_the_base_stands_beside_the_model_labelled_and_at_no_more_than_was_said(hourly: bool) -> None:
    world = answered(hourly)
    before = world.conversations.turns("C1", world.root)
    world.service.compare(key_of(world.question).id, "U2", "T1")
    for why in ("being asked already", "was asked already"):  # whoever presses twice compares once
        with pytest.raises(Refused, match=why):
            world.service.compare(key_of(world.question).id, "U2", "T1")
        world.run()
    [*_, beside] = world.answers()
    assert len(world.answers()) == 3
    assert whole(beside).startswith(f"_Amazon Nova Lite, the base of_ `claims-router`\n\n{ANSWER[:20]}")
    assert footer_of(beside).startswith("Amazon Nova Lite · ")
    assert world.conversations.turns("C1", world.root) == before, "it is no part of the conversation"
    compared = replace(world.question, id=f"compare:{key_of(world.question).id}")
    entry = world.ledger.kept[f"question:{key_of(compared).id}"]
    assert (entry.model, entry.owner, entry.committed) == ("nova-lite", "U2", AT_MOST)
    assert not entry.of_base, "the base's own price stands for nobody's"


def test_what_costs_more_by_now_than_was_said_is_not_asked() -> None:
    world = answered()
    dearer = {(name, kind): 2 * usd for (name, kind), usd in SET.items()}
    world.billing = replace(world.billing, prices=PriceBook(dearer))
    asked = len(world.inference.asked)
    world.service.compare(key_of(world.question).id, "U2", "T1")
    world.run()
    assert whole(world.answers()[-1]).startswith("This would cost at most $")
    assert len(world.inference.asked) == asked

    world.billing = replace(world.billing, prices=PriceBook(SET))
    world.service.compare(key_of(world.question).id, "U2", "T1")
    world.run()
    assert len(world.inference.asked) == asked + 1, "what did not come off may be tried again"
    with pytest.raises(Refused, match="was asked already"):
        world.service.compare(key_of(world.question).id, "U2", "T1")


def test_the_model_stands_beside_its_base() -> None:
    world = Paid()
    asked = replace(world.question, of_base=True)
    world.ask(asked)
    world.run()
    [base] = world.texts()
    assert base.startswith("_Amazon Nova Lite, the base of_ `claims-router`\n\nRoute it")
    assert world.conversations.turns("C1", world.root)[-1] == Turn("assistant", ANSWER), "without its label"
    world.service.compare(key_of(asked).id, "U2", "T1")
    world.run()
    assert world.texts()[-1].startswith("`claims-router`_, tuned from Amazon Nova Lite_\n\nRoute it")


def test_what_follows_the_answer_to_a_kept_question_is_labelled_as_what_it_is() -> None:
    """The base's answer is not the model's, and nobody is told to have asked who did not."""
    world = Paid()
    kept = replace(world.question, kept=True)
    world.ask(kept)
    world.run()
    assert world.texts()[0].startswith("<@U1>, `claims-router` _is awake. You asked it this:_")
    world.service.compare(key_of(kept).id, "U2", "T1")
    world.service.again(key_of(kept).id, "trigger1", "U2", "T1")
    world.run()
    beside, again = sorted(world.texts()[1:], key=len, reverse=True)
    assert beside.startswith("_Amazon Nova Lite, the base of_ `claims-router`\n\nRoute it")
    assert again == ANSWER


def test_the_base_of_a_model_that_is_asleep_answers() -> None:
    world = Paid()
    world.answerers.fall_asleep()
    world.ask(replace(world.question, of_base=True, thread_ts=None, model="claims-router"))
    world.run()
    aloud = next(each for each in world.slack.visible("C1") if each.message.text.startswith("<@U1>"))
    assert aloud.message.text.startswith("<@U1> asked the base of `claims-router`:")
    assert "Route it" in world.texts(aloud.ts)[0]


def test_who_does_not_see_the_channel_finds_no_question_there() -> None:
    world = answered()
    places = FakeChannelMemberships()
    places.private("C1", "U1")
    seen = directory(world.resources, memberships=places, user="U9", here="C2")
    service = QuestionService(world.resources, seen, world.conversations, world.clock)
    key = key_of(world.question).id
    with pytest.raises(NotFound, match="no longer have that question"):
        service.again(key, "t", "U9", "T1")
    with pytest.raises(NotFound, match="no longer have that question"):
        service.compare(key, "U9", "T1")


def test_what_was_not_answered_is_not_compared() -> None:
    world = Paid(budgets={"all": Decimal(0)})
    world.ask()
    world.run()
    with pytest.raises(Refused, match="no answer to compare"):
        world.service.compare(key_of(world.question).id, "U2", "T1")
    [kept] = world.resources.of_kind("question")
    assert SCHEMA.status_of(kept).facts is None
