"""The plan of a hyperparameter sweep, before anything is spent."""

from bot.controller.model import Key, Message
from bot.spending.model import Decision
from bot.sweeps.cards import SweepCard, SweepRefused
from bot.sweeps.model import KIND
from bot.wording import Person, wording
from handlers.ui.blocks import Block, actions, confirm, context, in_words, section, within_message
from handlers.ui.cards import Cards
from handlers.ui.cards.datasets import label_of
from handlers.ui.limits import first
from handlers.ui.plans import (
    can_be_agreed,
    cancel_button,
    decided,
    hyperparameters,
    mend_first,
    preflight,
    start_button,
    why_approver,
)
from handlers.ui.text import code, count, plain, sentence

SHOWN_ROWS = 20


def sweep_card(card: SweepCard) -> Message:
    """Draw a series of jobs with its price, before anything is spent."""
    plan, parameter = card.plan, code(card.hyperparameter)
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
    what = f"{plain(label_of(plan.profile))} on {code(plan.dataset_name)}, {plan.records:,} records"
    blocks = [
        section(f":memo: *Sweep over {parameter}*\n{count(len(card.rows), 'job')}: {what}."),
        section("\n".join(lines)),
        section("*The same in all*\n" + hyperparameters(others)),
        section(f"*Price of all together*\nTraining: *{plain(card.cost, 100)}*"),
        *preflight(card.lifecycle, card.preflight),
        *_sweep_decision(card),
    ]
    said = f"Sweep over {card.hyperparameter}: {count(len(card.rows), 'job')}, training costs {card.cost}."
    return Message(text=sentence(said), blocks=within_message(blocks))


def _sweep_decision(card: SweepCard) -> list[Block]:
    plan = Key(KIND, card.id)
    cancel = cancel_button(plan)
    if card.refused:
        return [section(f":no_entry: Nothing was started. {sentence(card.refused)}")]
    if card.decision is not Decision.OPEN:
        said = context(decided(card.decision, card.decided_by, card.needs_approval, card.approvers))
        return [said, *(actions(cancel) if card.decision is Decision.REQUESTED else [])]
    label = "Ask an approver" if card.needs_approval else "Start all"
    ask = confirm(
        f"Start {count(len(card.rows), 'job')}?",
        f"Training costs {plain(card.cost, 100)} for all of them together.",
        label,
    )
    why = why_approver(card.needs_approval, card.approvers)
    if not can_be_agreed(card.needs_approval, card.approvers):
        return [*why, *actions(cancel)]
    start = start_button(plan, card.usd, label, ask, card.preflight)
    return [*why, *mend_first(card.preflight), *actions(start, cancel)]


def sweep_refused(card: SweepRefused) -> Message:
    """Draw why none of its jobs was started."""
    return in_words(wording(Person(card.owner), " Nothing was started. ", card.why))


CARDS: Cards = {SweepCard: sweep_card, SweepRefused: sweep_refused}
