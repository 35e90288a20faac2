"""Amazon Nova Pro."""

from datetime import date
from decimal import Decimal

from bot.distillations.teachers.model import EAST, WEST, Teacher
from bot.profiles import sources
from bot.profiles.model import Price, PriceKind

_AS_OF = date(2026, 11, 22)

TEACHER = Teacher(
    name="nova-pro",
    label="Amazon Nova Pro",
    provider="Amazon",
    foundation_id="amazon.nova-pro-v1:0",
    regions={
        EAST: "amazon.nova-pro-v1:0",
        WEST: "us.amazon.nova-pro-v1:0",
    },
    prices=(
        Price(PriceKind.INPUT, Decimal("0.80"), _AS_OF, sources.LITELLM),
        Price(PriceKind.OUTPUT, Decimal("3.20"), _AS_OF, sources.LITELLM),
    ),
)
