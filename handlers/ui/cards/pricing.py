"""Prices, and what is being spent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.controller.model import Message
from bot.datasets.model import Dataset
from bot.deployments.cards import DeploymentView
from bot.directory.spending import ModelAnswers
from bot.distillations.cards import DistillationView
from bot.jobs.cards import JobView
from bot.leases.cards import LeaseView
from bot.pricing.answers import AT_BASE_PRICE, AnswerPrices, Thousand
from bot.pricing.model import Quote, TrainingEstimate
from bot.pricing.money import UNKNOWN, about, at_most
from bot.schedules.views import ScheduleView
from bot.serving.cards import ModelLine
from handlers.ui.blocks import Block, context, fields, section
from handlers.ui.cards import Cards
from handlers.ui.cards.deployments import deployment_state
from handlers.ui.cards.leases import lease_state
from handlers.ui.cards.schedules import schedule_state
from handlers.ui.folding import folded
from handlers.ui.limits import first
from handlers.ui.money import (
    answer_prices,
    answers_and_tokens,
    quote,
    served,
    sources,
    storage,
    thousand_questions,
)
from handlers.ui.parts.pictures import COST, as_picture
from handlers.ui.parts.running import Running
from handlers.ui.text import clean, code, count, day, plain, sentence

SHOWN, MOST = 4, 40
ANSWERED = 2
BASE_PRICE = "†"
"""Stands at a sum of answers that was computed at the base's price; what it means stands under them."""
"""Of what is being spent: on the card, and behind it."""
_NOTHING_RUNS = "Nothing runs: no model is in service, no job, and no distillation."


@dataclass(frozen=True, slots=True)
class Prices:
    """What a base model costs."""

    base: str
    training: Quote
    storage: Quote
    serving: Quote
    answers: AnswerPrices | None = None
    """What answers cost by the token; None where tuned models are paid for by the hour alone."""


def overview(
    runs: Running,
    prices: Sequence[Prices],
    stored: Sequence[Quote] = (),
    answered: Sequence[ModelAnswers] = (),
) -> Message:
    """Draw what is being spent, with the storage prices of the models there are and what they ``answered`` this month.

    Every price is one press away.
    """
    spending = [*map(_lease, runs.leases), *map(_job, runs.jobs), *map(_distillation, runs.distillations)]
    spending += [*map(_deployment, runs.deployments), *map(_hours, runs.schedules)]
    shown, left_out = first(spending, SHOWN)
    more = [f"and {count(left_out, 'more')}"] if left_out else []
    now = "\n".join([*shown, *more]) or _NOTHING_RUNS
    face: list[Block] = [
        section(f"*Being spent now*\n{now}"),
        *([section(_answered(answered))] if answered else []),
        *([section(f"Storage: {storage(stored)}")] if stored else []),
        context("What was spent this month, and what is left of it: `/tune budget`"),
        context(f"The prices of {count(len(prices), 'base model')} are in *Details*."),
    ]
    details: list[Block] = [
        *([section("*Being spent now*\n" + "\n".join(spending[:MOST]))] if left_out else []),
        *([section(_answered(answered, MOST))] if len(answered) > ANSWERED else []),
        section("*Prices by base model*"),
        *(section(f"*{plain(each.base)}*\n{_lines(each)}") for each in prices),
        context(_origins(prices)),
    ]
    drawn = as_picture(COST) if answered or spending else None
    return folded(f"Being spent now: {count(len(spending), 'resource')}", face, details, drawn)


def _answered(answered: Sequence[ModelAnswers], most: int = ANSWERED) -> str:
    """Draw what models answered this month, the dearest first, and at whose price it was counted."""
    shown, left_out = first(answered, most)
    lines = ["*Answers this month*", *map(_answers_of, shown)]
    lines += [f"and {left_out} more"] if left_out else []
    lines += [f"_{BASE_PRICE} {AT_BASE_PRICE}._"] if any(each.of_base for each in shown) else []
    return "\n".join(lines)


def _answers_of(each: ModelAnswers) -> str:
    asked = f"{code(each.model, 40)} · {answers_and_tokens(each.answers, each.tokens_in + each.tokens_out)}"
    if not each.usd:
        return f"{asked} · {UNKNOWN if each.unpriced else 'paid for by the hour'}"
    mark = BASE_PRICE if each.of_base else ""
    unpriced = f" + {count(each.unpriced, 'unknown price')}" if each.unpriced else ""
    return f"{asked} · {about(each.usd)}{unpriced}{mark}"


def _lease(view: LeaseView) -> str:
    return f"{code(view.model_name)} · {lease_state(view)} · {sentence(view.spent, 100) or UNKNOWN} so far"


def _deployment(view: DeploymentView) -> str:
    return f"{code(view.model_name)} · {deployment_state(view)} · nothing while idle"


def _hours(view: ScheduleView) -> str:
    return f"{code(view.model_name)} · {schedule_state(view)} · {sentence(view.week, 100) or UNKNOWN} a week"


def _job(view: JobView) -> str:
    return f"{code(view.name)} · {view.phase.value} · {sentence(view.cost, 100) or UNKNOWN}"


def _distillation(view: DistillationView) -> str:
    return f"{code(view.name)} · {view.phase.value} · {sentence(view.cost, 100) or UNKNOWN}"


def _lines(prices: Prices) -> str:
    return (
        f"Training: {quote(prices.training)}\nStorage of a model: {quote(prices.storage)}\n"
        f"Serving: {_serving(prices)}{_on_demand(prices)}"
    )


def _on_demand(prices: Prices) -> str:
    return f"\nAnswers on demand: {answer_prices(prices.answers)}" if prices.answers else ""


def _serving(prices: Prices) -> str:
    return served(prices.serving)


def _origins(prices: Sequence[Prices]) -> str:
    known = [quoted for each in prices for quoted in (each.training, each.storage, each.serving)]
    known += [each.answers.put_in for each in prices if each.answers]
    says_so = sources(*known)
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


def cost_of_model(
    line: ModelLine,
    leases: Sequence[LeaseView],
    prices: Prices,
    questions: Thousand | None = None,
    answered: ModelAnswers | None = None,
    last_asked: datetime | None = None,
) -> Message:
    """Draw what a model costs, asleep and awake: ``questions`` is what a thousand like those here cost by the token."""
    lines = [*map(_lease, leases[:SHOWN]), *([_deployment(line.deployment)] if line.deployment else [])]
    awake = "\n".join(lines) or "It is asleep: only its storage is billed."
    face = [
        section(f"*{code(line.name)}*\n{awake}"),
        section(f"Storage: {quote(prices.storage)}\nServing: {_serving(prices)}"),
        *([section(_answered([answered]))] if answered else []),
        *([context(thousand_questions(questions))] if questions else []),
    ]
    details = [
        *fields([("Base", plain(prices.base)), *([("Last asked", day(last_asked))] if last_asked else [])]),
        *([section(_on_demand(prices).strip())] if prices.answers else []),
        context(_origins([prices])),
    ]
    return folded(sentence(f"What {clean(line.name)} costs", 1_000), face, details)


CARDS: Cards = {}
"""None: what is here is drawn from several values, by the commands that show it."""
