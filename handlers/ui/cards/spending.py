"""Budgets, who spent what this month, and the question to an approver."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from bot.controller.model import Message
from bot.pricing.answers import AT_BASE_PRICE
from bot.pricing.money import at_most, money
from bot.spending.budgets import STEPS
from bot.spending.cards import (
    ApprovalCard,
    BudgetNearing,
    BudgetRaised,
    Glass,
    NobodyLeft,
    RaiseAsked,
    StartedWithoutApproval,
)
from bot.spending.ledger import WORKSPACE
from bot.spending.model import Decision
from bot.spending.purchase import Waiting
from bot.spending.reports import DIRECT, HIDDEN, Share, SpendingReport, Standing
from bot.spending.votes import LONGEST_REASON
from bot.wording import Person, mrkdwn, wording
from handlers.ui.blocks import (
    Block,
    Element,
    actions,
    button,
    confirm,
    context,
    fields,
    header,
    in_words,
    section,
    within_message,
)
from handlers.ui.cards import Cards
from handlers.ui.folding import folded
from handlers.ui.forms.override import LABEL
from handlers.ui.limits import clip, first
from handlers.ui.money import answers_and_tokens
from handlers.ui.parts.pictures import BUDGETS, as_picture
from handlers.ui.parts.plans import vote_action, vote_value
from handlers.ui.parts.settled import decided, waits_for
from handlers.ui.text import channel, code, count, person, plain, sentence, when

FACE_BUDGETS, SHOWN_BUDGETS, SHOWN_SHARES, FACE_RAISERS = 3, 30, 5, 3
CELLS = 10
_FILLED = (":large_green_circle:", ":large_yellow_circle:", ":red_circle:")
"""How full a budget is, by the steps that were passed."""
"""Cells of a bar: with the text beside it, what fits on one line of a phone."""

RAISE_ONE = "budget.raise"
"""The action of the button that opens the form for a budget; its value is what ``raise_value`` makes."""

HOW = "The operator sets a cap with `TUNESMITH_BUDGETS=all=500,C0CLAIMSAI=200,U0TRAINER1=100`, in dollars a month."


def budgets(report: SpendingReport) -> Message:
    """Draw each budget with what is spent, reserved and left of it; then who spent what, most first."""
    shown, behind = first(report.standings, FACE_BUDGETS)
    face: list[Block] = [
        header(f"Spending in {report.month}"),
        *(section(budget_lines(each), accessory=_raise(each, report)) for each in shown),
        *([context(f"and {count(behind, 'budget')} more in *Details*")] if behind else []),
        *([] if _has_whole(report) else [section(_whole(report))]),
        *([context(_who_raises(report)) if report.standings else context(HOW)]),
    ]
    held_back, left_out = first(report.standings[FACE_BUDGETS:], SHOWN_BUDGETS)
    details: list[Block] = [
        *(section(budget_lines(each)) for each in held_back),
        *([context(f"and {count(left_out, 'budget')} more")] if left_out else []),
        *(_who(report) if not report.is_empty else []),
        context(_small_print(report)),
    ]
    drawn = as_picture(BUDGETS) if report.standings or not report.is_empty else None
    return folded(sentence(_said(report)), face, details, drawn)


def _raise(standing: Standing, report: SpendingReport) -> Element | None:
    if not report.may_raise:
        return None
    return button("Raise …", RAISE_ONE, raise_value(standing.budget.scope, standing.budget.usd))


def _who_raises(report: SpendingReport) -> str:
    if report.may_raise:
        return (
            f"*Raise …* holds until the end of {plain(report.month)}; for every month the operator sets it."
        )
    shown, left = first(report.raisers, FACE_RAISERS)
    who = ", ".join(map(person, shown)) + (f" and {left} more" if left else "")
    return f"{who or 'The operator'} can raise one for the rest of the month."


def _has_whole(report: SpendingReport) -> bool:
    return any(each.budget.scope == WORKSPACE for each in report.standings)


def budget_lines(standing: Standing) -> str:
    """Return a budget with what is spent and reserved of it as a bar, and in words for those who do not see that."""
    budget = standing.budget
    bar = _bar(standing.spent, standing.committed, budget.usd)
    lines = [
        f"{_how_full(standing)} *{_scope(budget.scope)}* · {money(standing.left)} left",
        f"{bar} {money(standing.spent)} of {money(budget.usd)} spent",
    ]
    lines += [f"raised from {money(budget.raised_from)}"] if budget.raised_from is not None else []
    lines += [f"and {money(standing.committed)} reserved"] if standing.committed else []
    return "\n".join(lines)


def _how_full(standing: Standing) -> str:
    """Return a sign of how much of a budget is used, by the steps at which approvers are told of it."""
    used = (standing.budget.usd - standing.left) * 100
    passed = [each for each in STEPS if used >= standing.budget.usd * each]
    return _FILLED[len(passed)]


def _bar(spent: Decimal, committed: Decimal, cap: Decimal) -> str:
    """Return the budget as cells: full ones are spent, half ones reserved. What was begun shows, however little."""
    if not cap:
        return f"`{'█' * CELLS}`"
    full = min(CELLS, max(int(spent / cap * CELLS), int(spent > 0)))
    used = min(CELLS, max(int((spent + committed) / cap * CELLS), full + int(committed > 0)))
    return f"`{'█' * full}{'▒' * (used - full)}{'░' * (CELLS - used)}`"


def _scope(scope: str) -> str:
    if scope == WORKSPACE:
        return "The workspace"
    return person(scope) if scope.startswith(("U", "W")) else channel(scope)


def _whole(report: SpendingReport) -> str:
    if report.is_empty:
        return f"Nothing was spent in {plain(report.month)} yet."
    reserved = (
        f", and {money(report.committed)} is reserved by what is not over yet" if report.committed else ""
    )
    return f"*{money(report.spent)}* was spent{reserved}."


def _who(report: SpendingReport) -> list[Block]:
    groups: list[tuple[str, Sequence[Share], Callable[[str], str]]] = [
        ("By person", report.people, person),
        ("By model", report.models, _model),
        ("By channel", report.channels, _channel),
    ]
    return [section(f"*{title}*\n{_shares(shares, name)}") for title, shares, name in groups]


def model_shares(report: SpendingReport) -> str:
    """Return what each model cost in the month that the reader sees, a line each; empty where none did.

    Of what was spent in channels that they do not see nothing is said, not even that it was.
    """
    return _shares([each for each in report.models if each.who != HIDDEN], _model)


def _model(shown: str) -> str:
    return "in channels that you do not see" if shown == HIDDEN else code(shown)


def _channel(shown: str) -> str:
    if shown == HIDDEN:
        return "channels that you do not see, and others' direct messages"
    return "direct messages" if shown == DIRECT else channel(shown)


def _shares(shares: Sequence[Share], name: Callable[[str], str]) -> str:
    """Return a line each, the most first; the rest in one."""
    shown, left_out = first(shares, SHOWN_SHARES)
    lines = [
        f"{_amount(each.usd, each.reserved, each.unpriced)} · {name(each.who)}{_answers(each)}"
        for each in shown
    ]
    rest = shares[len(shown) :]
    if left_out:
        usd, unpriced = sum((each.usd for each in rest), Decimal(0)), sum(each.unpriced for each in rest)
        reserved = sum((each.reserved for each in rest), Decimal(0))
        lines.append(f"{_amount(usd, reserved, unpriced)} · {count(left_out, 'other')}")
    return "\n".join(lines)


def _answers(share: Share) -> str:
    return f" · {answers_and_tokens(share.answers, share.tokens)}" if share.answers else ""


def _amount(usd: Decimal, reserved: Decimal, unpriced: int) -> str:
    """Return what is spent of it, and beside that what is only reserved: a sum of both would be no cost."""
    spent = usd - reserved
    unknown = f"{count(unpriced, 'unknown price')}" if unpriced else ""
    said = " + ".join(filter(None, [money(spent) if spent or not (unpriced or reserved) else "", unknown]))
    return " and ".join(filter(None, [said, f"{money(reserved)} reserved" if reserved else ""]))


def _small_print(report: SpendingReport) -> str:
    said = [f"Budgets begin anew on {when(report.over_on)}." if report.standings else ""]
    said.append(
        "Computed from prices and tokens; the bill comes from AWS, and has storage on it, too. Answers of a model on "
        "Provisioned Throughput cost nothing beside its hours."
    )
    if report.of_base:
        said.append(f"{money(report.of_base)} of it is of answers {AT_BASE_PRICE}.")
    if report.unpriced:
        said.append(f"{count(report.unpriced, 'spending')} with an unknown price counts as nothing.")
    return " ".join(filter(None, said))


def _said(report: SpendingReport) -> str:
    reserved = f", {money(report.committed)} reserved" if report.committed else ""
    return f"Spending in {report.month}: {money(report.spent)} spent{reserved}"


_DECISIONS: Mapping[Decision, tuple[str, str]] = {
    Decision.OPEN: (":moneybag:", "Approval needed"),
    Decision.REQUESTED: (":moneybag:", "Approval needed"),
    Decision.APPROVED: (":white_check_mark:", "Approved"),
    Decision.OVERRIDDEN: (":warning:", "Started without approval"),
    Decision.DECLINED: (":no_entry:", "Declined"),
    Decision.CANCELLED: (":black_square_for_stop:", "Called off"),
}
"""What is said at the top of the question, and read aloud of it."""


def approval_card(card: ApprovalCard) -> Message:
    """Draw the question to an approver."""
    asked = f"{person(card.asked_by)} asks to {sentence(card.what[:1].lower() + card.what[1:], 600)}"
    sign, head = _DECISIONS[card.decision]
    anew = [context("The price has changed since I asked you: this figure holds, and not the one above.")]
    blocks = [
        section(f"{sign} *{head}{_by(card)}*\n{asked}"),
        *(anew if card.is_anew else []),
        *fields([("Cost", sentence(card.cost, 300)), ("Why you are asked", sentence(card.reason, 600))]),
    ]
    if card.decision in {Decision.OPEN, Decision.REQUESTED}:
        blocks.append(context(waits_for(card.approvers, only_operators=card.glass is Glass.ALONE)))
        blocks += actions(*decisions(card))
    else:
        if card.made_way:
            blocks.append(context(decided(card, card.reason)))
        if why := card.declined_for or card.overridden_for:
            blocks.append(section(f"> {plain(why, LONGEST_REASON)}"))
    return Message(text=clip(f"{head}: {asked}", 1_000), blocks=within_message(blocks))


def _by(card: ApprovalCard) -> str:
    """Return who settled it, for its top; nothing where what took its place says that below."""
    return f" by {person(card.decided_by)}" if card.decided_by and not card.made_way else ""


def waiting_lines(waiting: Waiting) -> list[Block]:
    """Draw a question as a line of an approver's own list: who asks for what, at most how much, what is left."""
    card = waiting.question
    asked = f"{person(card.asked_by)} asks to {sentence(card.what[:1].lower() + card.what[1:], 600)}"
    left = f"\n{sentence(waiting.budget, 600)}" if waiting.budget else ""
    return [section(f"{asked}: *{sentence(card.cost, 300)}*{left}"), *actions(*decisions(card))]


