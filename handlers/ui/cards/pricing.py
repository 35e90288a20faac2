"""Prices, and what is being spent."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.controller.model import Message
from bot.datasets.model import Dataset
from bot.distillations.cards import DistillationView
from bot.jobs.cards import JobView
from bot.leases.cards import LeaseView, ModelLine
from bot.pricing.model import Quote, TrainingEstimate
from bot.pricing.money import UNKNOWN, at_most
from handlers.ui.blocks import Block, context, fields, section
from handlers.ui.cards import Cards
from handlers.ui.cards.leases import lease_state
from handlers.ui.folding import folded
from handlers.ui.limits import first
from handlers.ui.money import quote, served, sources, storage
from handlers.ui.running import Running
from handlers.ui.text import clean, code, count, plain, sentence

SHOWN, MOST = 4, 40
"""Of what is being spent: on the card, and behind it."""
_NOTHING_RUNS = "Nothing runs: no model is in service, no job, and no distillation."


@dataclass(frozen=True, slots=True)
class Prices:
    """What a base model costs."""

    base: str
    training: Quote
    storage: Quote
    serving: Quote


def overview(runs: Running, prices: Sequence[Prices], stored: Sequence[Quote] = ()) -> Message:
    """Draw what is being spent, with the storage prices of the models there are; every price is one press away."""
    spending = [*map(_lease, runs.leases), *map(_job, runs.jobs), *map(_distillation, runs.distillations)]
    shown, left_out = first(spending, SHOWN)
    more = [f"and {count(left_out, 'more')}"] if left_out else []
    now = "\n".join([*shown, *more]) or _NOTHING_RUNS
    face: list[Block] = [
        section(f"*Being spent now*\n{now}"),
        *([section(f"Storage: {storage(stored)}")] if stored else []),
        context("What was spent this month, and what is left of it: `/tune budget`"),
        context(f"The prices of {count(len(prices), 'base model')} are in *Details*."),
    ]
    details: list[Block] = [
        *([section("*Being spent now*\n" + "\n".join(spending[:MOST]))] if left_out else []),
        section("*Prices by base model*"),
        *(section(f"*{plain(each.base)}*\n{_lines(each)}") for each in prices),
        context(_origins(prices)),
    ]
    return folded(f"Being spent now: {count(len(spending), 'resource')}", face, details)


def _lease(view: LeaseView) -> str:
    return f"{code(view.model_name)} · {lease_state(view)} · {sentence(view.spent, 100) or UNKNOWN} so far"


def _job(view: JobView) -> str:
    return f"{code(view.name)} · {view.phase.value} · {sentence(view.cost, 100) or UNKNOWN}"


def _distillation(view: DistillationView) -> str:
    return f"{code(view.name)} · {view.phase.value} · {sentence(view.cost, 100) or UNKNOWN}"


def _lines(prices: Prices) -> str:
    return (
        f"Training: {quote(prices.training)}\nStorage of a model: {quote(prices.storage)}\n"
        f"Serving: {_serving(prices)}"
    )


def _serving(prices: Prices) -> str:
    return served(prices.serving)


def _origins(prices: Sequence[Prices]) -> str:
    known, left_out = first(
        [quoted for each in prices for quoted in (each.training, each.storage, each.serving)], 30
    )
    says_so = sources(*known) if not left_out else ""
    return f"From: {says_so}" if says_so else "Prices that nobody has published or set are unknown."


def cost_of_dataset(dataset: Dataset, estimate: TrainingEstimate, prices: Prices) -> Message:
    """Draw what training on a dataset costs at most, at the base model's default number of epochs."""
    tokens = f"{estimate.tokens:,} tokens (estimate) in each of {count(estimate.epochs, 'epoch')}"
    face = [
        section(
            f"*Training on {code(dataset.name)}: {at_most(estimate.usd)}*\n{tokens}, {quote(prices.training)}."
        ),
        section(f"Storage of the model: {quote(prices.storage)}\nServing it: {_serving(prices)}"),
    ]
    details = [*fields([("Base", plain(prices.base))]), context(_origins([prices]))]
    return folded(
        sentence(f"Training on {clean(dataset.name)}: {at_most(estimate.usd)}", 1_000), face, details
    )


def cost_of_model(line: ModelLine, leases: Sequence[LeaseView], prices: Prices) -> Message:
    """Draw what a model costs, asleep and awake."""
    awake = "\n".join(map(_lease, leases[:SHOWN])) or "It is asleep: only its storage is billed."
    face = [
        section(f"*{code(line.name)}*\n{awake}"),
        section(f"Storage: {quote(prices.storage)}\nServing: {_serving(prices)}"),
    ]
    details = [*fields([("Base", plain(prices.base))]), context(_origins([prices]))]
    return folded(sentence(f"What {clean(line.name)} costs", 1_000), face, details)


CARDS: Cards = {}
"""None: what is here is drawn from several values, by the commands that show it."""
