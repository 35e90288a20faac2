"""Answers that cost money, asked for where nothing may be spent: by the command, by *Compare*, in a base's name."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.access import Access
from bot.questions.model import key_of
from tests.unit.questions.test_budget import NOVA, Paid
from tests.unit.questions.test_question import ANSWER, whole

ELSEWHERE = Access(channels=frozenset({"C9"}))
"""The operator lets money be spent for another channel than the one that is asked in."""


def asked(access: Access, *, by_token: bool, of_base: bool = False) -> Paid:
    world = Paid(answerer=replace(NOVA, by_token=by_token, of_base=of_base))
    world.billing = replace(world.billing, access=access)
    world.ask(replace(world.question, of_base=of_base))
    world.run()
    return world


@pytest.mark.parametrize("of_base", [False, True])
def test_nothing_is_asked_by_the_token_where_nothing_may_be_spent(of_base: bool) -> None:
    """`/ask claims-nova --base` in a direct message spent for anybody, whichever channels were allowed."""
    world = asked(ELSEWHERE, by_token=True, of_base=of_base)
    assert "Nothing may be spent from here" in whole(world.answers()[-1])
    assert world.inference.asked == []
    assert world.ledger.used("2026-11").get("C1", Decimal(0)) == 0


@pytest.mark.parametrize(
    ("access", "by_token"),
    [(ELSEWHERE, False), (Access(), True), (Access(channels=frozenset({"C1"})), True)],
)
def test_what_is_paid_for_or_may_be_spent_is_answered(access: Access, by_token: bool) -> None:
    assert asked(access, by_token=by_token).texts() == [ANSWER]


@pytest.mark.parametrize(("access", "offers"), [(ELSEWHERE, False), (Access(), True)])
def test_compare_is_offered_and_done_where_it_may_be_paid(access: Access, offers: bool) -> None:
    world = asked(access, by_token=False)
    assert ("Compare" in str(world.answers()[-1].message.blocks)) is offers
    world.answerers.answerer_ = NOVA
    world.service.compare(key_of(world.question).id, "U2", "T1")
    world.run()
    assert len(world.inference.asked) == 1 + offers
