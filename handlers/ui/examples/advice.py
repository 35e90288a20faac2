"""What each way of asking costs a month."""

from datetime import timedelta
from decimal import Decimal

from bot.advice.asking import Measured, Typed, basis, read
from bot.advice.cards import AdviceCard
from bot.advice.comparison import advise
from bot.pricing.book import PriceBook
from bot.profiles.registry import PROFILES
from handlers.ui.example_values import NOW
from handlers.ui.examples import Examples

_MEASURED = Measured(
    412,
    NOW - timedelta(days=40),
    Decimal(1_512),
    Decimal("311.4"),
    Decimal(187),
    Decimal("0.62"),
    Decimal("0.0021"),
)


_FEW = Measured(
    3, NOW - timedelta(days=1), Decimal(0), Decimal("1_512"), Decimal(187), Decimal(0), Decimal(3) / 86_400
)


def _card(base: str, typed: str, model: str = "", measured: Measured | None = None) -> AdviceCard:
    _, figures = read(typed.split()) if typed else ("", Typed())
    found = basis(figures, measured)
    made = advise(PriceBook({}), PROFILES[base], found.load, units=figures.units, hour=figures.hour)
    return AdviceCard(model, made, found)


EXAMPLES: Examples = {
    "advice, an open base on demand": _card("nova-2-lite", "prefix=1500 in=300 out=150 hit=90% rate=2/s"),
    "advice, beside throughput": _card(
        "nova-lite", "prefix=4096 in=300 out=150 hit=100% rate=12/s hour=50", "triage-v2"
    ),
    "advice, measured": _card("nova-lite", "", "triage-v2", _MEASURED),
    "advice, measured from a few answers": _card("claude-3-haiku", "", "claims-router", _FEW),
    "advice, an open base, its answers measured from a few": _card(
        "nova-lite", "prefix=1500 in=300 rate=2/s", "", _FEW
    ),
    "advice, throughput of unknown price": _card("claude-3-haiku", "in=200 out=100 rate=80/s"),
    "advice, throughput is the cheapest": _card("claude-3-haiku", "in=200 out=100 rate=100/s hour=20"),
}
