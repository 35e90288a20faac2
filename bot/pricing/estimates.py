"""What a job or a lease will cost at most, from what is known before it starts."""

import math
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from bot.pricing.book import PriceBook
from bot.pricing.model import Quote, TrainingEstimate
from bot.profiles.model import PriceKind, Profile

EPOCHS = "epochCount"


def training(
    book: PriceBook, profile: Profile, *, tokens: int, hyperparameters: Mapping[str, str]
) -> TrainingEstimate:
    """Return tokens of one epoch times epochs times the price of a thousand.

    A base without ``epochCount`` trains for as many epochs as the service likes, which nobody has published:
    ``epochs`` is 0 then and ``usd`` is None.
    """
    price = book.quote(profile, PriceKind.TRAINING)
    epochs = int(hyperparameters.get(EPOCHS, 0))
    known = price.usd is not None and epochs > 0
    usd = Decimal(tokens) * epochs * price.usd / 1000 if known and price.usd is not None else None
    return TrainingEstimate(tokens, epochs, price, usd)


def lease(hour: Quote, minutes: int, units: int) -> Decimal | None:
    """Return what so many minutes of so many model units cost, or None when the price is unknown.

    Provisioned throughput is billed by the hour, so a begun hour is counted whole: this is an upper bound.
    """
    return None if hour.usd is None else hour.usd * units * math.ceil(minutes / 60)


def spent(hour: Quote, elapsed: timedelta, units: int) -> Decimal | None:
    """Return what has been spent after ``elapsed``, by the minute, or None when the price is unknown."""
    minutes = Decimal(max(0, math.ceil(elapsed.total_seconds() / 60)))
    return None if hour.usd is None else hour.usd * units * minutes / 60
