"""Claude Haiku 4.5."""

from datetime import date
from decimal import Decimal

from bot.distillations.teachers.model import EAST, WEST, Teacher
from bot.profiles import sources
from bot.profiles.model import Price, PriceKind

_AS_OF = date(2026, 11, 22)

TEACHER = Teacher(
    name="claude-haiku-4.5",
    label="Claude Haiku 4.5",
    provider="Anthropic",
    foundation_id="anthropic.claude-haiku-4-5-20251001-v1:0",
    regions={
        EAST: "us.anthropic.claude-haiku-4-5-20251001-v1:0",
        WEST: "us.anthropic.claude-haiku-4-5-20251001-v1:0",
    },
    prices=(
        Price(PriceKind.INPUT, Decimal("1.10"), _AS_OF, sources.LITELLM),
        Price(PriceKind.OUTPUT, Decimal("5.50"), _AS_OF, sources.LITELLM),
    ),
)
