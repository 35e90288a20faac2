"""Claude Sonnet 4.6."""

from datetime import date
from decimal import Decimal

from bot.distillations.teachers.model import EAST, WEST, Teacher
from bot.profiles import sources
from bot.profiles.model import Price, PriceKind

_AS_OF = date(2026, 11, 22)

TEACHER = Teacher(
    name="claude-sonnet-4.6",
    label="Claude Sonnet 4.6",
    provider="Anthropic",
    foundation_id="anthropic.claude-sonnet-4-6",
    regions={
        EAST: "us.anthropic.claude-sonnet-4-6",
        WEST: "us.anthropic.claude-sonnet-4-6",
    },
    prices=(
        Price(PriceKind.INPUT, Decimal("3.30"), _AS_OF, sources.LITELLM),
        Price(PriceKind.OUTPUT, Decimal("16.50"), _AS_OF, sources.LITELLM),
    ),
)
