"""What each way of asking a model costs a month."""

from collections.abc import Sequence

from bot.advice.asking import FEWEST, Basis
from bot.advice.cards import AdviceCard
from bot.advice.comparison import Advice, Alternative, Way, famous_point
from bot.advice.words import SAME_TOKENS, called, figure, how_often, monthly, price, recommended, sizes
from bot.controller.model import Message
from bot.pricing.answers import AT_BASE_PRICE
from bot.pricing.money import UNKNOWN
from handlers.ui.blocks import Block, context, section
from handlers.ui.cards import Cards
from handlers.ui.folding import folded
from handlers.ui.parts.pictures import ADVICE, as_picture
from handlers.ui.text import code, count, day, plain

MARK = "†"
SHOWN = 4
_PRICE_ALONE = "Whether it answers as well, rows that were held out tell."


def advice_card(card: AdviceCard) -> Message:
    """Draw the ways with the cheapest first, and what to do; what it is computed from is one press away."""
    advice = card.advice
    about = code(card.model, 40) if card.model else plain(advice.base, 60)
    first, *more = recommended(advice)
    shown = _on_the_face(advice)
    left_out = len(advice.alternatives) - len(shown)
    lines = [_line(each, advice) for each in shown]
    lines += [f"and {left_out} more in *Details*"] if left_out else []
    face: list[Block] = [
        section(f"*What asking {about} costs a month*\n{plain(sizes(advice.load), 300)}"),
        section("\n".join(lines)),
        section("\n".join([f"*{plain(first, 300)}*", *(plain(each, 300) for each in more)])),
        context(" ".join([*_marks(shown), *_rough(card.basis), _PRICE_ALONE])),
    ]
    details: list[Block] = [
        section(
            "*Each way, for a thousand questions and for a month*\n"
            + "\n".join(map(_in_full, advice.alternatives))
        ),
        *_against_throughput(advice),
        *_caching(advice),
        section(f"*Where the figures come from*\n{_origin(card.basis)}"),
        context(_small_print(advice)),
        context(f"Prices: {plain('; '.join(advice.sources), 1_000)}."),
    ]
    said = f"What asking costs a month: {plain(first, 300)}"
    return folded(said, face, details, as_picture(ADVICE, card.typed) if advice.priced else None)


def _on_the_face(advice: Advice) -> Sequence[Alternative]:
    """Return what the tuned model and its base cost, and of the Claude models the cheapest ones that fit."""
    own = sum(each.way is not Way.CLAUDE for each in advice.alternatives)
    claudes = [each for each in advice.alternatives if each.way is Way.CLAUDE][: SHOWN - own]
    return [each for each in advice.alternatives if each.way is not Way.CLAUDE or each in claudes]


def _line(each: Alternative, advice: Advice) -> str:
    units = f", {count(advice.units, 'unit')}" if each.way is Way.THROUGHPUT else ""
    name = each.label if each.way in {Way.BASE, Way.CLAUDE} else each.way.value
    cached = ", cached" if each.caches else ""
    return f"{monthly(each.month)}{MARK if each.of_base else ''} · {plain(name, 60)}{units}{cached}"


def _marks(shown: Sequence[Alternative]) -> list[str]:
    return [f"{MARK} {AT_BASE_PRICE}."] if any(each.of_base for each in shown) else []


def _rough(basis: Basis) -> list[str]:
    """Return that the figures are measured from hardly anything."""
    measured = basis.measured
    if measured is None or measured.answers >= FEWEST:
        return []
    return [
        (
            f"Only a first guess, from {count(measured.answers, 'answer')}: give your own figures, as "
            "`in=300 out=150`."
        )
    ]


def _in_full(each: Alternative) -> str:
    name = plain(called(each), 80)
    if each.question is None:
        return f"• {name}: {monthly(each.month)} a month, asked or not"
    mark = f", {AT_BASE_PRICE}" if each.of_base else ""
    return f"• {name}: {price(each.question * 1000)} and {monthly(each.month)}{mark}"


def _against_throughput(advice: Advice) -> list[Block]:
    if not advice.throughput:
        return []
    hour, rest = advice.hour.usd, [each for each in advice.alternatives if each.worth is not None]
    if hour is None:
        title = "When throughput costs less: an hour of a model unit below"
        lines = [
            f"• {price(each.worth)}: than {plain(called(each), 80)}"
            for each in rest
            if each.worth is not None
        ]
    else:
        title = (
            f"When throughput costs less, at {price(hour)} an hour for each of {count(advice.units, 'unit')}"
        )
        lines = [
            f"• above {how_often(each.break_even)}: than {plain(called(each), 80)}"
            for each in rest
            if each.break_even is not None
        ]
    return [section("\n".join([f"*{title}*", *lines]))]


def _caching(advice: Advice) -> list[Block]:
    """Draw what a prompt cache takes and gives, model by model."""
    lines = []
    for each in advice.alternatives:
        if each.cache is None:
            continue
        cache = each.cache
        short = "" if each.caches or not advice.load.prefix else "; yours is shorter, so nothing is cached"
        lines.append(
            f"• {plain(each.label, 40)}: from {cache.minimum:,} tokens on{short}; writing costs "
            f"{figure(cache.write * 100 - 100)} % more, reading {figure(cache.read * 100)} % of the price; pays from "
            f"{figure(cache.break_even * 100)} % hits on"
        )
    return [section("\n".join(["*Prompt caching, for five minutes after each use*", *lines]))]


def _origin(basis: Basis) -> str:
    typed, measured = basis.typed, basis.measured
    said = []
    if measured is not None:
        said.append(
            f"Measured: {count(measured.answers, 'answer')} in this channel since {day(measured.since)}. What you "
            "type goes before it."
        )
        if typed.prefix is None and basis.load.prefix:
            said.append("The prefix is the smallest prompt that was read, and so a little too long.")
        elif typed.prefix is None and measured.answers < FEWEST:
            said.append(f"With fewer than {FEWEST} answers nobody knows a prefix: add `prefix=`.")
    if "hit" in basis.assumed:
        said.append(
            "Hits are computed from the rate: how often one comes within five minutes of the one before."
        )
    return " ".join(said) or "All of them as you gave them."


def _small_print(advice: Advice) -> str:
    said = ["A month has 730 hours. No guarantee of a hit is given by AWS.", SAME_TOKENS]
    if advice.throughput:
        said.append(
            "How many tokens a minute a model unit carries is not published: ask AWS before you rely on a rate. "
            "Throughput takes no prompt caching."
        )
        if advice.hour.usd is None:
            said.append(
                f"An hour of a model unit: {UNKNOWN}, since AWS tells it on request alone. Once you know it, type "
                "`hour=50` behind the command, or the operator sets it."
            )
    said.append(
        f"The 80 requests a second that are often told are one point of this formula ({figure(famous_point())}): 200 "
        "tokens in and 100 out, without a prefix, on Claude 3 Haiku without caching, at $50 an hour."
    )
    return " ".join(said)


CARDS: Cards = {AdviceCard: advice_card}
