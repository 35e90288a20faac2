"""Amazon Nova 2 Lite."""

from datetime import date
from decimal import Decimal

from bot.distillations.teachers.model import EAST, WEST, Teacher
from bot.profiles import sources
from bot.profiles.model import Price, PriceKind

_AS_OF = date(2026, 11, 22)

TEACHER = Teacher(
    name="nova-2-lite",
    label="Amazon Nova 2 Lite",
    provider="Amazon",
    foundation_id="amazon.nova-2-lite-v1:0",
    regions={
        EAST: "us.amazon.nova-2-lite-v1:0",
        WEST: "us.amazon.nova-2-lite-v1:0",
    },
    prices=(
        Price(PriceKind.INPUT, Decimal("0.33"), _AS_OF, sources.LITELLM),
        Price(PriceKind.OUTPUT, Decimal("2.75"), _AS_OF, sources.LITELLM),
    ),
)
