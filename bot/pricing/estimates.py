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


def throughput(hour: Quote, billed: timedelta, units: int) -> Decimal | None:
    """Return what so many model units cost at most that AWS bills for so long; None when the price is unknown.

    A begun hour is counted whole. AWS says that provisioned throughput is *billed hourly* and until it is deleted
    (docs.aws.amazon.com/bedrock/latest/userguide/prov-throughput.html), and nowhere whether a begun hour is billed
    by its minutes: the dearer of the two is taken, before it is bought and after.
    """
    hours = max(0, math.ceil(billed / timedelta(hours=1)))
    return None if hour.usd is None else hour.usd * units * hours
