"""``tunesmith advise [BASE] in=… out=… rate=…``: what each way of asking a model costs a month."""

import json
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.advice.asking import basis, read
from bot.advice.comparison import Advice, advise, famous_point
from bot.advice.words import SAME_TOKENS, called, figure, how_often, monthly, recommended, sizes
from bot.cli.validate import Format
from bot.errors import TunesmithError
from bot.pricing.answers import AT_BASE_PRICE
from bot.pricing.book import PriceBook
from bot.profiles import registry


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("advise")(command)


def command(
    figures: Annotated[
        list[str],
        typer.Argument(
            metavar="[BASE] prefix=… in=… out=… hit=… rate=…",
            help="Tokens that are the same in every question, of the question and of the answer; the share of hits of "
            "a cached prefix; questions, as 2/s or 5000/day; hour= and units= are those of throughput.",
        ),
    ],
    output: Annotated[Format, typer.Option("--format", help="For people or for programs.")] = Format.TEXT,
) -> None:
    """Say what asking a tuned model costs a month, on throughput and on demand, beside its base and current Claude."""
    try:
        name, typed = read(figures)
        base = registry.get(name or registry.DEFAULT)
        load = basis(typed, None).load
    except TunesmithError as wrong:
        print(wrong.sentence, file=sys.stderr)
        raise typer.Exit(2) from None
    advice = advise(PriceBook({}), base, load, units=typed.units, hour=typed.hour)
    if output is Format.JSON:
        print(json.dumps(_facts(advice), indent=2))
    else:
        _show(advice)


def _facts(advice: Advice) -> dict[str, object]:
    ways = [
        {
            "way": each.way.value,
            "model": each.label,
            "question": None if each.question is None else f"{each.question:f}",
            "month": None if each.month is None else f"{each.month:.2f}",
            "throughput_pays_above_a_second": None if each.break_even is None else figure(each.break_even),
            "at_the_bases_price": each.of_base,
        }
        for each in advice.alternatives
    ]
    return {"base": advice.base, "ways": ways, "advice": recommended(advice), "sources": list(advice.sources)}


def _show(advice: Advice) -> None:
    console = Console(highlight=False)
    console.print(f"{advice.base}: {sizes(advice.load)}")
    table = Table(box=None, padding=(0, 2))
    for column in ("a month", "way", "throughput costs less above"):
        table.add_column(column)
    for each in advice.alternatives:
        mark = "†" if each.of_base else ""
        above = "" if each.break_even is None else how_often(each.break_even)
        table.add_row(f"{monthly(each.month)}{mark}", called(each), above)
    console.print(table)
    if any(each.of_base for each in advice.alternatives):
        console.print(f"† {AT_BASE_PRICE}.")
    for sentence in recommended(advice):
        console.print(sentence)
    console.print(
        f"80 requests a second is one point of this formula ({figure(famous_point())}): 200 tokens in, 100 out, "
        "uncached Claude 3 Haiku, $50 an hour."
    )
    console.print(SAME_TOKENS)
    console.print(f"Prices: {'; '.join(advice.sources)}.")
