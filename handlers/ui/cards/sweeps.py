"""The plan of a hyperparameter sweep, before anything is spent."""

from bot.controller.model import Key, Message
from bot.profiles.hyperparameters import label_of
from bot.spending.model import Decision
from bot.sweeps.cards import SweepCard, SweepRefused
from bot.sweeps.model import KIND
from bot.wording import Person, wording
from handlers.ui.blocks import Block, Element, confirm, in_words, section
from handlers.ui.cards import Cards
from handlers.ui.cards.datasets import label_of as label_of_base
from handlers.ui.folding import folded
from handlers.ui.limits import first
from handlers.ui.money import storage
from handlers.ui.plans import (
    can_be_agreed,
    cancel_button,
    change_button,
    checked,
    hyperparameters,
    preflight,
    raise_button,
    start_button,
    way_out,
    where_it_stands,
)
from handlers.ui.text import code, count, plain, sentence

SHOWN_VALUES, SHOWN_ROWS = 8, 20


def sweep_card(card: SweepCard) -> Message:
    """Draw a series of jobs with its price, before anything is spent."""
    said = f"Sweep over {label_of(card.hyperparameter)}: {count(len(card.rows), 'job')}, training costs {card.cost}."
    return folded(sentence(said), _face(card), _details(card), *_buttons(card))


def _face(card: SweepCard) -> list[Block]:
    plan, parameter = card.plan, plain(label_of(card.hyperparameter))
    what = f"{plain(label_of_base(plan.profile))} on {code(plan.dataset_name, 63)}, {plan.records:,} records"
    shown, left = first([plain(row.value, 40) for row in card.rows], SHOWN_VALUES)
    values = ", ".join(shown) + (f" and {left} more" if left else "")
    exist = len(card.left_out)
    why = "that job exists" if exist == 1 else "those jobs exist"
    without = f"\n{count(exist, 'value')} left out, since {why} already" if exist else ""
    stored = f"Storage: {storage(card.storage)}"
    undecided = card.decision is Decision.OPEN and not card.refused
    return [
        section(f":memo: *Sweep over {parameter}*\n{count(len(card.rows), 'job')}: {what}."),
        section(f"Values: {values}\nTraining of all together: *{plain(card.cost, 100)}*\n{stored}{without}"),
        *(checked(card.preflight, card.lifecycle) if undecided else []),
        *_sweep_decision(card),
    ]


def _details(card: SweepCard) -> list[Block]:
    plan, parameter = card.plan, plain(label_of(card.hyperparameter))
    others = tuple((name, text) for name, text in plan.hyperparameters.items() if name != card.hyperparameter)
    rows, left = first(card.rows, SHOWN_ROWS)
    lines = [
        f"{parameter} {plain(row.value, 40)} → {code(row.job_name)} · {plain(row.cost, 60)}" for row in rows
    ]
    lines += [f"and {left} more"] if left else []
    if card.left_out:
        known, more = first(card.left_out, SHOWN_ROWS)
        exist = [f"{plain(each.value, 40)} ({code(each.job_name)})" for each in known]
        exist += [f"{more} more"] if more else []
        lines.append(f"_Left out, since these jobs exist already:_ {', '.join(exist)}")
    return [
        section("\n".join(lines)),
        section("*The same in all*\n" + hyperparameters(others)),
        section(
            f"*Price of all together*\nTraining: *{plain(card.cost, 100)}*\nStorage: {storage(card.storage)}"
        ),
        *preflight(card.preflight, card.lifecycle),
    ]


def _sweep_decision(card: SweepCard) -> list[Block]:
    if card.refused:
        return [section(f":no_entry: Nothing was started. {sentence(card.refused)}")]
    return where_it_stands(card)


def _buttons(card: SweepCard) -> list[Element | None]:
    plan = Key(KIND, card.id)
    cancel = cancel_button(
        plan, f"a sweep of {code(card.plan.dataset_name, 63)} over {plain(label_of(card.hyperparameter))}"
    )
    if card.refused or card.decision is not Decision.OPEN:
        return [cancel] if card.decision is Decision.REQUESTED and not card.refused else []
    change = change_button(plan) if card.can_be_changed else None
    if not can_be_agreed(card.needs_approval, card.approvers):
        return [change, cancel]
    label = "Ask an approver" if card.needs_approval else "Start all"
    ask = confirm(
        f"Start {count(len(card.rows), 'job')}?",
        f"Training costs {plain(card.cost, 100)} for all of them together. "
        f"Storage until you delete the models: {storage(card.storage)}.",
        label,
    )
    start = start_button(plan, card.usd, label, ask, card.preflight)
    instead = way_out(card.preflight, card.plan.dataset_id)
    # Other values mend nothing where the base is not open.
    return [instead, raise_button(plan, card.preflight), start, None if instead else change, cancel]


def sweep_refused(card: SweepRefused) -> Message:
    """Draw why none of its jobs was started."""
    return in_words(wording(Person(card.owner), " Nothing was started. ", card.why))


CARDS: Cards = {SweepCard: sweep_card, SweepRefused: sweep_refused}
