"""What advice is about: as it is typed, measured, or not known."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bot.advice.asking import Measured, Typed, basis, measure, read
from bot.advice.comparison import Way, advise
from bot.advice.words import figure, how_often, recommended
from bot.errors import Refused
from bot.pricing.book import PriceBook
from bot.profiles.registry import get
from bot.spending.ledger import Entry, EntryState, SpendingKind, Tokens

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
MEASURED = Measured(
    20, NOW, Decimal(1_000), Decimal(200), Decimal(50), Decimal("0.5"), Decimal("0.01")
)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "name", "read_as"),
    [
        ("", "", Typed()),
        ("nova-lite in=300 OUT=1.5k", "nova-lite", Typed(put_in=Decimal(300), given_out=Decimal(1500))),
        ("rate=90/min hit=90%", "", Typed(rate=Decimal("1.5"), hit=Decimal("0.9"))),
        ("rate=7,200/hour hit=0.25", "", Typed(rate=Decimal(2), hit=Decimal("0.25"))),
        ("rate=86400/days prefix=4_096", "", Typed(rate=Decimal(1), prefix=Decimal(4096))),
        ("rate=2 hour=$49.50 units=3 m", "m", Typed(rate=Decimal(2), hour=Decimal("49.50"), units=3)),
    ],
)
def test_figures_are_read_as_people_write_them(typed: str, name: str, read_as: Typed) -> None:
    assert read(typed.split()) == (name, read_as)


@pytest.mark.parametrize(
    "typed",
    [
        "in=many", "in=", "in=-5", "in=1e9", "in=99999999999", "hit=101%", "rate=0", "rate=2/fortnight", "tokens=5",
        "units=0", "units=1.5", "a b", "hour=NaN", "in=1.2.3",
    ],
)  # fmt: skip
def test_what_cannot_be_reckoned_with_says_how_it_is_written(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        read(typed.split())
    assert "`" in refused.value.sentence


def test_what_was_typed_goes_before_what_was_measured() -> None:
    found = basis(Typed(given_out=Decimal(400)), MEASURED).load
    assert [found.prefix, found.put_in, found.given_out, found.hit, found.rate] == [
        1_000, 200, 400, Decimal("0.5"), Decimal("0.01"),
    ]  # fmt: skip
    assert basis(Typed(prefix=Decimal(700)), MEASURED).load.put_in == 500, "of a prompt of 1,200 that is read"
    assert basis(Typed(put_in=Decimal(80)), MEASURED).load.prefix == 0


def test_hits_are_computed_from_a_rate_that_was_typed() -> None:
    found = basis(Typed(rate=Decimal(1) / 300), MEASURED)
    assert round(found.load.hit, 4) == Decimal("0.6321")
    assert found.assumed == ("hit",)


def test_nothing_is_guessed() -> None:
    with pytest.raises(Refused, match=r"I need `in` and `rate` from you"):
        basis(Typed(given_out=Decimal(1)), None)


def asked(minutes: float, tokens: Tokens | None) -> Entry:
    at = NOW - timedelta(minutes=minutes)
    return Entry(
        f"question:{minutes}", SpendingKind.QUESTION, "U1", "C1", "m", "nova-lite", "", at, None,
        state=EntryState.SETTLED, tokens=tokens,
    )  # fmt: skip


def test_questions_tell_their_own_sizes_hits_and_rate() -> None:
    sizes = [Tokens(1_000 + 10 * number, 50) for number in range(11)]
    times = [0, 1, 2, 3, 4, 100, 200, 300, 400, 500, 2 * 24 * 60]
    found = measure([asked(*each) for each in zip(times, sizes, strict=True)], NOW)
    assert found is not None
    assert [found.answers, found.prefix, found.put_in, found.given_out] == [11, 1_000, 50, 50]
    assert found.hit == Decimal(4) / 11
    assert found.rate == Decimal(11) / (2 * 86_400)
    few = measure([asked(1, Tokens(500, 20)), asked(2, None)], NOW)
    assert few is not None
    assert [few.prefix, few.put_in, few.rate] == [0, 500, Decimal(2) / 86_400], (
        "two are no prefix, minutes no day"
    )
    assert measure([asked(1, None)], NOW) is None


LOAD = basis(read(["in=200", "out=100", "rate=2/s"])[1], None).load


def test_the_cheapest_month_is_first_and_what_has_no_price_last() -> None:
    advice = advise(PriceBook({}), get("nova-lite"), LOAD)
    months = [each.month for each in advice.alternatives]
    assert months[-1] is None
    assert advice.alternatives[-1].way is Way.THROUGHPUT
    known = [each for each in months if each is not None]
    assert known == sorted(known)
    tuned, base = advice.of(Way.TUNED), advice.of(Way.BASE)
    assert tuned is not None
    assert base is not None
    assert tuned.month is not None
    assert base.month is not None
    assert tuned.month - base.month == Decimal("1.95"), "the model is stored"
    assert (tuned.of_base, base.of_base) == (True, False)


@pytest.mark.parametrize(
    ("base", "hour", "rate", "said"),
    [
        (
            "nova-lite",
            None,
            "2/s",
            "Throughput costs less than on demand when an hour of a model unit is below $0.259",
        ),
        ("nova-lite", "50", "2/s", "it pays above 386 a second"),
        ("nova-lite", "50", "500/s", "less than on demand: the rate is above 386 a second"),
        ("claude-3-haiku", "50", "200/s", "less than Claude Haiku 5.5: the rate is above 180 a second"),
        ("claude-3-haiku", "50", "1/s", "more than Claude Haiku 5.5: it pays above 180 a second"),
        ("nova-2-lite", "50", "2/s", "served on demand alone"),
    ],
)
def test_what_to_do_is_said_plainly(base: str, hour: str | None, rate: str, said: str) -> None:
    load = basis(read(["in=200", "out=100", f"rate={rate}"])[1], None).load
    advice = advise(PriceBook({}), get(base), load, hour=Decimal(hour) if hour else None)
    assert said in " ".join(recommended(advice))


@pytest.mark.parametrize(
    ("rate", "words"),
    [("2", "2 a second"), ("0.5", "30 a minute"), ("0.001", "3.6 an hour"), ("0.0000001", "0.263 a month")],
)
def test_a_rate_is_told_in_the_time_in_which_one_comes(rate: str, words: str) -> None:
    assert how_often(Decimal(rate)) == words
    assert figure(Decimal("1234.5")) == "1,234"
