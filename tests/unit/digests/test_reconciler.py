"""A channel's digest: once a week, of everything that ended, whatever crashes, restarts or moves."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from bot.controller.crash_points import crashing
from bot.controller.model import Key
from bot.digests.cards import DigestCard
from bot.digests.model import UNSEEN, AnswersLine
from bot.digests.service import DigestService
from bot.spending.ledger import Entry, SpendingKind, Tokens
from tests.doubles.messages import Posted
from tests.doubles.world import Crash, World
from tests.unit.jobs.samples import plan

SUNDAY = 6
"""The tests' clock begins on a Sunday at nine in London."""


class Weeks:
    """A world and the service of its digests."""

    def __init__(self) -> None:
        self.world = World()
        self.service = DigestService(self.world.store, self.world.clock, "C9OPS")

    def trained(self, name: str = "claims-1") -> None:
        """Run one job from its plan to its end."""
        world = self.world
        job = world.jobs.propose(plan(job_name=name, model_name=name))
        world.turn()
        world.press("job", job, "start", "UTRAIN")
        world.turn()
        world.customization.training(name)
        world.pass_time(70)
        world.customization.complete(name)
        world.pass_time(200, step=20)

    def days(self, number: float) -> None:
        """Let days pass in steps of three hours: only the digest is due."""
        for _ in range(round(number * 8)):
            self.world.clock.advance(3 * 3600)
            self.world.turn()

    @property
    def told(self) -> list[Posted]:
        return self.world.said("DigestCard")

    @property
    def cards(self) -> list[DigestCard]:
        return [each for each in self.world.renderer.cards if isinstance(each, DigestCard)]


@pytest.fixture
def weeks() -> Weeks:
    return Weeks()


@pytest.mark.slow
def test_a_week_is_told_once_with_what_ended_in_it(weeks: Weeks) -> None:
    weeks.service.set("C1", "UTRAIN", SUNDAY, 10)
    weeks.trained()
    weeks.days(20)
    [told] = weeks.told
    assert (told.channel, told.thread_ts) == ("C1", None)
    assert told.at.hour == 12, "the first look after ten"
    [card] = {each.until: each for each in weeks.cards}.values()
    [line] = card.week.jobs
    assert (line.name, line.outcome) == ("claims-1", "completed")
    assert line.usd is not None
    assert line.usd > 0


@pytest.mark.slow
def test_each_week_has_its_own_and_nothing_is_told_twice(weeks: Weeks) -> None:
    weeks.service.set("C1", "UTRAIN", SUNDAY, 8)
    for number in range(4):
        weeks.trained(f"claims-{number}")
        weeks.days(7)
    weeks.days(14)
    assert len(weeks.told) == 4
    latest = {each.until: each for each in weeks.cards}.values()
    assert [line.name for card in latest for line in card.week.jobs] == [f"claims-{n}" for n in range(4)]
    resource = weeks.world.store.get(Key("digest", "C1"))
    assert resource is not None
    assert len(resource.status["outbox"]) == 2, "a thing that never ends does not grow"


def test_a_silent_week_is_passed_over(weeks: Weeks) -> None:
    weeks.service.set("C1", "UTRAIN", SUNDAY, 10)
    weeks.days(15)
    assert weeks.told == []


def test_other_channels_have_nothing_to_do_with_it_but_the_operator_sees_all(weeks: Weeks) -> None:
    weeks.service.set("C2", "UTRAIN", SUNDAY, 10)
    weeks.service.set("C9OPS", "UBOSS", SUNDAY, 10)
    weeks.trained()
    weeks.days(8)
    assert [each.channel for each in weeks.told] == ["C9OPS"]


def test_a_bot_that_was_away_tells_it_late(weeks: Weeks) -> None:
    weeks.service.set("C1", "UTRAIN", SUNDAY, 10)
    weeks.trained()
    weeks.world.clock.advance(timedelta(days=5).total_seconds())
    weeks.world.turn()
    assert len(weeks.told) == 1


