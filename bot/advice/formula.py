"""The arithmetic of advice: what a question costs, what a month does, and at what rate two ways cost the same.

A question has a prefix, the same every time (a system prompt, examples), an input of its own, and an output. Prices are
in US dollars for a million tokens. A month has 730 hours.
"""

from dataclasses import dataclass
from decimal import Decimal

MILLION = 1_000_000
HOURS = 730
MONTH = HOURS * 3600
"""Seconds of a month."""


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked. ``hit`` is the share of questions whose prefix is in the cache, ``rate`` questions a second."""

    prefix: Decimal
    put_in: Decimal
    given_out: Decimal
    hit: Decimal
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Cache:
    """A prompt cache: what writing and reading cost, as factors of the price of input, and from how many tokens on.

    A prefix shorter than ``minimum`` is read in full each time: the call succeeds, and nothing is cached.
    """

    minimum: int
    write: Decimal
    read: Decimal

    @property
    def break_even(self) -> Decimal:
        """The share of hits above which caching costs less than none; all of them where reading saves nothing."""
        if self.write <= self.read:
            return Decimal(1)
        return (self.write - 1) / (self.write - self.read)


@dataclass(frozen=True, slots=True)
class Longer:
    """What is dearer above so many tokens of prompt: all of it, by that factor."""

    than: int
    factor: Decimal


@dataclass(frozen=True, slots=True)
class Rates:
    """What a million tokens cost, and what makes them cheaper or dearer."""

    put_in: Decimal
    given_out: Decimal
    cache: Cache | None = None
    longer: Longer | None = None

    def caches(self, load: Load) -> bool:
        """Return whether its prefix is cached at all."""
        return self.cache is not None and load.prefix >= self.cache.minimum and load.prefix > 0

    def question(self, load: Load) -> Decimal:
        """Return what one question costs, in US dollars."""
        prefix = load.prefix
        if self.cache is not None and self.caches(load):
            prefix *= load.hit * self.cache.read + (1 - load.hit) * self.cache.write
        usd = ((prefix + load.put_in) * self.put_in + load.given_out * self.given_out) / MILLION
        is_long = self.longer is not None and load.prefix + load.put_in > self.longer.than
        return usd * self.longer.factor if self.longer and is_long else usd


def month(question: Decimal, rate: Decimal) -> Decimal:
    """Return what a month costs by the token at that rate."""
    return question * rate * MONTH


def floor(hour: Decimal, units: int, storage: Decimal = Decimal(0)) -> Decimal:
    """Return what a month of throughput costs, asked or not, with the storage of the model."""
    return HOURS * hour * units + storage


def break_even(hour: Decimal, units: int, question: Decimal) -> Decimal:
    """Return the questions a second above which throughput costs less than that much for each question.

    It says nothing of whether so many units carry them: AWS publishes no tokens a minute of a unit.
    """
    return units * hour / (3600 * question)


def hour_worth(units: int, question: Decimal, rate: Decimal) -> Decimal:
    """Return the price of a unit's hour below which throughput costs less than that much for each question."""
    return 3600 * question * rate / units
