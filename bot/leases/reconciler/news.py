"""What others do to somebody's lease while it runs, told: more time that is asked for, and an end before its time."""

import math
from dataclasses import replace
from datetime import timedelta

from bot.controller.model import Registration
from bot.leases.cards import EndedByAnother, LeaseHandedOver, LeaseMilestone, MoreTimeDecided
from bot.leases.context import LeaseContext, LeaseDependencies
from bot.leases.model import Extension
from bot.notifications.reconciler import notification
from bot.spending import handovers
from bot.spending.asking import Asked, Plan, asked_news, override_news
from bot.spending.cards import ApprovalCard
from bot.spending.model import Decision

ENDED_BY = "ended-by"
EVERYONE = ("everyone",)
"""Stands for those who were told of more time that an operator has given without an approver."""


def question_of(extension: Extension) -> str:
    """Return the name of the notice that asks the approvers."""
    return f"extension:{extension.number}"


def tell(lease: LeaseContext, dependencies: LeaseDependencies) -> None:
    """Ask the approvers for what was asked for, tell what they said, and who ended the lease."""
    for each in lease.spec.extensions:
        question = lease.question_about(each)
        _tell_directly(lease, each, question, dependencies)
        lease.say(
            question_of(each),
            question,
            live=True,
            since=each.asked_at,
        )
        _tell_decision(lease, each)
    _tell_who_ended_it(lease, dependencies)


def _tell_directly(
    lease: LeaseContext, extension: Extension, question: ApprovalCard, dependencies: LeaseDependencies
) -> None:
    """Tell of the question whom it would not reach, as of the lease's own, in one write with who was and at what."""
    number, asked, asked_at = str(extension.number), lease.status.more_asked, lease.status.more_asked_at_usd
    plan, now = Plan(lease.spec.owner, lease.plan.channel), dependencies.clock.now()
    before = after = Asked(asked.get(number, ()), asked_at.get(number))
    news: list[Registration] = []
    if question.decision is Decision.REQUESTED:
        after, news = asked_news(question, before, lease.access, dependencies.renderer, plan, now)
    elif question.decision is Decision.OVERRIDDEN and before.people != EVERYONE:
        after = replace(before, people=EVERYONE)
        news = override_news(question, lease.access, dependencies.renderer, plan, now)
    if after != before:
        asked[number] = after.people
        if after.at_usd is not None:
            asked_at[number] = after.at_usd
        lease.save(also=news)


def _tell_decision(lease: LeaseContext, extension: Extension) -> None:
    decision, who = extension.decision, extension.votes.decided_by(extension.needs_approval)
    if decision not in (Decision.APPROVED, Decision.DECLINED):
        return
    said = MoreTimeDecided(
        extension.by,
        who or "",
        extension.minutes,
        decision is Decision.APPROVED,
        extension.votes.declined_for or extension.votes.overridden_for,
        is_overridden=bool(extension.votes.overridden_for),
    )
    lease.say(
        f"{question_of(extension)}:{decision}", LeaseMilestone(lease.view, said), since=extension.asked_at
    )


def _tell_who_ended_it(lease: LeaseContext, dependencies: LeaseDependencies) -> None:
    """Say in the thread who ended somebody else's lease, and to its owner directly, in one write with that they are."""
    wish, owner = lease.spec.ending, lease.spec.owner
    if wish is None or wish.by == owner:
        return
    plan, left = lease.plan, _left_minutes(lease)
    ended = EndedByAnother(wish.by, plan.model_name, lease.spec.minutes, left, plan.channel)
    if not lease.status.owner_told:
        lease.status.owner_told = True
        said = lease.render(ended)
        key, now = f"lease:{plan.id}", dependencies.clock.now()
        lease.save(also=[notification(key, ENDED_BY, owner, said, now, own_in=plan.channel)])
    lease.say(ENDED_BY, LeaseMilestone(lease.view, ended), since=wish.at)


def _left_minutes(lease: LeaseContext) -> int | None:
    """Return what was left of its time when it was ended; None before it was in service."""
    wish, begun = lease.spec.ending, lease.status.in_service
    if wish is None or begun is None or wish.at < begun.local:
        return None
    left = timedelta(minutes=lease.spec.minutes) - (wish.at - begun.local)
    return max(0, math.ceil(left / timedelta(minutes=1)))


def tell_handovers(lease: LeaseContext, dependencies: LeaseDependencies) -> None:
    """Tell both people of each handover, directly, in one write with that they are."""
    plan, handed = lease.plan, lease.spec.handed
    # What it was before it became this lease, or was found again, is told: by its office hours, or then.
    told = handovers.told_of(handed, lease.status.handed_told, lease.spec.found_again or lease.spec.asked_at)
    if told >= len(handed):
        return
    new = handovers.news(
        handed,
        told,
        lambda care: lease.render(LeaseHandedOver(plan.model_name, care, plan.term is not None)),
        first=plan.owner,
        channel=plan.channel,
        paying=handovers.paying(plan, lease.spec.votes),
        key=f"lease:{plan.id}",
        now=dependencies.clock.now(),
    )
    lease.status.handed_told = len(handed)
    lease.save(new)
