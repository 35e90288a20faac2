from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.pricing.answers import Average, prices_of, thousand
from bot.pricing.book import PriceBook
from bot.pricing.estimates import throughput, training
from bot.pricing.model import Quote
from bot.pricing.money import about, at_most, fine, money, upwards
from bot.profiles.model import PriceKind, Profile, Serving
from bot.profiles.registry import PROFILES, get
from bot.spending.approval import needs_approval

HAIKU, MICRO, NOVA2 = get("claude-3-haiku"), get("nova-micro"), get("nova-2-lite")


def test_the_operators_price_goes_first() -> None:
    book = PriceBook({("nova-micro", PriceKind.TRAINING): Decimal("0.5")})

    assert book.quote(MICRO, PriceKind.TRAINING) == Quote(
        PriceKind.TRAINING, Decimal("0.5"), "set by the operator"
    )


def test_a_published_price_comes_with_its_source_and_date() -> None:
    quote = PriceBook({}).quote(MICRO, PriceKind.TRAINING)

    assert quote.usd == Decimal("0.001")
    assert quote.source.endswith("as of 2026-08-01")


def test_a_price_that_nobody_published_is_not_invented() -> None:
    quote = PriceBook({}).quote(HAIKU, PriceKind.MODEL_UNIT_HOUR)

    assert quote.usd is None
    assert "operator can set one" in quote.source


def test_a_deployment_costs_nothing_while_idle() -> None:
    book = PriceBook({("nova-micro", PriceKind.MODEL_UNIT_HOUR): Decimal(60)})

    assert book.serving_hour(MICRO, Serving.ON_DEMAND_DEPLOYMENT).usd == 0
    assert book.serving_hour(MICRO, Serving.PROVISIONED_THROUGHPUT).usd == 60


def test_training_is_tokens_times_epochs_times_price() -> None:
    estimate = training(PriceBook({}), MICRO, tokens=1_000_000, hyperparameters={"epochCount": "3"})

    assert (estimate.epochs, estimate.usd) == (3, Decimal(3))


def test_an_unpriced_base_has_no_estimate() -> None:
    assert training(PriceBook({}), HAIKU, tokens=1000, hyperparameters={"epochCount": "2"}).usd is None


def test_without_a_known_number_of_epochs_there_is_no_estimate() -> None:
    estimate = training(PriceBook({}), NOVA2, tokens=1000, hyperparameters={})

    assert (estimate.epochs, estimate.usd) == (0, None)


@pytest.mark.parametrize(
    ("seconds", "usd"),
    [(-5, 0), (0, 0), (1, 12), (3600, 12), (3601, 24), (7200, 24), (Decimal("7200.001"), 36)],
)
def test_a_begun_hour_of_throughput_counts_whole(seconds: Decimal, usd: int) -> None:
    hour = Quote(PriceKind.MODEL_UNIT_HOUR, Decimal(12), "")
    assert throughput(hour, timedelta(seconds=float(seconds)), 1) == usd


def test_a_lease_of_two_units_costs_twice() -> None:
    hour = timedelta(hours=1)
    assert throughput(Quote(PriceKind.MODEL_UNIT_HOUR, Decimal(12), ""), hour, 2) == 24
    assert throughput(Quote(PriceKind.MODEL_UNIT_HOUR, None, ""), hour, 2) is None


@pytest.mark.parametrize(
    ("usd", "words"),
    [
        ("0.421", "$0.43"),
        ("0.42", "$0.42"),
        ("0.001", "less than $0.01"),
        ("0", "$0.00"),
        (None, "price unknown"),
    ],
)
def test_an_amount_that_nothing_may_exceed_is_rounded_up(usd: str | None, words: str) -> None:
    assert upwards(None if usd is None else Decimal(usd)) == words


@pytest.mark.parametrize(
    ("usd", "text"),
    [
        (None, "price unknown"),
        (Decimal(0), "$0.00"),
        (Decimal("0.001"), "less than $0.01"),
        (Decimal("0.42"), "$0.42"),
        (Decimal("0.425"), "$0.43"),
        (Decimal(8712), "$8,712.00"),
    ],
)
def test_money_is_written_for_people(usd: Decimal | None, text: str) -> None:
    assert money(usd) == text


def test_bounds_and_reckonings_say_so() -> None:
    assert at_most(Decimal(2)) == "at most $2.00"
    assert about(Decimal(2)) == "≈ $2.00"
    assert at_most(Decimal("0.001")) == about(Decimal("0.001")) == "less than $0.01", (
        "and not at most less than"
    )
    assert at_most(None) == about(None) == "price unknown"


@pytest.mark.parametrize(
    ("cost", "words"),
    [(Decimal(25), ""), (Decimal("25.01"), "without approval"), (None, "unknown"), (Decimal(0), "")],
)
def test_approval_is_needed_over_the_limit_or_without_a_price(cost: Decimal | None, words: str) -> None:
    reason = needs_approval(cost, Decimal(25))

    assert (words in reason) if words else reason == ""


def test_answers_of_a_tuned_model_cost_what_the_base_does_and_say_so() -> None:
    base = prices_of(PriceBook({}), MICRO)
    assert base.cost(1_000_000, 1_000_000) == Decimal("0.035") + Decimal("0.14")
    assert base.of_base
    assert "litellm" in base.put_in.source
    theirs = {("nova-micro", PriceKind.INPUT): Decimal(1), ("nova-micro", PriceKind.OUTPUT): Decimal(2)}
    assert not prices_of(PriceBook(theirs), MICRO).of_base, "the operator reads their bill"
    assert prices_of(PriceBook({}), replace(MICRO, prices=())).cost(1, 1) is None


def test_a_thousand_questions_cost_what_the_average_one_does_a_thousand_times() -> None:
    average = Average(4, 1_200, 400)  # 300 read and 100 written for each
    cost = thousand(PriceBook({}), MICRO, average)
    assert cost is not None
    assert (cost.usd, cost.of_base) == (
        Decimal("0.3") * Decimal("0.035") + Decimal("0.1") * Decimal("0.14"),
        True,
    )
    assert thousand(PriceBook({}), MICRO, None) is None
    unknown = thousand(PriceBook({}), replace(MICRO, prices=()), average)
    assert unknown is not None
    assert (unknown.usd, unknown.of_base) == (None, False)


@pytest.mark.parametrize("base", PROFILES.values(), ids=PROFILES)
def test_every_base_has_the_price_of_its_tokens_with_date_and_source(base: Profile) -> None:
    for kind in (PriceKind.INPUT, PriceKind.OUTPUT):
        price = base.price(kind)
        assert price is not None
        assert price.usd > 0
        assert price.source
        assert price.as_of.year >= 2026


@pytest.mark.parametrize(
    ("usd", "said"),
    [
        ("0", "$0.00"), ("0.0000478", "$0.000048"), ("0.000999", "$0.001"), ("0.0014", "$0.0014"),
        ("0.00999", "$0.01"), ("0.0123", "$0.01"), ("1234.5", "$1,234.50"), (None, "price unknown"),
    ],
)  # fmt: skip
def test_fractions_of_a_cent_keep_two_digits(usd: str | None, said: str) -> None:
    assert fine(None if usd is None else Decimal(usd)) == said
