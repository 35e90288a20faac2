"""A hyperparameter sweep, from its plan to the end of its last job."""

from collections.abc import Sequence

from bot.controller.model import Key, Message
from bot.jobs.model import Phase
from bot.jobs.transitions import ENDED
from bot.jobs.verdict import GAINS, few_held_out, is_level
from bot.profiles import registry
from bot.profiles.hyperparameters import label_of
from bot.spending.model import Decision
from bot.sweeps.cards import JobsLost, SweepCard, SweepEnded, SweepRefused
from bot.sweeps.model import KIND, SweepRow
from bot.wording import Channel, Person, quoted, wording
from handlers.ui.blocks import Block, Element, button, confirm, context, image, in_words, section
from handlers.ui.cards import Cards
from handlers.ui.cards.datasets import label_of as label_of_base
from handlers.ui.cards.jobs import mark_of
from handlers.ui.cards.models import serve_button
from handlers.ui.folding import folded
from handlers.ui.limits import first
from handlers.ui.money import storage
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
from handlers.ui.text import code, count, person, plain, sentence

SHOWN_VALUES, SHOWN_ROWS, SHOWN_LEVEL = 8, 20, 3


def sweep_card(card: SweepCard) -> Message:
    """Draw a sweep with its price, before anything is spent."""
    said = f"Sweep over {label_of(card.hyperparameter)}: {count(len(card.rows), 'job')}, training costs {card.cost}."
    if card.decision in (Decision.APPROVED, Decision.OVERRIDDEN) and not card.refused:
        return folded(sentence(said), _running(card), _details(card))
    is_over = card.decision is not Decision.OPEN and card.decision is not Decision.REQUESTED
    return folded(sentence(said), _face(card), [] if is_over else _details(card), *_buttons(card))


def _running(card: SweepCard) -> list[Block]:
    """Return the face of a sweep that was started: how each of its jobs stands."""
    over = sum(1 for row in card.rows if row.phase in ENDED)
    mark = ":white_check_mark:" if over == len(card.rows) else ":radio_button:"
    shown, left = first(card.rows, SHOWN_VALUES)
    lines = [_standing(row) for row in shown] + ([f"and {left} more in *Details*"] if left else [])
    price = "" if over == len(card.rows) else f"\nTraining of all together: {plain(card.cost, 100)}"
    done = f"{over} of {count(len(card.rows), 'job')} done"
    return [
        section(f"{mark} *Sweep over {plain(label_of(card.hyperparameter))}* · {done}{price}"),
        section("\n".join(lines)),
        *([context(left_out)] if (left_out := _without(card)) else []),
        *where_it_stands(card),
    ]


def _without(card: SweepCard) -> str:
    """Return how many values start nothing, and why; empty when all start."""
    exist = len(card.left_out)
    why = "that job exists" if exist == 1 else "those jobs exist"
    return f"{count(exist, 'value')} left out, since {why} already" if exist else ""


def _standing(row: SweepRow) -> str:
    loss = _loss(row)
    phase = row.phase.value if row.phase else "about to start"
    mark = mark_of(row.phase) if row.phase else ":white_circle:"
    if row.is_lost:
        phase, mark = "cannot be read", ":grey_question:"
    return f"{mark} *{plain(row.value, 40)}* · {phase}{f' · {loss}' if loss else ''}"


def _loss(row: SweepRow) -> str:
    if row.validation_loss is not None:
        return f"validation loss {row.validation_loss:.4g}"
    return f"training loss {row.training_loss:.4g}" if row.training_loss is not None else ""


def sweep_ended(card: SweepEnded) -> Message:
    """Draw the end of all jobs of a sweep, for its owner: which value is best, and what can be done with it."""
    trained = [row for row in card.rows if row.phase is Phase.COMPLETED]
    who = f"{person(card.owner)} " if card.ping and not card.why else ""
    done = f"{len(trained)} of {count(len(card.rows), 'model')} trained"
    mark = ":white_check_mark:" if trained else ":no_entry:"
    rows, left = first(card.rows, SHOWN_ROWS)
    lines = [f"{_standing(row)} · {code(row.model_name, 63)}" for row in rows]
    lines += [f"and {left} more"] if left else []
    said = f"The sweep over {plain(label_of(card.hyperparameter))} is done: {done}"
    verdict = f"{_verdict(card, trained)}{_lost(card)}"
    face = [
        section(f"{mark} {who}*{said}*\n{verdict}"),
        context(f"Cost of all together: {plain(card.cost, 200)}"),
        *([context(f"You are told because {sentence(card.why)}.")] if card.why else []),
    ]
    text = f"{who}{said}. {verdict}"
    curve = [image(card.curve.file, card.curve.in_words)] if card.curve else []
    return folded(text, face, [section("\n".join(lines))], *_next_steps(card, trained), below=curve)


