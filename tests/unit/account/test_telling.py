"""What a look at the account found is kept as values, and put into words when it is told."""

import pytest

from bot.account.cards import AccountNews, ClocksApart
from bot.account.reconciler import SCHEMA, AccountStatus, registration
from bot.account.telling import note_down, tell
from bot.controller.context import Context
from bot.controller.schema import OfRegion
from bot.jobs.cards import JobRecovered
from bot.kinds import RECOVERIES
from bot.spending.recovery import Found
from handlers.ui.cards.account import SHOWN_LINES
from handlers.ui.render import DRAWN, render
from tests.doubles.resources import claimed
from tests.doubles.world import World

LOST = JobRecovered("claims", "us-west-2", "C1", with_plan=False)
NEWS = {"JobRecovered": JobRecovered}


def step_of(world: World) -> Context[OfRegion, AccountStatus]:
    return claimed(world.store, world.clock, registration("us-west-2"), SCHEMA)


def test_what_was_found_is_told_once_in_words_after_it_was_kept() -> None:
    world = World()
    context = step_of(world)
    note_down(context.status.untold, [Found(LOST, channel="C1", owner="U1")], ["COPS"], 5.0)
    context.save()
    assert [each["place"] for each in context.saved["account"]["untold"]] == ["COPS", "C1"]

    tell(context, context.status.untold, world.outbox, world.renderer, NEWS)
    tell(context, context.status.untold, world.outbox, world.renderer, NEWS)

    said = world.said("I compared the AWS account")
    assert sorted(each.channel for each in said) == ["C1", "COPS"]
    words = (
        "I compared the AWS account with what I know:\nI had lost track of the job `claims` in us-west-2, and follow "
        "it again in <#C1>. Its plan is lost as well, so I know neither its cost nor the system prompt that it was "
        "trained with."
    )
    assert {each.message.text for each in said} == {words}
    assert context.saved["account"]["untold"] == []


def test_what_only_a_newer_release_has_words_for_stays_to_be_told_by_that() -> None:
    world = World()
    context = step_of(world)
    note_down(context.status.untold, [Found(LOST)], ["COPS"], 5.0)
    with pytest.raises(KeyError):
        tell(context, context.status.untold, world.outbox, world.renderer, {})

    tell(context, context.status.untold, world.outbox, world.renderer, NEWS)
    assert len(world.said("I compared")) == 1


def test_whatever_a_look_may_find_has_words() -> None:
    news = [each for recovery in RECOVERIES for each in recovery.news]
    assert len(news) > 3
    assert [each.__name__ for each in [*news, ClocksApart] if each not in DRAWN] == []


def test_more_than_a_message_has_room_for_is_counted() -> None:
    message = render(AccountNews((render(LOST),) * (SHOWN_LINES + 2)))

    assert "… and 2 more; the log has them all." in str(message.blocks[-1])
    assert str(message.blocks).count("I had lost track") == SHOWN_LINES
