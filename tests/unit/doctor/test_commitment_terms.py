"""What the doctor says of the terms that are switched on."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

from bot.checkup import Level
from bot.doctor.checks.commitment_terms import at
from bot.doctor.surroundings import Surroundings
from bot.profiles import registry
from bot.profiles.model import PriceKind, Term
from bot.setting_money import Prices


def lines(*terms: Term, prices: Prices | None = None) -> list[tuple[Level, str, str]]:
    settings: Any = SimpleNamespace(commitment_terms=frozenset(terms), prices=prices or {})
    surroundings = SimpleNamespace(
        settings=settings, profiles=[registry.get("claude-3-haiku"), registry.get("nova-lite")]
    )
    return [(each.level, each.said, each.mend) for each in at(cast(Surroundings, surroundings))]


def test_nothing_is_said_while_none_is_switched_on() -> None:
    assert lines() == []


def test_a_term_that_is_switched_on_is_told_and_one_without_a_price_is_warned_of() -> None:
    [on, warned] = lines(Term.ONE_MONTH)

    assert on[0] is Level.GOOD
    assert "may be bought for 1 month" in on[1]
    assert warned[0] is Level.WARNING
    assert "claude-3-haiku" in warned[1]
    assert "claude-3-haiku.model_unit_hour_1_month=" in warned[2]


def test_one_with_a_price_is_told_alone() -> None:
    prices = {("claude-3-haiku", PriceKind.MODEL_UNIT_HOUR_6_MONTHS): Decimal(4)}
    bases = {each for each in registry.PROFILES if "provisioned-throughput" in registry.get(each).serving}
    prices |= {(each, PriceKind.MODEL_UNIT_HOUR_6_MONTHS): Decimal(4) for each in bases}

    assert [level for level, _, _ in lines(Term.SIX_MONTHS, prices=prices)] == [Level.GOOD]