def _verdict(card: SweepEnded, trained: Sequence[SweepRow]) -> str:
    if card.best is not None:
        said = _compared(card.best, trained, plain(label_of(card.hyperparameter)))
        few = few_held_out(card.held_out)
        return f"{said} Compared by {few}" if few else said
    if not trained and all(row.is_lost for row in card.rows):
        return "How its jobs ended, I cannot say."
    if not trained:
        return "No model came of it; each job's thread says why."
    if len(trained) == 1:
        return f"It is {code(trained[0].model_name, 63)}, with {plain(trained[0].value, 40)}."
    if any(row.validation_loss is not None for row in trained):
        return "Which is best cannot be told: one of them alone has a validation loss."
    return (
        "Which is best cannot be told: without a validation set there are training losses alone, and longer training "
        "lowers those whatever was learned."
    )


def _compared(best: SweepRow, trained: Sequence[SweepRow], parameter: str) -> str:
    """Return which has the lowest loss: the best only where no other is level with it, by what counts as a gain."""
    lowest = best.validation_loss or 0.0
    rated = [(row.validation_loss, row) for row in trained if row != best and row.validation_loss is not None]
    level = [row for loss, row in rated if is_level(loss, lowest)]
    which = f"{parameter} {plain(best.value, 40)}, {code(best.model_name, 63)}: {_loss(best)}"
    if not level:
        beside = f"; the next has {min(loss for loss, _ in rated):.4g}" if rated else ""
        return f"Best is {which}{beside}."
    shown, left = first(level, SHOWN_LEVEL)
    named = [f"{plain(row.value, 40)} ({row.validation_loss:.4g})" for row in shown]
    others = " and ".join([*named, *([f"{left} more"] if left else [])])
    of, are = ("That of", "is") if len(level) == 1 else ("Those of", "are")
    return (
        f"Lowest is {which}. {of} {others} {are} less than {100 * GAINS:.0f} % above it, which is no difference: what "
        "they answer tells more, and what they cost."
    )


def _lost(card: SweepEnded) -> str:
    """Return that some of its jobs cannot be read; empty when all can."""
    lost = sum(row.is_lost for row in card.rows)
    if not lost:
        return ""
    which, its = ("what I keep of 1 job", "its") if lost == 1 else (f"what I keep of {lost} jobs", "their")
    return (
        f" For a day I could not read {which}, and wait no longer: {its} thread, or the Bedrock console, tells how it "
        "went. The operator is told."
    )


def jobs_lost(card: JobsLost) -> Message:
    """Draw, for the operators, that a sweep has ended without some of its jobs."""
    names, left = first(card.jobs, SHOWN_VALUES)
    named = ", ".join(quoted(each) for each in names) + (f" and {left} more" if left else "")
    one = len(card.jobs) == 1
    return in_words(
        wording(
            *_whose(card),
            f" ended without {named}: for a day I could not read what I keep of {'it' if one else 'them'}, or it was "
            f"gone. At Bedrock {'it runs' if one else 'they run'} on, or {'has' if one else 'have'} ended there: look "
            "in the Bedrock console. Training is billed for what it trains, as agreed, and no more.",
        )
    )


def _whose(card: JobsLost) -> list[str | Person | Channel]:
    if not card.owner:
        return ["A sweep"]
    over = f"The sweep over {label_of(card.hyperparameter)} of "
    return [over, Person(card.owner), " in ", Channel(card.channel)]


def _next_steps(card: SweepEnded, trained: Sequence[SweepRow]) -> list[Element | None]:
    chosen = card.best or (trained[0] if len(trained) == 1 else None)
    if chosen is None:
        return []
    return [
        serve_button(chosen.model_name, card.base, style="primary"),
        button("Run again", "job.again", chosen.job_id),
    ]


