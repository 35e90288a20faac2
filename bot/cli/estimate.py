"""``tunesmith estimate FILE``: tokens, steps and the price of training, before anything is uploaded."""

import json
import math
import sys
from decimal import Decimal
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.options import As, File, For
from bot.cli.validate import Format
from bot.datasets.model import Report, Role, Verdict
from bot.datasets.validation import validate
from bot.figures import figure
from bot.pricing import estimates
from bot.pricing.book import PriceBook
from bot.pricing.model import TrainingEstimate
from bot.pricing.money import money, upwards
from bot.profiles import hyperparameters, registry
from bot.profiles.model import PriceKind, Profile


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("estimate")(command)


def command(
    file: File,
    profile: For = registry.DEFAULT,  # type: ignore[assignment] # typer runs the parser over it
    role: As = Role.TRAINING,
    epochs: Annotated[int | None, typer.Option(min=1, help="Instead of the base model's default.")] = None,
    price: Annotated[
        str | None, typer.Option(metavar="USD", help="What AWS told you for a thousand training tokens.")
    ] = None,
    output: Annotated[Format, typer.Option("--format", help="For people or for programs.")] = Format.TEXT,
) -> None:
    """Say what training on a file would take and cost. A price that nobody published is never invented."""
    report = validate(file, profile, role)
    chosen = hyperparameters.resolve(profile, {"epochCount": str(epochs)} if epochs else {})
    overrides = {(profile.name, PriceKind.TRAINING): _usd(price)} if price else {}
    estimate = estimates.training(
        PriceBook(overrides), profile, tokens=report.statistics.tokens.total, hyperparameters=chosen
    )
    facts = _facts(report, profile, chosen, estimate)
    if output is Format.JSON:
        print(json.dumps(facts, indent=2))
    else:
        _show(facts)
    sys.exit(0 if report.verdict is Verdict.READY else 1)


def _usd(text: str) -> Decimal:
    usd = figure(text)
    if usd is None:
        raise typer.BadParameter(f"{text!r} is no amount of dollars", param_hint="--price")
    return usd


def _facts(
    report: Report, profile: Profile, chosen: dict[str, str], estimate: TrainingEstimate
) -> dict[str, str | int | None]:
    batch = int(chosen["batchSize"]) if "batchSize" in chosen else None
    steps = math.ceil(report.records / batch) * estimate.epochs if batch else None
    return {
        "file": report.file,
        "profile": profile.name,
        "verdict": report.verdict.value,
        "records": report.records,
        "tokens_an_epoch": estimate.tokens,
        "epochs": estimate.epochs,
        "steps": steps,
        "price_per_1k_tokens": _price(estimate.per_1k_tokens.usd),
        "price_source": estimate.per_1k_tokens.source,
        "training": upwards(estimate.usd),
    }


def _price(usd: Decimal | None) -> str:
    # In full: a thousand tokens cost less than a cent.
    return money(None) if usd is None else f"${usd.normalize():f}"


def _show(facts: dict[str, str | int | None]) -> None:
    table = Table(show_header=False, box=None, padding=(0, 2))
    for name, value in facts.items():
        if value is not None:
            label = "training, at most" if name == "training" else name.replace("_", " ")
            table.add_row(label, f"{value:,}" if isinstance(value, int) else value)
    Console(highlight=False).print(table)
