"""The plan of a job, before anything is spent."""

from bot.clock import duration
from bot.controller.model import Key, Message
from bot.jobs.cards import PlanCard
from bot.jobs.record import KIND
from bot.pricing.money import at_most
from bot.spending.model import Decision
from handlers.ui.blocks import Block, Element, confirm, context, fields, section
from handlers.ui.cards import Cards
from handlers.ui.cards.datasets import label_of
from handlers.ui.folding import folded
from handlers.ui.money import quote, served, sources
from handlers.ui.parts.plans import (
    ASK_APPROVER,
    KEEP,
    can_be_agreed,
    cancel_button,
    change_button,
    checked,
    hyperparameters,
    instead_button,
    keep_button,
    planned_anew,
    preflight,
    raise_button,
    start_button,
    where_it_stands,
)
from handlers.ui.text import code, count, plain, sentence, whole_sentences

_MARKS = {
    Decision.OPEN: ":memo:",
    Decision.REQUESTED: ":hourglass:",
    Decision.APPROVED: ":white_check_mark:",
    Decision.OVERRIDDEN: ":warning:",
    Decision.DECLINED: ":no_entry:",
    Decision.CANCELLED: ":black_square_for_stop:",
}


def plan_card(card: PlanCard) -> Message:
    """Draw a plan with its price, before anything is spent."""
    said = f"Plan for {card.plan.job_name}: training costs {_training_price(card)}."
    is_over = card.decision in (Decision.DECLINED, Decision.CANCELLED)
    return folded(sentence(said), _face(card), [] if is_over else _details(card), *_buttons(card))


def _face(card: PlanCard) -> list[Block]:
    plan = card.plan
    what = f"Trains {code(plan.model_name, 63)} from {plain(label_of(plan.profile))} on {code(plan.dataset_name, 63)}."
    takes = f" · takes {duration(card.takes.least)} to {duration(card.takes.most)}" if card.takes else ""
    price = f"Training: *{_training_price(card)}*{takes}\nStorage of the model: {quote(card.storage_month)}"
    is_open = card.decision is Decision.OPEN
    return [
        section(f"{_MARKS[card.decision]} *Plan: {code(plan.job_name, 63)}*\n{what}"),
        section(price),
        *(checked(card.preflight, card.lifecycle) if is_open else []),
        *_plan_decision(card),
    ]


def _details(card: PlanCard) -> list[Block]:
    plan = card.plan
    return [
        *fields(
            [
                ("Job", code(plan.job_name)),
                ("Model name", code(plan.model_name)),
                ("Base", plain(label_of(plan.profile))),
                ("Dataset", code(plan.dataset_name)),
                ("Region", code(plan.region)),
                ("Records", f"{plan.records:,}"),
                (
                    "Validation data",
                    code(plan.validation_dataset_id) if plan.validation_dataset_id else "none",
                ),
                *([("Trains further", code(plan.base_model_name))] if plan.base_model_name else []),
            ]
        ),
        section("*Hyperparameters*\n" + hyperparameters(tuple(plan.hyperparameters.items()))),
        *_effort(card),
        *_prices(card),
        *preflight(card.preflight, card.lifecycle),
    ]


def _training_price(card: PlanCard) -> str:
    return at_most(card.training.usd)


def _prices(card: PlanCard) -> list[Block]:
    training = card.training
    epochs = count(training.epochs, "epoch") if training.epochs else "as many epochs as the service chooses"
    amount = f"{training.tokens:,} tokens in each of {epochs}"
    said = (
        f"*Price*\nTraining: *{_training_price(card)}*\n{amount}, {quote(training.per_1k_tokens)}\n"
        f"Storage of the model: {quote(card.storage_month)}\nServing: {served(card.serving_hour)}"
    )
    says_so = sources(training.per_1k_tokens, card.storage_month, card.serving_hour)
    return [section(said), *([context(f"Prices: {says_so}")] if says_so else [])]


def _effort(card: PlanCard) -> list[Block]:
    """Return how much training it is, and what may be better done otherwise."""
    said = []
    if card.steps:
        an_epoch, in_all = card.steps
        said.append(f"{count(an_epoch, 'step')} an epoch, {in_all:,} in all.")
    if card.takes:
        least, most = duration(card.takes.least), duration(card.takes.most)
        said.append(f"Takes {least} to {most}, going by {count(card.takes.jobs, 'earlier job')}.")
    lines = ["*Training*\n" + " ".join(said)] if said else []
    lines += [f":bulb: {sentence(each, 500)}" for each in card.advice]
    return [section("\n".join(lines))] if lines else []


def _plan_decision(card: PlanCard) -> list[Block]:
    is_open = card.decision is Decision.OPEN
    if anew := planned_anew(card.instead, is_open=is_open, is_there=card.is_planned_anew):
        return anew
    # Where an approver is needed, or a check fails, that is what counts: all tips are in the details.
    is_free = not card.needs_approval and all(each.ok for each in card.preflight)
    tips = card.advice[:1] if is_free else ()
    return where_it_stands(card, *(context(f":bulb: {whole_sentences(each, 160)}") for each in tips))


def _buttons(card: PlanCard) -> list[Element | None]:
    cancel = cancel_button(Key(KIND, card.plan.id), code(card.plan.job_name, 63))
    if card.is_undoable:
        return [keep_button(KEEP, str(Key(KIND, card.plan.id)))]
    if card.decision is not Decision.OPEN:
        return [cancel] if card.decision is Decision.REQUESTED else []
    if card.instead:
        return [cancel]
    agreeable = can_be_agreed(card.needs_approval, card.approvers)
    return [
        instead_button(Key(KIND, card.plan.id), card.preflight),
        raise_button(Key(KIND, card.plan.id), card.preflight) if agreeable else None,
        _start(card) if agreeable else None,
        change_button(Key(KIND, card.plan.id)),
        cancel,
    ]


def _start(card: PlanCard) -> Element | None:
    label = ASK_APPROVER if card.needs_approval else "Start"
    a_month = "of unknown price" if card.storage_month.usd is None else quote(card.storage_month)
    storage = f"storage is {a_month}, until you delete the model"
    unknown = card.training.usd is None
    costs = "Nobody knows what training costs" if unknown else f"Training costs {_training_price(card)}"
    ask = confirm("Start this job?", f"{costs}; {storage}.", label)
    return start_button(Key(KIND, card.plan.id), card.training.usd, label, ask, card.preflight)


CARDS: Cards = {PlanCard: plan_card}
