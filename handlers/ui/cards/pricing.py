"""Prices, and what is being spent."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.controller.model import Message
from bot.datasets.model import Dataset
from bot.jobs.cards import JobView
from bot.leases.cards import LeaseView, ModelLine
from bot.pricing.model import Quote, TrainingEstimate
from bot.pricing.money import UNKNOWN, at_most
from handlers.ui.blocks import Block, context, divider, fields, section, within_message
from handlers.ui.cards import Cards
from handlers.ui.cards.leases import lease_state
from handlers.ui.limits import first
from handlers.ui.money import quote, served, sources
from handlers.ui.text import clean, code, count, plain, sentence

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Prices:
    """What a base model costs."""

    base: str
    training: Quote
    storage: Quote
    serving: Quote


def overview(leases: Sequence[LeaseView], jobs: Sequence[JobView], prices: Sequence[Prices]) -> Message:
    """Draw what is being spent, and every price."""
    spending = [*map(_lease, leases[:SHOWN]), *map(_job, jobs[:SHOWN])]
    blocks: list[Block] = [
        section(
            "*Being spent now*\n" + ("\n".join(spending) or "Nothing: no model is awake and no job runs.")
        ),
        context("What was spent this month, and what is left of it: `/tune budget`"),
        divider(),
        section("*Prices by base model*"),
        *(section(f"*{plain(each.base)}*\n{_lines(each)}") for each in prices),
        context(_origins(prices)),
    ]
    return Message(text=f"Being spent now: {count(len(spending), 'resource')}", blocks=within_message(blocks))


def _lease(view: LeaseView) -> str:
    return f"{code(view.model_name)} · {lease_state(view)} · {sentence(view.spent, 100) or UNKNOWN} so far"


def _job(view: JobView) -> str:
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
    blocks = [
        section(
            f"*Training on {code(dataset.name)}: {at_most(estimate.usd)}*\n{tokens}, {quote(prices.training)}."
        ),
        *fields(
            [
                ("Base", plain(prices.base)),
                ("Storage of the model", quote(prices.storage)),
                ("Serving it", _serving(prices)),
            ]
        ),
        context(_origins([prices])),
    ]
    text = sentence(f"Training on {clean(dataset.name)}: {at_most(estimate.usd)}", 1_000)
    return Message(text=text, blocks=within_message(blocks))


def cost_of_model(line: ModelLine, leases: Sequence[LeaseView], prices: Prices) -> Message:
    """Draw what a model costs, asleep and awake."""
    awake = "\n".join(map(_lease, leases[:SHOWN])) or "It is asleep: only its storage is billed."
    blocks = [
        section(f"*{code(line.name)}*\n{awake}"),
        *fields(
            [("Storage", quote(prices.storage)), ("Serving", _serving(prices)), ("Base", plain(prices.base))]
        ),
        context(_origins([prices])),
    ]
    return Message(text=sentence(f"What {clean(line.name)} costs", 1_000), blocks=within_message(blocks))


CARDS: Cards = {}
"""None: what is here is drawn from several values, by the commands that show it."""
