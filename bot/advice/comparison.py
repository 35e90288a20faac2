"""Ways of asking beside each other: a tuned model on throughput and on demand, its base, and current Claude models."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from bot.advice import claude, formula
from bot.advice.formula import Cache, Load, Rates
from bot.pricing.answers import prices_of
from bot.pricing.book import PriceBook
from bot.pricing.model import Quote
from bot.profiles.model import PriceKind, Profile, Serving


class Way(StrEnum):
    """How a model is asked."""

    THROUGHPUT = "tuned, on throughput"
    TUNED = "tuned, on demand"
    BASE = "the base, on demand"
    CLAUDE = "with prompt caching"


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way. Sums are in US dollars, None when a price is unknown.

    ``break_even`` is the rate above which throughput costs less than it, ``worth`` the price of a unit's hour below
    which it does at the rate that is asked of. ``of_base``: its price is the base's, in place of the tuned model's.
    """

    way: Way
    label: str
    question: Decimal | None
    month: Decimal | None
    break_even: Decimal | None = None
    worth: Decimal | None = None
    of_base: bool = False
    cache: Cache | None = None
    caches: bool = False
    """Whether the prefix is long enough to be cached."""


@dataclass(frozen=True, slots=True)
class Advice:
    """All ways for one load, the cheapest month first and those of unknown price last.

    ``hour`` is the price of a model unit's hour, ``units`` how many there are; both of what is asked about, whether
    the base can be served so or not (``throughput``).
    """

    base: str
    load: Load
    hour: Quote
    units: int
    alternatives: tuple[Alternative, ...]
    throughput: bool
    storage: Quote
    sources: tuple[str, ...]

    def of(self, way: Way) -> Alternative | None:
        """Return the first alternative of that way, or None where the base has none."""
        return next((each for each in self.alternatives if each.way is way), None)

    @property
    def beside(self) -> Alternative | None:
        """What throughput is compared with: the tuned model on demand, else the cheapest of the others.

        None where the base is not offered on throughput, or no price is known.
        """
        if not self.throughput:
            return None
        return self.of(Way.TUNED) or next(
            (each for each in self.priced if each.way is not Way.THROUGHPUT), None
        )

    @property
    def priced(self) -> tuple[Alternative, ...]:
        """Those whose month is known."""
        return tuple(each for each in self.alternatives if each.month is not None)


def advise(
    book: PriceBook, base: Profile, load: Load, *, units: int = 1, hour: Decimal | None = None
) -> Advice:
    """Return what each way costs a month. ``hour`` is what somebody was told a model unit's hour costs."""
    quoted = book.quote(base, PriceKind.MODEL_UNIT_HOUR)
    if hour is not None:
        quoted = Quote(PriceKind.MODEL_UNIT_HOUR, hour, "as you gave it")
    storage = book.quote(base, PriceKind.STORAGE)
    offered = Serving.PROVISIONED_THROUGHPUT in base.serving
    ways = list(_by_token(book, base, load, storage))
    if offered:
        ways = [
            _throughput(base, quoted, units, storage),
            *(_beside(each, quoted, units, load) for each in ways),
        ]
    priced = [quoted, storage, book.quote(base, PriceKind.INPUT)]
    known = [each.source for each in priced if each.usd is not None]
    return Advice(
        base=base.label,
        load=load,
        hour=quoted,
        units=units,
        alternatives=tuple(sorted(ways, key=lambda each: (each.month is None, each.month or Decimal(0)))),
        throughput=offered,
        storage=storage,
        sources=tuple(dict.fromkeys([*known, claude.SOURCE])),
    )


def _throughput(base: Profile, hour: Quote, units: int, storage: Quote) -> Alternative:
    month = None if hour.usd is None else formula.floor(hour.usd, units, storage.usd or Decimal(0))
    return Alternative(Way.THROUGHPUT, f"a tuned {base.label}", None, month)


def _by_token(book: PriceBook, base: Profile, load: Load, storage: Quote) -> Iterable[Alternative]:
    prices = prices_of(book, base)
    rates = None
    if prices.put_in.usd is not None and prices.given_out.usd is not None:
        rates = Rates(prices.put_in.usd, prices.given_out.usd)
    if Serving.ON_DEMAND_DEPLOYMENT in base.serving:
        label, kept = f"a tuned {base.label}", storage.usd or Decimal(0)
        yield _asked(Way.TUNED, label, rates, load, kept, of_base=prices.of_base)
    yield _asked(Way.BASE, base.label, rates, load)
    for each in claude.CURRENT:
        yield _asked(Way.CLAUDE, each.label, each.rates, load)


def _asked(
    way: Way,
    label: str,
    rates: Rates | None,
    load: Load,
    storage: Decimal = Decimal(0),
    *,
    of_base: bool = False,
) -> Alternative:
    if rates is None:
        return Alternative(way, label, None, None)
    question = rates.question(load)
    month = formula.month(question, load.rate) + storage
    return Alternative(
        way, label, question, month, of_base=of_base, cache=rates.cache, caches=rates.caches(load)
    )


def _beside(each: Alternative, hour: Quote, units: int, load: Load) -> Alternative:
    """Return it with when throughput costs less."""
    if not each.question:
        return each
    rate = None if hour.usd is None else formula.break_even(hour.usd, units, each.question)
    worth = formula.hour_worth(units, each.question, load.rate)
    return replace(each, break_even=rate, worth=worth)


def famous_point() -> Decimal:
    """Return the rate that is told as 80 questions a second, as the formula has it."""
    return formula.break_even(claude.POINT_HOUR, 1, claude.POINT_RATES.question(claude.POINT))