def asked_lines(waiting: Waiting) -> list[Block]:
    """Draw a question as a line of the list of whoever asked it: for what, at most how much, and who may agree."""
    card = waiting.question
    who = waits_for(card.approvers, only_operators=card.glass is Glass.ALONE)
    return [section(f"{sentence(card.what, 600)}: *{sentence(card.cost, 300)}*\n{who}")]


def decisions(card: ApprovalCard) -> list[Element]:
    """Return the buttons of those who may decide; none while nobody may."""
    if not card.approvers:
        return []
    if card.glass is Glass.ALONE:
        return [_in_an_emergency(card)]
    ask = confirm("Approve the spending?", f"{sentence(card.what, 200)}: {at_most(card.usd)}.", "Approve")
    return [
        button(
            "Approve",
            vote_action("approve"),
            vote_value(card.resource, card.usd),
            style="primary",
            confirm=ask,
        ),
        button("Decline", vote_action("decline"), card.resource, style="danger"),
        *([_in_an_emergency(card)] if card.glass is Glass.BESIDE else []),
    ]


def _in_an_emergency(card: ApprovalCard) -> Element:
    return button(LABEL, vote_action("override"), vote_value(card.resource, card.usd))


_ELSEWHERE = "in another channel: what it is stands there, for those who see that channel."


