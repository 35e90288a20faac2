"""Advice in plain words, the same in Slack and in the terminal: figures, how often, and what to do."""

from decimal import Decimal

from bot.advice.comparison import Advice, Alternative, Way
from bot.advice.formula import Load
from bot.pricing.money import UNKNOWN, money

SAME_TOKENS = (
    "The same tokens are reckoned for each way: another model may count a text as more or fewer of them, and without "
    "tuning it mostly takes a longer prompt."
)
"""What no figure of ours knows."""
_WHOLE = 100
"""US dollars from which on cents say nothing."""
_CENT = Decimal("0.01")
_A_TIME = ((1, "second"), (60, "minute"), (3600, "hour"), (86_400, "day"), (730 * 3600, "month"))


def monthly(usd: Decimal | None) -> str:
    """Return ``$44,167``, ``$12.40`` or ``price unknown``."""
    if usd is None:
        return UNKNOWN
    return f"${round(usd):,}" if usd >= _WHOLE else money(usd)


def price(usd: Decimal) -> str:
    """Return a price that is multiplied: ``$0.0021``, ``$22.18``."""
    return f"${figure(usd)}" if 0 <= usd < 1 else monthly(usd)


def figure(number: Decimal) -> str:
    """Return a number with three digits that say something: ``2``, ``0.25``, ``79.4``, ``1,500``."""
    if number >= 100:
        return f"{round(number):,}"
    shown = f"{number:.3g}"
    return f"{Decimal(shown).normalize():f}" if number else "0"


def how_often(rate: Decimal) -> str:
    """Return ``2 a second``, ``4.3 an hour``: in the time in which at least one comes."""
    for seconds, name in _A_TIME:
        if rate * seconds >= 1:
            return f"{figure(rate * seconds)} {'an' if name == 'hour' else 'a'} {name}"
    return f"{figure(rate * 730 * 3600)} a month"


def sizes(load: Load) -> str:
    """Return what is asked, and how often."""
    put_in = f"{figure(load.put_in)} tokens in"
    if load.prefix:
        cached = f"{round(load.hit * 100)} % of the prefixes found in a cache"
        put_in = f"{figure(load.prefix)} + {put_in}, {cached}"
    return f"{put_in}, {figure(load.given_out)} out, {how_often(load.rate)}"


def called(each: Alternative) -> str:
    """Return a way by its name: ``Claude Haiku 4.5 with prompt caching``, ``a tuned Amazon Nova Lite on demand``."""
    match each.way:
        case Way.THROUGHPUT:
            return f"{each.label} on throughput"
        case Way.TUNED | Way.BASE:
            return f"{each.label} on demand"
    return f"{each.label} with prompt caching" if each.caches else each.label


def recommended(advice: Advice) -> list[str]:
    """Return what to do by price alone, a sentence each; the first is the one that matters."""
    cheapest = next(iter(advice.priced), None)
    if cheapest is None:
        return ["No price is known, so there is nothing to compare."]
    said = [f"Cheapest by price alone: {called(cheapest)}, {monthly(cheapest.month)} a month."]
    return [*said, *_of_tuned(advice)]


def _of_tuned(advice: Advice) -> list[str]:
    throughput, beside = advice.of(Way.THROUGHPUT), advice.beside
    if throughput is None:
        return ["A tuned model of this base is served on demand alone: it costs nothing while nobody asks."]
    if beside is None or beside.worth is None or beside.month is None:
        return []
    name = "on demand" if beside.way is Way.TUNED else called(beside)
    if throughput.month is None or beside.break_even is None:
        if beside.worth < _CENT:
            return [f"At so few questions throughput costs more than {name}, whatever an hour of it costs."]
        return [
            f"Throughput costs less than {name} when an hour of a model unit is below {price(beside.worth)}."
        ]
    above = how_often(beside.break_even)
    if throughput.month < beside.month:
        return [
            (
                f"Throughput costs {monthly(beside.month - throughput.month)} less than {name}: the rate is above "
                f"{above}, if {_units(advice.units)} can carry it."
            )
        ]
    return [
        f"Throughput costs {monthly(throughput.month - beside.month)} more than {name}: it pays above {above}."
    ]


def _units(units: int) -> str:
    return "one model unit" if units == 1 else f"{units:,} model units"
