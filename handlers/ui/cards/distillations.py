"""Prompts that a teacher answers: the plan with its price, the batch job while it runs, and the end."""

from collections.abc import Sequence
from decimal import Decimal

from bot.clock import duration
from bot.controller.model import Key, Message
from bot.distillations.cards import (
    DistillationCard,
    DistillationEnded,
    DistillationMilestone,
    DistillationPlanCard,
    DistillationProblem,
    DistillationStalled,
    DistillationView,
    NothingStarted,
    TeacherList,
)
from bot.distillations.model import KIND
from bot.distillations.plan import DistillationPhase, LeftOut, Tokens
from bot.distillations.teachers.registry import TEACHERS
from bot.distillations.transitions import ENDED, RUNNING
from bot.pricing.money import at_most, money
from bot.spending.cards import CannotStop, Declined, StopAsked
from bot.spending.model import Decision
from bot.wording import Person, wording
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
from handlers.ui.cards import Cards
from handlers.ui.cards.datasets import label_of
from handlers.ui.folding import folded
from handlers.ui.limits import clip, first
from handlers.ui.money import quote, sources
from handlers.ui.parts.plans import (
    ASK_APPROVER,
    asked_to_stop,
    can_be_agreed,
    cancel_button,
    change_button,
    checked,
    declined_words,
    happened,
    in_a_moment,
    keep_button,
    mend_first,
    preflight,
    raise_button,
    start_button,
    why_approver,
)
from handlers.ui.parts.plans import KEEP as KEEP_PLAN
from handlers.ui.parts.settled import TOLD_IN_THREAD, decided
from handlers.ui.parts.stalls import stalled
from handlers.ui.text import code, count, person, plain, sentence, thread_link

KEEP = "distillation.keep"
"""The action of the button that takes a *Stop* back; its value is the distillation."""
_CENT = Decimal("0.01")
FACE_REASONS, SHOWN_REASONS = 2, 8
"""Why prompts are left out: on the face of the end, and behind it."""
WITHOUT = "Without an answer that can be taught"
FACE_RUNNING, SHOWN_RUNNING = 3, 30
TOLD_ENDS = ENDED - {DistillationPhase.CANCELLED, DistillationPhase.DECLINED}
"""Those that a message of its own tells, with what came of it."""
_SIGNS = {
    DistillationPhase.COMPLETED: ":white_check_mark:",
    DistillationPhase.STOPPED: ":black_square_for_stop:",
    DistillationPhase.FAILED: ":x:",
    DistillationPhase.REFUSED: ":no_entry:",
}


def label_of_teacher(name: str) -> str:
    """Return a teacher's full name, or the name itself when it is no longer known."""
    return TEACHERS[name].label if name in TEACHERS else name


def plan_card(card: DistillationPlanCard) -> Message:
    """Draw a plan with its price, before anything is spent."""
    plan, prepared, teacher = card.plan, card.prepared, plain(label_of_teacher(card.plan.teacher))
    left_out = sum(each.count for each in prepared.left_out)
    what = f"{count(prepared.records, 'prompt')} of {code(prepared.name, 70)}"
    without = f" · {count(left_out, 'row')} left out" if left_out else ""
    face = [
        section(f":memo: *Plan: {code(plan.job_name, 63)}*\n{teacher} answers {what}, in batch."),
        section(
            f"Answers: *{at_most(card.terms.most)}*{without}\nDataset for {plain(label_of(plan.profile))}"
        ),
        *(checked(card.checks) if card.decision is Decision.OPEN else []),
        *_decision(card),
    ]
    details = [
        *fields(
            [
                ("Dataset for", plain(label_of(plan.profile))),
                ("Region", code(plan.region)),
                ("Longest answer", f"{plan.max_tokens:,} tokens"),
                (
                    "System prompt",
                    plain(plan.system, 300) if plan.system else "as each prompt has it, or none",
                ),
            ]
        ),
        *_left_out("Left out of the file", prepared.left_out),
        *_price(card),
        *preflight(card.checks),
        context(_terms_of_use(card.plan.teacher)),
    ]
    said = f"Plan {plan.job_name}: {prepared.records:,} prompts answered by {teacher}, {at_most(card.terms.most)}."
    is_over = card.decision in (Decision.DECLINED, Decision.CANCELLED)
    return folded(sentence(said), face, [] if is_over else details, *_buttons(card))