@pytest.mark.slow
def test_who_moves_to_another_zone_or_day_gets_no_second_one_of_that_week(weeks: Weeks) -> None:
    weeks.service.set("C1", "UTRAIN", SUNDAY, 10)
    weeks.trained()
    weeks.days(0.5)
    assert len(weeks.told) == 1
    weeks.trained("claims-2")
    weeks.world.people.zones["UTRAIN"] = "America/Los_Angeles"
    weeks.days(1)
    weeks.service.set("C1", "UBOSS", 1, 9)
    weeks.days(2)
    assert len(weeks.told) == 1
    weeks.days(7)
    assert len(weeks.told) == 2


def test_switched_off_is_silent_and_on_again_begins_anew(weeks: Weeks) -> None:
    weeks.service.set("C1", "UTRAIN", SUNDAY, 10)
    weeks.trained()
    assert weeks.service.switch_off("C1")
    assert not weeks.service.switch_off("C1")
    weeks.days(8)
    assert weeks.told == []
    weeks.service.set("C1", "UTRAIN", SUNDAY, 10)
    weeks.days(8)
    assert weeks.told == []


def test_a_store_that_forgot_that_it_told_does_not_tell_again(weeks: Weeks) -> None:
    weeks.service.set("C1", "UTRAIN", SUNDAY, 10)
    weeks.trained()
    before = weeks.world.store.image()
    weeks.days(1)
    weeks.world.store.roll_back(before)
    weeks.days(8)
    assert len(weeks.told) == 1


def test_an_archived_channel_leads_to_who_asked_for_it(weeks: Weeks) -> None:
    weeks.service.set("C1", "UTRAIN", SUNDAY, 10)
    weeks.trained()
    weeks.world.messages.archive("C1")
    weeks.days(2)
    [told] = [each for each in weeks.world.messages.visible("DUTRAIN") if "DigestCard" in each.message.text]
    assert "is_archived" in told.message.text


def test_answers_are_told_from_the_ledger_with_what_they_were_to_cost_at_most(weeks: Weeks) -> None:
    world = weeks.world
    weeks.service.set("C1", "UTRAIN", SUNDAY, 10)
    weeks.service.set("C9OPS", "UBOSS", SUNDAY, 10)

    def asked(number: int, usd: str, **changes: Any) -> None:
        entry = Entry(
            f"question:{number}", SpendingKind.QUESTION, "U1", "C1", "notes", "nova-lite", "",
            world.clock.now() + timedelta(minutes=number), Decimal("0.50"), tokens=Tokens(40, 200), of_base=True,
        )  # fmt: skip
        world.budget_service.keep(replace(entry, **changes))
        world.budget_service.settle(replace(entry, **changes), Decimal(usd))

    asked(1, "0.01")
    asked(2, "0.02")
    asked(3, "0.04", channel="DUPAY", model="payroll")
    asked(4, "7", at=world.clock.now() + timedelta(days=9))
    weeks.days(2)
    cards = {each.channel: each.week for each in weeks.cards}
    here = AnswersLine("notes", "C1", 2, 480, Decimal("0.03"), Decimal("1.00"), of_base=True)
    assert cards["C1"].answers == (here,)
    assert (cards["C1"].usd, cards["C1"].estimated) == (Decimal("0.03"), Decimal(1))
    hidden = AnswersLine(UNSEEN, "", 1, 240, Decimal("0.04"), Decimal("0.50"), of_base=True)
    assert cards[""].answers == (hidden, here), "whose direct message it was is nobody's business"


@pytest.mark.slow
def test_a_crash_anywhere_tells_each_week_once() -> None:
    names: set[str] = set()
    for place in count(1):
        weeks, passed = Weeks(), 0
        weeks.service.set("C1", "UTRAIN", SUNDAY, 10)
        weeks.trained()
        weeks.world.clock.advance(2 * 3600)
        before = len(weeks.world.messages.everything_posted)

        def hook(name: str, place: int = place) -> None:
            nonlocal passed
            names.add(name)
            passed += 1
            if passed == place:
                raise Crash

        try:
            with crashing(hook):
                weeks.world.turn()
        except Crash:
            pass
        weeks.days(8)
        assert len(weeks.told) == len(weeks.world.messages.everything_posted) - before == 1, place
        if passed < place:
            break
    assert place > 6
    assert "after-digest" in names
