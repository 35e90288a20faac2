"""Current Claude models on Bedrock, with what prompt caching costs there: the alternative to a tuned model.

Prices are those of the ``us.`` inference profiles. Caching is for five minutes, which every hit begins anew.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from bot.advice.formula import Cache, Load, Longer, Rates
from bot.profiles import sources

_SURCHARGE, _READ = Decimal("1.25"), Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Claude:
    """One of them."""

    label: str
    rates: Rates


def _claude(
    label: str, put_in: str, given_out: str, minimum: int, read: Decimal = _READ, longer: Longer | None = None
) -> Claude:
    cache = Cache(minimum, _SURCHARGE, read)
    return Claude(label, Rates(Decimal(put_in), Decimal(given_out), cache, longer))


HAIKU_4_5: Final = _claude("Claude Haiku 4.5", "1.10", "5.50", 4096)
HAIKU_5_5: Final = _claude("Claude Haiku 5.5", "0.11", "0.55", 512, longer=Longer(100_000, Decimal(5)))
SONNET_4_6: Final = _claude("Claude Sonnet 4.6", "3.30", "16.50", 1024)
SONNET_5: Final = _claude("Claude Sonnet 5", "2.20", "11.00", 1024)
SONNET_5_5: Final = _claude("Claude Sonnet 5.5", "2.20", "11.00", 512, Decimal("0.05"))

CURRENT: Final = (HAIKU_5_5, HAIKU_4_5, SONNET_5_5, SONNET_5, SONNET_4_6)
SOURCE: Final = f"{sources.LITELLM}, as of {sources.LITELLM_READ:%Y-%m-%d}"

POINT: Final = Load(Decimal(0), Decimal(200), Decimal(100), Decimal(1), Decimal(0))
POINT_RATES: Final = Rates(Decimal("0.25"), Decimal("1.25"))
POINT_HOUR: Final = Decimal(50)
"""What the figure of 80 questions a second is made of: 200 tokens in, 100 out, no prefix, on Claude 3 Haiku without
caching, beside throughput at $50 an hour."""
