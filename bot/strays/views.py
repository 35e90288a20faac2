"""A stray as whoever may end it sees it."""

from datetime import datetime
from decimal import Decimal

from bot.pricing.book import PriceBook
from bot.pricing.model import Quote
from bot.profiles.model import PriceKind, Serving
from bot.profiles.registry import profile_of
from bot.strays.cards import StrayRow
from bot.strays.model import Stray

_CUSTOM = ":custom-model/"
"""In the ARN of what was tuned: throughput of a base itself has other prices, and is asked otherwise."""


def row_of(stray: Stray, prices: PriceBook) -> StrayRow:
    """Return what is shown of it to somebody of whom nothing more is known."""
    profile = profile_of(stray.model_arn) if _CUSTOM in stray.model_arn else None
    is_known = profile is not None and profile.region == stray.region
    if stray.serving is Serving.ON_DEMAND_DEPLOYMENT:
        hour = Quote(PriceKind.MODEL_UNIT_HOUR, Decimal(0), "")
    else:
        unknown = Quote(PriceKind.MODEL_UNIT_HOUR, None, "")
        hour = prices.serving_hour(profile, stray.serving) if profile else unknown
    can_be = is_known and not stray.bot and stray.is_ready and stray.committed_until is None
    return StrayRow(stray, hour, may_be_adopted=can_be)


def dearest_first(row: StrayRow) -> tuple[bool, Decimal, datetime]:
    """Return by what rows are sorted: what is billed by the hour before what is not, then the older one."""
    is_idle = row.stray.serving is Serving.ON_DEMAND_DEPLOYMENT
    return is_idle, -(row.hour.usd or Decimal(0)) * row.stray.units, row.stray.created