def started_without_approval(card: StartedWithoutApproval) -> Message:
    """Draw for everyone concerned that an operator started something in an emergency, and why."""
    what = sentence(card.what[:1].lower() + card.what[1:], 600)
    head = f"*Started without approval by {person(card.by)}*"
    asked = f"{person(card.asked_by)} had asked to {what}, in {channel(card.channel)}: {sentence(card.cost, 300)}."
    if not card.channel:
        asked = f"{person(card.asked_by)} had asked for it {_ELSEWHERE}"
    blocks = [
        section(f":warning: {head}\n{asked}"),
        *([section(f"> {plain(card.reason, LONGEST_REASON)}")] if card.reason else []),
        context(
            "An operator may do that in an emergency. It is held to the budgets, and is stopped or released as always."
        ),
    ]
    return Message(text=clip(f"Started without approval by {person(card.by)}: {asked}", 1_000), blocks=blocks)


def nobody_left(card: NobodyLeft) -> Message:
    """Draw for whoever asked, or for an operator, that nobody can approve an open plan any more."""
    what = sentence(card.what[:1].lower() + card.what[1:], 600)
    asked = f"{person(card.asked_by)} asks to {what}, in {channel(card.channel)}: {sentence(card.cost, 300)}."
    if not card.channel:
        asked = f"{person(card.asked_by)} asks for something {_ELSEWHERE}"
    mend = (
        "Add somebody to the approvers: in the user group, or in `TUNESMITH_APPROVERS`. The question finds them by "
        "itself while it waits, for a day at most."
        if card.for_operator
        else "The operators are told, and can name somebody. It waits for a day at most; then ask for it anew."
    )
    head = "*Nobody is left who could approve this*"
    press = actions(_in_an_emergency(card.starts)) if card.starts else []
    return Message(
        text=f"Nobody is left who could approve this: {asked}",
        blocks=[section(f"{head}\n{asked}\n{mend}"), *press],
    )


