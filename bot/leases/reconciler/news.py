"""What others do to somebody's lease while it runs, told: more time that is asked for, and an end before its time."""

import math
from datetime import timedelta

from bot.leases.cards import EndedByAnother, LeaseHandedOver, LeaseMilestone, MoreTimeDecided
from bot.leases.context import LeaseContext, LeaseDependencies
from bot.leases.model import Extension
from bot.leases.purchase import extension_question
from bot.notifications.reconciler import notification
from bot.spending.model import Decision

ENDED_BY = "ended-by"


def question_of(extension: Extension) -> str:
    """Return the name of the notice that asks the approvers."""
    return f"extension:{extension.number}"


def tell(work: LeaseContext, parts: LeaseDependencies) -> None:
    """Ask the approvers for what was asked for, tell what they said, and who ended the lease."""
    for each in work.spec.extensions:
        work.say(
            question_of(each),
            extension_question(work.it, each, work.approvers),
            live=True,
            since=each.asked_at,
        )
        _tell_decision(work, each)
    _tell_who_ended_it(work, parts)


def _tell_decision(work: LeaseContext, extension: Extension) -> None:
    decision, who = extension.decision, extension.votes.decided_by(extension.needs_approval)
    if decision not in (Decision.APPROVED, Decision.DECLINED):
        return
    said = MoreTimeDecided(
        extension.by,
        who or "",
        extension.minutes,
        decision is Decision.APPROVED,
        extension.votes.declined_for,
    )
    work.say(
        f"{question_of(extension)}:{decision}", LeaseMilestone(work.view, said), since=extension.asked_at
    )


def _tell_who_ended_it(work: LeaseContext, parts: LeaseDependencies) -> None:
    """Say in the thread who ended somebody else's lease, and to its owner directly, in one write with that they are."""
    wish, owner = work.spec.release, work.spec.owner
    if wish is None or wish.by == owner:
        return
    plan, left = work.plan, _left_minutes(work)
    ended = EndedByAnother(wish.by, plan.model_name, work.spec.minutes, left, plan.channel)
    if not work.progress.owner_told:
        work.progress.owner_told = True
        said = work.render(ended)
        work.save(also=[notification(f"lease:{plan.id}", ENDED_BY, owner, said, parts.clock.now())])
    work.say(ENDED_BY, LeaseMilestone(work.view, ended), since=wish.at)


def _left_minutes(work: LeaseContext) -> int | None:
    """Return what was left of its time when it was ended; None before it was in service."""
    wish, begun = work.spec.release, work.progress.in_service
    if wish is None or begun is None or wish.at < begun.local:
        return None
    left = timedelta(minutes=work.spec.minutes) - (wish.at - begun.local)
    return max(0, math.ceil(left / timedelta(minutes=1)))


def tell_handovers(work: LeaseContext, parts: LeaseDependencies) -> None:
    """Tell both people of each handover, directly, in one write with that they are."""
    told, handed = work.progress.handed_told, work.spec.handed
    if told >= len(handed):
        return
    votes, new = work.spec.votes, []
    paying = votes.started.by if votes.started else work.plan.owner
    for number in range(told, len(handed)):
        each, before = handed[number], handed[number - 1].to if number else work.plan.owner
        card = LeaseHandedOver(work.plan.model_name, work.plan.channel, before, each.to, each.by, paying)
        said = work.render(card)
        both, now = dict.fromkeys((each.to, before)), parts.clock.now()
        new += [notification(f"lease:{work.plan.id}", f"handed-{number}", user, said, now) for user in both]
    work.progress.handed_told = len(handed)
    work.save(also=new)