def _price(card: DistillationPlanCard) -> list[Block]:
    terms, prepared = card.terms, card.prepared
    least = f" (at least {money(terms.least)})" if terms.least and terms.least >= _CENT else ""
    said = (
        f"*Price*\nAnswers: *{at_most(terms.most)}*{least}\n"
        f"In: {_tokens(prepared.input_tokens)}, {quote(terms.per_1m_input)}\n"
        f"Out: {_tokens(prepared.output_tokens)}, {quote(terms.per_1m_output)}"
    )
    says_so = sources(terms.per_1m_input, terms.per_1m_output)
    return [section(said), *([context(f"Prices: {says_so}")] if says_so else [])]


def _tokens(tokens: Tokens) -> str:
    if tokens.least:
        return f"about {tokens.least:,} to {tokens.most:,} tokens"
    return f"at most {tokens.most:,} tokens"


def _terms_of_use(teacher: str) -> str:
    provider = TEACHERS[teacher].provider if teacher in TEACHERS else "the provider"
    return (
        f"A model is trained on what the teacher says: check that the terms of {plain(provider)} allow it. "
        "I have not read them for you."
    )


def _left_out(title: str, left_out: Sequence[LeftOut], most: int = SHOWN_REASONS) -> list[Block]:
    shown, more = first(left_out, most)
    lines = [f"{_rows(each)}: {sentence(each.reason, 260)}" for each in shown]
    lines += [f"and {count(more, 'other reason')}"] if more else []
    return [section(f"*{title}*\n" + "\n".join(lines))] if lines else []


def _rows(each: LeftOut) -> str:
    listed = ", ".join(str(row) for row in each.rows)
    return f"{count(each.count, 'row')} ({listed}{' …' if each.count > len(each.rows) else ''})"


def _decision(card: DistillationPlanCard) -> list[Block]:
    needs = card.terms.needs_approval
    if card.decision is not Decision.OPEN:
        return [context(decided(card, needs))]
    agreeable = can_be_agreed(needs, card.approvers)
    terms = context(_terms_of_use(card.plan.teacher)) if agreeable and not needs else None
    return [
        *([terms] if terms and all(each.ok for each in card.checks) else []),
        *why_approver(needs, card.approvers),
        *(mend_first(card.checks) if agreeable else []),
    ]


def _buttons(card: DistillationPlanCard) -> list[Element | None]:
    plan, needs = Key(KIND, card.plan.id), card.terms.needs_approval
    cancel = cancel_button(plan, code(card.plan.job_name, 63))
    if card.is_undoable:
        return [keep_button(KEEP_PLAN, str(plan))]
    if card.decision is not Decision.OPEN:
        return [cancel] if card.decision is Decision.REQUESTED else []
    change = change_button(plan)
    if not can_be_agreed(needs, card.approvers):
        return [change, cancel]
    label = ASK_APPROVER if needs else "Start"
    cost = f"The answers cost {at_most(card.terms.most)}."
    cost = "The price of the answers is unknown." if card.terms.most is None else cost
    ask = confirm("Have them answered?", cost, label)
    start = start_button(plan, card.terms.most, label, ask, card.checks)
    return [raise_button(plan, card.checks), start, change, cancel]


# The job