def nearing(card: BudgetNearing) -> Message:
    """Draw for an approver that a budget is nearly or wholly used."""
    budget, rest = card.budget, "nothing of it is left, and nothing more is started on it"
    if card.left:
        rest = f"{money(card.left)} of it is left"
    whose = ["The workspace's"] if budget.scope == WORKSPACE else [budget.named, "'s"]
    used = f"{money(card.used)} is spent or reserved, so {rest}."
    return in_words(
        wording(
            *whose,
            f" budget of {money(budget.usd)} for {card.month}: {used} `/tune budget` shows who spent "
            "what, and whoever answers for the budgets can raise it there.",
        )
    )


def raise_value(scope: str, least: Decimal, plan: str = "") -> str:
    """Return the value of a button that opens the form for a budget: which, what is needed, and for which plan."""
    return f"{scope} {least:f} {plan}".strip()


def raise_asked(card: RaiseAsked) -> Message:
    """Draw the question whether a budget may be raised, for whoever may."""
    needs = "something whose price is unknown" if card.needs is None else f"{at_most(card.needs)}"
    budget = card.budget
    whose = ["the workspace's"] if budget.scope == WORKSPACE else [budget.named, "'s"]
    said = mrkdwn(
        wording(
            Person(card.by),
            " asks to raise ",
            *whose,
            f" budget of {money(budget.usd)} for {card.month}: {needs} is planned, and {money(card.left)} of it is "
            "left. Nothing is started by raising it.",
        )
    )
    press = button("Raise the budget", RAISE_ONE, raise_value(budget.scope, card.least, card.plan))
    return Message(text=clip(said, 1_000), blocks=[section(said), *actions(press)])


def budget_raised(card: BudgetRaised) -> Message:
    """Draw for the others who hear of money that a budget was raised."""
    budget = card.budget
    whose = ["The workspace's"] if budget.scope == WORKSPACE else [budget.named, "'s"]
    return in_words(
        wording(
            *whose,
            f" budget for {card.month} is {money(budget.usd)} now, and was {money(card.before.usd)}: ",
            Person(card.by),
            f" raised it. Next month it is {money(card.before.raised_from or card.before.usd)} again.",
        )
    )


CARDS: Cards = {
    RaiseAsked: raise_asked,
    BudgetRaised: budget_raised,
    ApprovalCard: approval_card,
    StartedWithoutApproval: started_without_approval,
    NobodyLeft: nobody_left,
    SpendingReport: budgets,
    BudgetNearing: nearing,
}
