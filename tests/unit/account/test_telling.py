"""What a look at the account found is kept as values, and put into words when it is told."""

import pytest

from bot.account.cards import AccountNews, ClocksApart
from bot.account.reconciler import SCHEMA, AccountStatus, registration
from bot.account.telling import note_down, tell
from bot.controller.context import Context
from bot.controller.model import Key, Registration
from bot.controller.schema import OfRegion
from bot.discovery import collect
from bot.jobs.cards import JobRecovered
from bot.kinds import RECOVERIES
from bot.spending.recovery import Found
from handlers.ui.cards.account import SHOWN_LINES
from handlers.ui.render import DRAWN, render
from tests.doubles.resources import claimed
from tests.doubles.world import World
from tests.tables import table

LOST = JobRecovered("claims", "us-west-2", "C1", with_plan=False)
NEWS = {"JobRecovered": JobRecovered}


def step_of(world: World) -> Context[OfRegion, AccountStatus]:
    return claimed(world.store, world.clock, registration("us-west-2"), SCHEMA)


def test_what_was_found_is_told_once_in_words_after_it_was_kept() -> None:
    world = World()
    context = step_of(world)
    note_down(
        context.status.untold, [Found(LOST, channel="C1", owner="U1", reference="job:ab12")], ["COPS"], 5.0
    )
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
    elsewhere = words.replace("`claims`", "`job:ab12`").replace("again in <#C1>", "again where it is told")
    assert {each.channel: each.message.text for each in said} == {"C1": words, "COPS": elsewhere}
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


def test_a_channel_of_the_operators_reads_no_name_of_what_came_from_another() -> None:
    """Whatever a look may find: of a private channel's things it has the reference, and people have all of it."""
    key = Key("release", "ab12")
    news = {each for recovery in RECOVERIES for each in recovery.news}
    examples = [card for each in collect("handlers.ui.examples", "EXAMPLES") for card in each.values()]
    shown = [card for card in examples if type(card) in news]
    assert {type(each) for each in shown} == news
    with table() as row:
        for card in shown:
            with row(type(card).__name__):
                name = str(getattr(card, "name", None) or getattr(card, "model", None))
                home = getattr(card, "channel", None) or "C1"
                found = Found(card, (Registration(key, {}),), channel=home)
                for place, names in (("COPS", False), (home, True), ("UOPER", True)):
                    said = render(found.told_in(place)).text
                    assert (name in said) is names, said
                    assert (str(key) in said) is not names, said
                    assert names or home not in said, said


def test_more_than_a_message_has_room_for_is_counted() -> None:
    message = render(AccountNews((render(LOST),) * (SHOWN_LINES + 2)))

    assert "… and 2 more; the log has them all." in str(message.blocks[-1])
    assert str(message.blocks).count("I had lost track") == SHOWN_LINES
