"""The terms that throughput may be bought for: that they are switched on at all, and what each has a price for."""

from collections.abc import Iterator

from bot.checkup import Line, Look, good, warning
from bot.doctor.surroundings import Surroundings
from bot.pricing.book import HOUR_OF, PriceBook
from bot.profiles.model import Profile, Serving

ABOUT = "Terms"


def at(surroundings: Surroundings) -> Iterator[Line]:
    """Look at the settings alone: AWS publishes no price of these for tuned models, and lists no quota."""
    allowed, prices = sorted(surroundings.settings.commitment_terms), PriceBook(surroundings.settings.prices)
    if not allowed:
        return  # as it is at first: nothing to be told of
    said = " and ".join(each.words for each in allowed)
    yield good(ABOUT, f"Throughput may be bought for {said}, with an approver, and is billed to its end.")
    for term in allowed:
        unpriced = [each for each in _bases(surroundings) if prices.quote(each, HOUR_OF[term]).usd is None]
        if unpriced:
            names = ", ".join(each.name for each in unpriced)
            yield warning(
                f"{ABOUT}: {term.words}",
                f"No price is set for {names}, so that plans say that it is unknown.",
                f"TUNESMITH_PRICES has it: {unpriced[0].name}.{HOUR_OF[term]}=… as AWS told you, per unit and hour.",
            )


def _bases(surroundings: Surroundings) -> list[Profile]:
    return [each for each in surroundings.profiles if Serving.PROVISIONED_THROUGHPUT in each.serving]


LOOK = Look(ABOUT, at)
