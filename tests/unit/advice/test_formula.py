"""The break-even table that was computed by hand (50 dollars an hour, one unit, all prefixes hit), and its edges."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.advice import claude, formula
from bot.advice.comparison import famous_point
from bot.advice.formula import Load, Rates

_HAIKU_3 = Rates(Decimal("0.25"), Decimal("1.25"))
_ANY_SIZE = replace(claude.HAIKU_5_5.rates.cache, minimum=0) if claude.HAIKU_5_5.rates.cache else None
_HAIKU_5_5 = replace(claude.HAIKU_5_5.rates, cache=_ANY_SIZE)
"""The table takes it to cache a prefix of any size."""
_COLUMNS = (
    _HAIKU_3, claude.HAIKU_4_5.rates, claude.SONNET_4_6.rates, claude.SONNET_5_5.rates, _HAIKU_5_5,
)  # fmt: skip
_TABLE = {
    (0, 200, 100): ("79.4", "18.0", "6.0", "9.0", "180"),
    (500, 200, 100): ("46.3", "10.5", "3.5", "5.3", "168"),
    (1500, 300, 150): ("21.8", "5.0", "3.5", "5.6", "105"),
    (4096, 300, 150): ("10.8", "8.7", "2.9", "5.0", "86.5"),
    (8000, 500, 300): ("5.6", "4.5", "1.5", "2.6", "45"),
}


def load(prefix: int, put_in: int, given_out: int, hit: str = "1", rate: str = "1") -> Load:
    return Load(Decimal(prefix), Decimal(put_in), Decimal(given_out), Decimal(hit), Decimal(rate))


def test_the_table_of_break_even_rates() -> None:
    made = {
        sizes: tuple(
            str(round(formula.break_even(Decimal(50), 1, rates.question(load(*sizes))), _digits(shown)))
            for rates, shown in zip(_COLUMNS, row, strict=True)
        )
        for sizes, row in _TABLE.items()
    }
    assert made == _TABLE


def _digits(shown: str) -> int | None:
    return len(shown.partition(".")[2]) or None


def test_the_figure_of_eighty_a_second_is_the_first_point_of_that_table() -> None:
    assert round(famous_point(), 1) == Decimal("79.4")


@pytest.mark.parametrize(
    ("of", "percent"), [(claude.SONNET_5_5, "20.8"), (claude.HAIKU_4_5, "21.7"), (claude.SONNET_5, "21.7")]
)
def test_the_share_of_hits_from_which_caching_is_cheaper(of: claude.Claude, percent: str) -> None:
    cache = of.rates.cache
    assert cache is not None
    assert round(cache.break_even * 100, 1) == Decimal(percent)
    at = load(10_000, 0, 0, hit=str(cache.break_even))
    assert round(of.rates.question(at), 9) == round(replace(of.rates, cache=None).question(at), 9)
    hourly = formula.Cache(1, Decimal(2), Decimal("0.1"))
    assert round(hourly.break_even * 100, 1) == Decimal("52.6")


@pytest.mark.parametrize(("prefix", "is_cached"), [(0, False), (4095, False), (4096, True)])
def test_a_prefix_below_the_minimum_is_read_in_full(prefix: int, is_cached: bool) -> None:
    rates, asked = claude.HAIKU_4_5.rates, load(prefix, 300, 150)
    assert rates.caches(asked) is is_cached
    assert (rates.question(asked) == replace(rates, cache=None).question(asked)) is not is_cached


def test_a_long_prompt_costs_what_it_costs_above_its_bound() -> None:
    short, long = load(0, 100_000, 10), load(0, 100_001, 10)
    rates = claude.HAIKU_5_5.rates
    assert rates.question(long) == 5 * replace(rates, longer=None).question(long)
    assert rates.question(short) == replace(rates, longer=None).question(short)


@pytest.mark.parametrize(
    ("hour", "month"), [("50", "36501.95"), ("49.50", "36136.95"), ("60.50", "44166.95")]
)
def test_a_month_of_throughput_has_730_hours_and_the_models_storage(hour: str, month: str) -> None:
    assert formula.floor(Decimal(hour), 1, Decimal("1.95")) == Decimal(month)


def test_both_sides_cost_the_same_at_the_break_even() -> None:
    question = Decimal("0.0002")
    rate = formula.break_even(Decimal(50), 2, question)
    assert round(formula.month(question, rate), 9) == formula.floor(Decimal(50), 2)
    assert formula.hour_worth(2, question, rate) == 50
