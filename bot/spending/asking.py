"""Who is asked to approve a plan: on its card, and directly where that would not reach them.

==========================================  ==========================================================================
When                                        Then, for all kinds
==========================================  ==========================================================================
somebody asks for it                        the question is posted, and names who can decide
none of these sees its channel              the first of them is asked directly, besides
it is offered at another figure             who was asked directly is asked again: the old one does not hold
of those who were asked nobody is left      the next who can decide is asked directly, and the question names them
nobody can decide it any more               who asked and the operators are told what to do, once
an operator starts it without an approver   its channel, its owner, the approvers and the operators are told, with why
==========================================  ==========================================================================

All of it is registered in the write that says why, so that none is lost and none comes twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.access import Access
from bot.controller.model import Registration
from bot.controller.outbox.fallbacks import is_elsewhere
from bot.controller.ports import Renderer
from bot.notifications.reconciler import notification
from bot.rosters import is_clear
from bot.spending.cards import ApprovalCard, Glass, NobodyLeft, StartedWithoutApproval
from bot.spending.model import Decision
from bot.visibility import is_direct

NOBODY = "nobody"
"""Stands for those who were asked, once nobody is left."""


def told_of_money(access: Access) -> tuple[str, ...]:
    """Return who is told of what an operator has to mend: people, or a channel; without any operator the approvers."""
    operators = dict.fromkeys(filter(None, (access.operator, *access.named_operators)))
    return tuple(operators) or access.raisers


def with_glass(question: ApprovalCard, access: Access) -> ApprovalCard:
    """Return the question with whether an operator may start it in an emergency, where that is open for such.

    Of one that is decided nobody is looked up.
    """
    if question.decision is not Decision.REQUESTED or question.is_strict or not access.glass_breakers:
        return question
    if question.approvers:
        return replace(question, glass=Glass.BESIDE)
    return replace(question, glass=Glass.ALONE, approvers=access.glass_breakers)


def next_asked(
    question: ApprovalCard, asked: Sequence[str], access: Access, channel: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return who counts as asked from now on, and who of them is asked directly.

    ``asked`` were asked last: whoever saw the question where it was posted, or was asked directly. While one of them
    can still decide, nobody else is disturbed.
    """
    can = question.approvers if question.glass is not Glass.ALONE else ()
    if not can:  # while Slack does not say who is in a group, nobody is told that it is empty
        return ((NOBODY,) if is_clear(access.approvers) else tuple(asked)), ()
    if not asked:
        readers = access.rosters.readers(channel)
        reached = can if readers is None else tuple(each for each in can if each in readers)
        return (reached, ()) if reached else (can[:1], can[:1])
    if set(asked) & set(can):
        return tuple(asked), ()
    return can[:1], can[:1]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a question is about: whose it is, where, and how often it was proposed."""

    owner: str
    channel: str
    round: int = 1


@dataclass(frozen=True, slots=True)
class Asked:
    """Who was asked last to approve something, and at what figure.

    ``at_usd`` is what agreeing costs at most, as text; empty: nobody knows. None: nobody was asked.
    """

    people: tuple[str, ...] = ()
    at_usd: str | None = None


def asked_news(
    question: ApprovalCard, before: Asked, access: Access, renderer: Renderer, plan: Plan, at: datetime
) -> tuple[Asked, list[Registration]]:
    """Return who counts as asked from now on, and at what; and what has them asked directly.

    At another figure whoever was asked directly is asked again. Where nobody is left to be asked, that is told.
    """
    people, news = _next_news(question, before.people, access, renderer, plan, at)
    after = Asked(people, _figure(question))
    if before.at_usd not in (None, after.at_usd):
        still = [each for each in people if each in before.people]
        news += _anew_news(question, still, access, renderer, plan, at)
    return after, news


def _next_news(
    question: ApprovalCard,
    before: Sequence[str],
    access: Access,
    renderer: Renderer,
    plan: Plan,
    at: datetime,
) -> tuple[tuple[str, ...], list[Registration]]:
    now, directly = next_asked(question, before, access, plan.channel)
    about, asker = f"{question.resource}#{plan.round}", question.asked_by
    found = [notification(about, "approve", each, renderer.render(question), at) for each in directly]
    if now == (NOBODY,) and tuple(before) != (NOBODY,):
        operators = told_of_money(access)
        breakers = () if question.is_strict else access.glass_breakers
        for each in dict.fromkeys((asker, *operators)):
            starts = question if each in breakers else None
            card = NobodyLeft(question.what, question.cost, asker, plan.channel, each in operators, starts)
            card = replace(card, what="", cost="", channel="") if is_elsewhere(each, plan.channel) else card
            found.append(notification(about, "nobody-left", each, renderer.render(card), at))
    return now, found


def _figure(question: ApprovalCard) -> str:
    return "" if question.usd is None else str(question.usd)


def _anew_news(
    question: ApprovalCard,
    asked: Sequence[str],
    access: Access,
    renderer: Renderer,
    plan: Plan,
    at: datetime,
) -> list[Registration]:
    """Return what asks those of ``asked`` again who were asked directly: what they were sent has the old figure.

    Where the question was posted it is kept up to date; so are all lists of what waits.
    """
    readers = access.rosters.readers(plan.channel)
    said = renderer.render(replace(question, is_anew=True))
    about, event = f"{question.resource}#{plan.round}", f"approve-{_figure(question)}"
    return [
        notification(about, event, each, said, at)
        for each in asked
        if each in question.approvers and readers is not None and each not in readers
    ]


def override_news(
    question: ApprovalCard, access: Access, renderer: Renderer, plan: Plan, at: datetime
) -> list[Registration]:
    """Return what tells everyone concerned that an operator started it without an approver; nothing if none did."""
    by = question.decided_by
    if question.decision is not Decision.OVERRIDDEN or by is None:
        return []
    card = StartedWithoutApproval(
        by, question.overridden_for, question.what, question.cost, question.asked_by, plan.channel
    )
    people = (
        plan.owner,
        question.asked_by,
        *access.deciders_for(plan.channel, but=(plan.owner, question.asked_by)),
        *told_of_money(access),
    )
    places = () if is_direct(plan.channel) else (plan.channel,)
    short = replace(card, reason="", what="", cost="", channel="")
    return [
        notification(
            f"{question.resource}#{plan.round}",
            "override",
            each,
            renderer.render(short if is_elsewhere(each, plan.channel) else card),
            at,
            own_in=plan.channel if each in (plan.owner, question.asked_by) else "",
        )
        for each in dict.fromkeys((*places, *people))
        if each != by
    ]
