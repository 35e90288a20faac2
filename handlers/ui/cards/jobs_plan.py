"""Plans before anything is spent, and the question to an approver."""

from collections.abc import Sequence

from bot.clock import duration
from bot.controller.model import Message
from bot.jobs.cards import PlanCard
from bot.models.model import Lifecycle
from bot.pricing.money import at_most
from bot.spending.cards import ApprovalCard
from bot.spending.model import Check, Decision
from bot.sweeps.cards import SweepCard
from handlers.ui.blocks import (
    Block,
    Element,
    actions,
    button,
    confirm,
    context,
    fields,
    section,
    within_message,
)
from handlers.ui.cards.datasets import label_of
from handlers.ui.flags import flag
from handlers.ui.limits import clip, first
from handlers.ui.money import quote, served, sources
from handlers.ui.text import code, count, person, plain, sentence, when

SHOWN_ROWS = 20


def plan_card(card: PlanCard) -> Message:
    """Draw a plan with its price, before anything is spent."""
    plan = card.plan
    base = plain(label_of(plan.profile))
    blocks = [
        section(
            f":memo: {flag(plan.id)} *Plan: {code(plan.job_name)}*\nFine-tunes {base} on {code(plan.dataset_name)}."
        ),
        *fields(
            [
                ("Model name", code(plan.model_name)),
                ("Region", code(plan.region)),
                ("Records", f"{plan.records:,}"),
                (
                    "Validation data",
                    code(plan.validation_dataset_id) if plan.validation_dataset_id else "none",
                ),
                *([("Trains further", code(plan.base_model_name))] if plan.base_model_name else []),
            ]
        ),
        section("*Hyperparameters*\n" + _hyperparameters(tuple(plan.hyperparameters.items()))),
        *_effort(card),
        *_prices(card),
        *_preflight(card.lifecycle, card.preflight),
        *_plan_decision(card),
    ]
    said = f"Plan for {plan.job_name}: training costs {_training_price(card)}."
    return Message(text=sentence(said), blocks=within_message(blocks))


def _hyperparameters(pairs: tuple[tuple[str, str], ...]) -> str:
    return (
        "\n".join(f"{code(name)} {plain(value, 60)}" for name, value in pairs)
        or "all at the base model's defaults"
    )


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


def _preflight(lifecycle: Lifecycle, checks: tuple[Check, ...]) -> list[Block]:
    lines = [f"*Preflight*\n{_lifecycle(lifecycle)}"]
    told = [each for each in checks if not each.ok or not each.checked or each.notice]
    for check in sorted(told, key=lambda each: each.ok):
        mend = f"\n→ {sentence(check.mend, 400)}" if check.mend else ""
        lines.append(f"{_mark(check)} {sentence(check.sentence or check.name, 400)}{mend}")
    held = [each for each in checks if each not in told]
    lines += [f":white_check_mark: {sentence(each.sentence, 400)}" for each in held if each.apart]
    held = [each for each in held if not each.apart]
    if held:
        lines.append(f":white_check_mark: {count(len(held), 'check')} held.")
    small = [sentence(each.sentence or each.name, 160) for each in held[:15]]
    return [section("\n".join(lines)), *([context(" ".join(small))] if small else [])]


def _mark(check: Check) -> str:
    if not check.checked:
        return ":grey_question:"
    return ":warning:" if check.ok else ":no_entry:"


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


def _lifecycle(lifecycle: Lifecycle) -> str:
    ends = f"; end of life {when(lifecycle.end_of_life)}" if lifecycle.end_of_life else ""
    if lifecycle.status == "ACTIVE" and lifecycle.customizable:
        return f":white_check_mark: The base model is active{ends}."
    if lifecycle.status == "ACTIVE":
        return ":warning: The base model is active, but Bedrock does not offer it for fine-tuning here."
    if lifecycle.status == "LEGACY":
        return f":warning: The base model is legacy{ends}."
    if lifecycle.status == "ENDED":
        return f":no_entry: The base model's life has ended{ends}."
    if lifecycle.status == "UNKNOWN":
        return ":warning: Whether the base model is still open could not be read."
    return f":no_entry: Bedrock does not know the base model ({plain(lifecycle.status, 60)})."


def _plan_decision(card: PlanCard) -> list[Block]:
    if card.decision is not Decision.OPEN:
        said = context(decided(card.decision, card.decided_by, card.needs_approval, card.approvers))
        withdraw = card.decision is Decision.REQUESTED
        return [said, *(actions(button("Cancel", "job.cancel", card.plan.id)) if withdraw else [])]
    blocks = (
        [context(f"Needs an approver: {sentence(card.needs_approval, 600)}")] if card.needs_approval else []
    )
    return [
        *blocks,
        *mend_first(card.preflight),
        *actions(_start_button(card), button("Cancel", "job.cancel", card.plan.id)),
    ]