def distillation_card(card: DistillationCard) -> Message:
    """Draw the live message of a batch job."""
    view = card.view
    head = f"{sign_of(view)} *{code(view.name)}*\n{plain(label_of_teacher(view.teacher))}: {_standing(view)}"
    if card.is_live and view.phase in TOLD_ENDS:
        blocks = [section(head), context(TOLD_IN_THREAD), context(f"for {person(view.owner)}")]
        return Message(text=f"{plain(view.name)}: {view.phase.value}", blocks=blocks)
    blocks = [
        section(head),
        *fields(_facts(view)),
        *(
            [section(f":warning: {sentence(view.explanation)} {sentence(view.mend)}")]
            if view.explanation
            else []
        ),
        *([context(shown)] if (shown := thread_link(view.link)) else []),
        *actions(stop_button(view)),
    ]
    return Message(text=f"{plain(view.name)}: {view.phase.value}", blocks=within_message(blocks))


def distillation_line(view: DistillationView) -> str:
    """Return one that runs in two lines of mrkdwn, for a list of what runs."""
    cost = f" · {sentence(view.cost, 100)}" if view.cost else ""
    thread = f" · {shown}" if (shown := thread_link(view.link)) else ""
    facts = f"{plain(label_of_teacher(view.teacher), 40)} answers in batch · {person(view.owner)}{thread}"
    return f"{sign_of(view)} *{code(view.name, 63)}* · {view.phase.value}{cost}\n{facts}"


def distillation_lines(views: Sequence[DistillationView]) -> list[Block]:
    """Return two lines each, with its *Stop* while that can be."""
    return [section(distillation_line(each), accessory=stop_button(each)) for each in views]


def stop_button(view: DistillationView) -> Element | None:
    """Return the button that stops it, or None when there is nothing to stop."""
    if view.phase not in RUNNING | {DistillationPhase.STARTING}:
        return None
    if view.is_undoable:
        return keep_button(KEEP, view.id)
    if view.stopped_by:
        return None
    whose = f"{person(view.owner)} has {code(view.name, 63)} running, and is told who stops it."
    ask = confirm(
        "Stop it?", f"{whose} What is answered by then is billed, and is kept as a dataset.", "Stop"
    )
    return button("Stop", "distillation.stop", view.id, style="danger", confirm=ask)


def sign_of(view: DistillationView) -> str:
    """Return the sign of its phase."""
    return _SIGNS.get(view.phase, ":hourglass_flowing_sand:")


def _standing(view: DistillationView) -> str:
    stopping = (
        f"; {person(view.stopped_by)} asked to stop" if view.stopped_by and view.phase not in ENDED else ""
    )
    soon = f", {in_a_moment('stopping')}" if view.is_undoable else ""
    return f"{view.phase.value}{stopping}{soon}"


def _facts(view: DistillationView) -> list[tuple[str, str]]:
    done = f"{view.processed:,} of {view.records:,}" if view.processed is not None else f"of {view.records:,}"
    facts = [("Answered", done), ("Cost", plain(view.cost or "unknown", 100))]
    facts += [("Errors", f"{view.failed:,}")] if view.failed else []
    if view.elapsed is not None:
        facts.append(("Took" if view.phase in ENDED else "Runs for", duration(view.elapsed)))
    return [*facts, ("For", person(view.owner))]


def milestone(card: DistillationMilestone) -> Message:
    """Draw a reply in the thread."""
    said = sentence(milestone_words(card))
    return Message(text=said, blocks=[section(said)])


def milestone_words(card: DistillationMilestone) -> str:
    """Return what happened, in words."""
    owner = card.view.owner
    match card.event:
        case NothingStarted(why):
            return wording(Person(owner), " Nothing was started. ", why)
        case StopAsked(by):
            return asked_to_stop(owner, by, "Answers that are there by then are billed.")
        case CannotStop(_, why):
            return wording(Person(owner), " I can't stop this, so it runs on and is billed: ", why)
        case Declined() as no:
            return declined_words(owner, no)
        case event:
            return happened(event, owner, card.view.name)