def _face(card: SweepCard) -> list[Block]:
    plan, parameter = card.plan, plain(label_of(card.hyperparameter))
    what = f"{plain(label_of_base(plan.profile))} on {code(plan.dataset_name, 63)}, {plan.records:,} records"
    shown, left = first([plain(row.value, 40) for row in card.rows], SHOWN_VALUES)
    values = ", ".join(shown) + (f" and {left} more" if left else "")
    without = f"\n{left_out}" if (left_out := _without(card)) else ""
    stored = f"Storage: {storage(card.storage)}"
    undecided = card.decision is Decision.OPEN and not card.refused
    return [
        section(f":memo: *Sweep over {parameter}*\n{count(len(card.rows), 'job')}: {what}."),
        section(f"Values: {values}\nTraining of all together: *{plain(card.cost, 100)}*\n{stored}{without}"),
        *(checked(card.preflight, card.lifecycle) if undecided else []),
        *(_nothing_to_compare_by(card) if undecided else []),
        *_sweep_decision(card),
    ]


def _nothing_to_compare_by(card: SweepCard) -> list[Block]:
    """Return that its values will not be compared, before somebody pays for that: not where it cannot start yet."""
    base = registry.PROFILES.get(card.plan.profile)
    if card.plan.validation_uri is not None or base is None or not all(each.ok for each in card.preflight):
        return []
    said = "nobody can tell which value is best."
    if base.limits.validation_allowed:
        return [context(f"Without a validation set {said} `/tune split` makes one.")]
    return [context(f"{plain(base.label)} takes no validation set, so {said}")]


def _details(card: SweepCard) -> list[Block]:
    plan, parameter = card.plan, plain(label_of(card.hyperparameter))
    others = tuple((name, text) for name, text in plan.hyperparameters.items() if name != card.hyperparameter)
    validated = (
        f"Validation data: {code(plan.validation_dataset_id) if plan.validation_dataset_id else 'none'}"
    )
    rows, left = first(card.rows, SHOWN_ROWS)
    lines = [f"{parameter} {plain(row.value, 40)} → {_named(row)}" for row in rows]
    lines += [f"and {left} more"] if left else []
    if card.left_out:
        known, more = first(card.left_out, SHOWN_ROWS)
        exist = [f"{plain(each.value, 40)} ({code(each.job_name)})" for each in known]
        exist += [f"{more} more"] if more else []
        lines.append(f"_Left out, since these jobs exist already:_ {', '.join(exist)}")
    return [
        section("\n".join(lines)),
        section(f"*The same in all*\n{hyperparameters(others)}\n{validated}"),
        section(
            f"*Price of all together*\nTraining: *{plain(card.cost, 100)}*\nStorage: {storage(card.storage)}"
        ),
        *preflight(card.preflight, card.lifecycle),
    ]


def _named(row: SweepRow) -> str:
    said = " · ".join([code(row.job_name), plain(row.cost, 60)])
    return f"{said} · {row.phase.value}" if row.phase else said


def _sweep_decision(card: SweepCard) -> list[Block]:
    is_open = card.decision is Decision.OPEN and not card.refused
    if anew := planned_anew(card.instead, is_open=is_open, is_there=card.is_planned_anew):
        return anew
    if card.refused:
        return [section(f":no_entry: Nothing was started. {sentence(card.refused)}")]
    return where_it_stands(card)


def _buttons(card: SweepCard) -> list[Element | None]:
    plan = Key(KIND, card.id)
    cancel = cancel_button(
        plan, f"a sweep of {code(card.plan.dataset_name, 63)} over {plain(label_of(card.hyperparameter))}"
    )
    if card.is_undoable:
        return [keep_button(KEEP, str(plan))]
    if card.refused or card.decision is not Decision.OPEN:
        return [cancel] if card.decision is Decision.REQUESTED and not card.refused else []
    if card.instead:
        return [cancel]
    change = change_button(plan) if card.can_be_changed else None
    if not can_be_agreed(card.needs_approval, card.approvers):
        return [change, cancel]
    label = ASK_APPROVER if card.needs_approval else "Start all"
    cost = f"Training costs {plain(card.cost, 100)} for all of them together."
    cost = "The price of training is unknown." if card.usd is None else cost
    ask = confirm(
        f"Start {count(len(card.rows), 'job')}?",
        f"{cost} Storage until you delete the models: {storage(card.storage)}.",
        label,
    )
    start = start_button(plan, card.usd, label, ask, card.preflight)
    instead = instead_button(plan, card.preflight)
    # Other values mend nothing where the base is not open.
    return [instead, raise_button(plan, card.preflight), start, None if instead else change, cancel]


def sweep_refused(card: SweepRefused) -> Message:
    """Draw why none of its jobs was started."""
    return in_words(wording(Person(card.owner), " Nothing was started. ", card.why))


CARDS: Cards = {
    SweepCard: sweep_card,
    SweepEnded: sweep_ended,
    SweepRefused: sweep_refused,
    JobsLost: jobs_lost,
}
