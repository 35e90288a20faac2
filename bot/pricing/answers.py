"""What answers that are billed by the token cost: one, and a thousand like those that were asked for."""

from dataclasses import dataclass
from decimal import Decimal

from bot.pricing.book import PriceBook, Priced
from bot.pricing.model import Quote
from bot.profiles.model import PriceKind

MILLION = 1_000_000
AT_BASE_PRICE = "at the base's price; AWS publishes none for the tuned model"
"""Said wherever money is shown that was computed so."""


@dataclass(frozen=True, slots=True)
class AnswerPrices:
    """What a million tokens of a tuned model cost, read and written."""

    put_in: Quote
    given_out: Quote

    @property
    def of_base(self) -> bool:
        """Whether one of them is the base model's, in place of a price that nobody published."""
        return self.put_in.of_base or self.given_out.of_base

    def cost(self, put_in: Decimal | int, given_out: Decimal | int) -> Decimal | None:
        """Return what so many tokens cost in US dollars, or None when a price is unknown."""
        if self.put_in.usd is None or self.given_out.usd is None:
            return None
        return (put_in * self.put_in.usd + given_out * self.given_out.usd) / MILLION


def prices_of(book: PriceBook, base: Priced) -> AnswerPrices:
    """Return what answers of models that were tuned from this base cost."""
    return AnswerPrices(book.of_tuned(base, PriceKind.INPUT), book.of_tuned(base, PriceKind.OUTPUT))


@dataclass(frozen=True, slots=True)
class Average:
    """What questions were like: of so many answers, the tokens read and written in all."""

    answers: int
    tokens_in: int
    tokens_out: int

    @property
    def put_in(self) -> Decimal:
        """Tokens that were read for one answer, with its system prompt and the turns before it."""
        return Decimal(self.tokens_in) / self.answers

    @property
    def given_out(self) -> Decimal:
        """Tokens of one answer."""
        return Decimal(self.tokens_out) / self.answers


@dataclass(frozen=True, slots=True)
class Thousand:
    """What a thousand questions cost, each like the average one. ``usd`` is None when a price is unknown."""

    average: Average
    usd: Decimal | None
    of_base: bool


def thousand(book: PriceBook, base: Priced, average: Average | None) -> Thousand | None:
    """Return what a thousand questions cost at that average; None when nobody has asked yet."""
    if average is None:
        return None
    prices = prices_of(book, base)
    usd = prices.cost(1000 * average.put_in, 1000 * average.given_out)
    return Thousand(average, usd, prices.of_base and usd is not None)