def answers_stalled(card: DistillationStalled) -> Message:
    """Draw a batch job that does not move."""
    view = card.view
    billed = "What is answered is billed." if card.answers else "Nothing is billed before it answers."
    wait, words = (
        button("Keep waiting", "distillation.wait", view.id),
        ("earlier batches of this teacher", billed),
    )
    return stalled(view.owner, card.stall, words, card.settled, wait, stop_button(view))


def ended(card: DistillationEnded) -> Message:
    """Draw the end, which mentions the owner."""
    view = card.view
    head = f"{sign_of(view)} {person(view.owner)} {_said_of_end(card)}"
    blocks = [section(head), *_left_out(WITHOUT, card.left_out, FACE_REASONS)]
    if view.explanation:
        blocks.append(section(f"{sentence(view.explanation)}\n→ {sentence(view.mend)}"))
    if card.unkept:
        blocks.append(section(f":warning: {sentence(card.unkept)}"))
    if card.spent:
        blocks.append(context(f"Cost by the tokens that the answers report: {plain(card.spent, 100)}."))
    raw = view.phase in (DistillationPhase.FAILED, DistillationPhase.REFUSED)
    return folded(
        clip(f"{person(view.owner)} {_said_of_end(card)}", 1_000),
        blocks,
        _left_out(WITHOUT, card.left_out, SHOWN_REASONS) if len(card.left_out) > FACE_REASONS else [],
        button("What Bedrock said", "distillation.raw", view.id) if raw else None,
    )


def _said_of_end(card: DistillationEnded) -> str:
    view, teacher = card.view, plain(label_of_teacher(card.view.teacher))
    answers = f"{card.answered:,} of {count(view.records, 'prompt')}"
    if view.phase is DistillationPhase.COMPLETED:
        return f"{teacher} answered {answers}: {code(card.file_name)} is in this thread, with its verdict."
    if view.phase is DistillationPhase.STOPPED:
        kept = f"; {code(card.file_name)} has them" if card.answered else ""
        return f"{code(view.name)} was stopped after {answers} were answered{kept}."
    return f"{code(view.name)} has failed: no dataset came of it."


def problem(card: DistillationProblem) -> Message:
    """Draw why nothing comes of a request."""
    said = f"{person(card.asked_by)} I cannot have {code(card.name)} answered. {sentence(card.sentence)}"
    return Message(text=said, blocks=[section(f":no_entry: {said}")])


def teacher_list(card: TeacherList) -> Message:
    """Draw the teachers with their prices, and what is under way."""
    prices = [
        f"{code(each.name)} · {plain(each.label)}\n"
        + ", ".join(dict.fromkeys([quote(each.per_1m_input), quote(each.per_1m_output)]))
        for each in card.teachers
    ]
    names = ", ".join(code(each.name) for each in card.teachers)
    how = (
        f"`/tune distill PROMPTS with {plain(card.teachers[0].name)}` plans it; PROMPTS is a file or a dataset. "
        "You see the price first."
        if card.teachers
        else ""
    )
    face = [
        section(f"*Teachers*\nEach answers prompts in batch, at half of what it costs on demand.\n{names}"),
        *([context(how)] if how else []),
        *_under_way(card, FACE_RUNNING),
    ]
    details = [
        section("*Teachers and their prices*"),
        *(section(each) for each in prices),
        *(_under_way(card, SHOWN_RUNNING) if len(card.under_way) > FACE_RUNNING else []),
    ]
    return folded("Teachers that answer prompts in batch", face, details)


def _under_way(card: TeacherList, most: int) -> list[Block]:
    shown, more = first(card.under_way, most)
    running = [f"{code(each.name)} · {each.phase.value} · {person(each.owner)}" for each in shown]
    running += [f"and {more:,} more"] if more else []
    return [section("*Under way*\n" + "\n".join(running))] if running else []


CARDS: Cards = {
    DistillationPlanCard: plan_card,
    DistillationCard: distillation_card,
    DistillationMilestone: milestone,
    DistillationStalled: answers_stalled,
    DistillationEnded: ended,
    DistillationProblem: problem,
    TeacherList: teacher_list,
}
