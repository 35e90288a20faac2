"""Advice as a picture: what a month costs by each way, over the rate of questions."""

from decimal import Decimal

from bot.advice import formula
from bot.advice.comparison import Advice, Alternative, Way
from bot.advice.words import called, how_often, monthly
from bot.charts.model import SERIES, Axis, Line, LineChart, Mark

_POINTS, _DECADES = 40, 2
"""Points of a line, and powers of ten on each side of the rate that is asked of."""


def chart_of(advice: Advice, about: str) -> LineChart | None:
    """Return lines for the cheapest ways of each kind; None when no price is known. Both axes are logarithmic."""
    shown = _shown(advice)
    if not shown:
        return None
    rates = _rates(advice, shown)
    marks = [Mark(float(advice.load.rate), f"now: {how_often(advice.load.rate)}")]
    beside = advice.beside
    if beside and beside.break_even:
        marks.append(Mark(float(beside.break_even), f"throughput pays: {how_often(beside.break_even)}"))
    return LineChart(
        title=f"{about}: cost of a month",
        lines=tuple(Line(_name(each), _points(each, advice, rates)) for each in shown),
        x=Axis("questions a second", log=True),
        y=Axis(unit="$", log=True),
        marks=tuple(marks),
    )


def described(advice: Advice, about: str) -> str:
    """Return what the picture shows, in words."""
    shown = _shown(advice)
    ways = "; ".join(f"{called(each)} {monthly(each.month)}" for each in shown)
    said = (
        f"Line chart of what asking {about} costs a month over the rate of questions. "
        f"At {how_often(advice.load.rate)}: {ways}."
    )
    crossing = [
        f"above {how_often(each.break_even)} throughput costs less than {called(each)}"
        for each in shown
        if each.break_even
    ]
    return f"{said} {'; '.join(crossing).capitalize()}." if crossing else said


def _shown(advice: Advice) -> list[Alternative]:
    """Return what is drawn: the tuned model's ways and its base, and the cheapest of the others that have a colour."""
    own = [each for each in advice.priced if each.way is not Way.CLAUDE and each.month]
    others = [each for each in advice.priced if each.way is Way.CLAUDE and each.month]
    return [*own, *others][:SERIES]


def _name(each: Alternative) -> str:
    return each.label if each.way in {Way.BASE, Way.CLAUDE} else each.way.value


def _rates(advice: Advice, shown: list[Alternative]) -> list[Decimal]:
    """Return the rates of the points: around the one that is asked of, and as far as the break-evens."""
    ends = [advice.load.rate, *(each.break_even for each in shown if each.break_even)]
    low, high = min(ends) / 10**_DECADES, max(ends) * 10**_DECADES
    step = (high / low).ln() / _POINTS
    return [low * (step * number).exp() for number in range(_POINTS + 1)]


def _points(each: Alternative, advice: Advice, rates: list[Decimal]) -> tuple[tuple[float, float], ...]:
    if each.question is None:
        return tuple((float(rate), float(each.month or 0)) for rate in rates)
    kept = (advice.storage.usd or Decimal(0)) if each.way is Way.TUNED else Decimal(0)
    return tuple((float(rate), float(formula.month(each.question, rate) + kept)) for rate in rates)