def sweep_card(card: SweepCard) -> Message:
    """Draw a series of jobs with its price, before anything is spent."""
    plan, parameter = card.plan, code(card.hyperparameter)
    others = tuple((name, text) for name, text in plan.hyperparameters.items() if name != card.hyperparameter)
    rows, left = first(card.rows, SHOWN_ROWS)
    lines = [
        f"{parameter} {plain(row.value, 40)} → {code(row.job_name)} · {plain(row.cost, 60)}" for row in rows
    ]
    lines += [f"and {left} more"] if left else []
    what = f"{plain(label_of(plan.profile))} on {code(plan.dataset_name)}, {plan.records:,} records"
    blocks = [
        section(f":memo: *Sweep over {parameter}*\n{count(len(card.rows), 'job')}: {what}."),
        section("\n".join(lines)),
        section("*The same in all*\n" + _hyperparameters(others)),
        section(f"*Price of all together*\nTraining: *{plain(card.cost, 100)}*"),
        *_preflight(card.lifecycle, card.preflight),
        *_sweep_decision(card),
    ]
    said = f"Sweep over {card.hyperparameter}: {len(card.rows)} jobs, training costs {card.cost}."
    return Message(text=sentence(said), blocks=within_message(blocks))


def _sweep_decision(card: SweepCard) -> list[Block]:
    cancel = button("Cancel", "sweep.cancel", card.id)
    if card.refused:
        return [section(f":no_entry: Nothing was started. {sentence(card.refused)}")]
    if card.decision is not Decision.OPEN:
        said = context(decided(card.decision, card.decided_by, card.needs_approval, card.approvers))
        return [said, *(actions(cancel) if card.decision is Decision.REQUESTED else [])]
    label = "Ask an approver" if card.needs_approval else "Start all"
    ask = confirm(
        f"Start {len(card.rows)} jobs?",
        f"Training costs {plain(card.cost, 100)} for all of them together.",
        label,
    )
    why = [context(f"Needs an approver: {sentence(card.needs_approval, 600)}")] if card.needs_approval else []
    start = button(label, "sweep.start", card.id, style=style_of(card.preflight), confirm=ask)
    return [*why, *mend_first(card.preflight), *actions(start, cancel)]


def mend_first(checks: Sequence[Check]) -> list[Block]:
    """Return what to do about checks that failed, if any did."""
    said = "Nothing has been spent. Mend what is marked, then press the button: I look again first."
    return [] if all(each.ok for each in checks) else [context(said)]


def style_of(checks: Sequence[Check]) -> str | None:
    """Return the style of the button that starts: it is no invitation while a check says that it cannot."""
    return "primary" if all(each.ok for each in checks) else None


def _start_button(card: PlanCard) -> Element:
    label = "Ask an approver" if card.needs_approval else "Start"
    storage = f"storage is {quote(card.storage_month)} until you delete the model"
    spends = f"Training costs {_training_price(card)}; {storage}."
    ask = confirm("Start this job?", spends, label)
    return button(label, "job.start", card.plan.id, style=style_of(card.preflight), confirm=ask)


def decided(decision: Decision, by: str | None, reason: str, approvers: Sequence[str] = ()) -> str:
    """Return who settled a plan, and how; within the limit nobody approves, somebody just starts.

    ``approvers`` may settle what waits for one of them.
    """
    who = f" by {person(by)}" if by else ""
    if decision is Decision.REQUESTED:
        return f"Asked for{who}. {_waits_for(approvers)} {sentence(reason, 600)}".rstrip()
    if decision is Decision.APPROVED and not reason:
        return f"Started{who}."
    return f"{decision.value.capitalize()}{who}."


def approval_card(card: ApprovalCard) -> Message:
    """Draw the question to an approver."""
    resource, _, identity = card.resource.partition(":")
    kind = resource if resource in {"lease", "extension", "sweep", "distillation"} else "job"
    asked = f"{person(card.asked_by)} asks to {sentence(card.what[:1].lower() + card.what[1:], 600)}"
    blocks = [
        section(f":moneybag: *Approval needed*\n{asked}"),
        *fields([("Cost", sentence(card.cost, 300)), ("Why you are asked", sentence(card.reason, 600))]),
    ]
    if card.decision in {Decision.OPEN, Decision.REQUESTED}:
        blocks.append(context(_waits_for(card.approvers)))
        blocks += actions(*_decisions(card, kind, identity))
    else:
        blocks.append(context(decided(card.decision, card.decided_by, card.reason)))
    return Message(text=clip(f"Approval needed: {asked}", 1_000), blocks=within_message(blocks))


def _decisions(card: ApprovalCard, kind: str, identity: str) -> list[Element]:
    """Return the buttons of those who may decide; none while nobody may."""
    if not card.approvers:
        return []
    ask = confirm("Approve the spending?", clip(sentence(card.cost, 280), 290), "Approve")
    return [
        button("Approve", f"{kind}.approve", identity, style="primary", confirm=ask),
        button("Decline", f"{kind}.decline", identity, style="danger"),
    ]


def _waits_for(approvers: Sequence[str]) -> str:
    """Return who may decide, of whom one is enough."""
    shown, left = first(approvers, 10)
    if not shown:
        return (
            "Nobody can decide this yet: whoever asked for it does not approve it, and there is no other approver. Ask "
            "the operator to name one in TUNESMITH_APPROVERS, or to set a price that is unknown in TUNESMITH_PRICES."
        )
    more = f" and {left} more" if left else ""
    return f"Waiting for one of these to approve it: {', '.join(map(person, shown))}{more}."
