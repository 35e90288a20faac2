"""What others do to somebody's lease while it runs, told: more time that is asked for, and an end before its time."""

import math
from datetime import timedelta

from bot.clock import duration_of_minutes
from bot.leases.cards import EndedByAnother, LeaseMilestone, MoreTimeDecided
from bot.leases.context import LeaseContext, LeaseDependencies
from bot.leases.model import EXTENSION, Extension
from bot.leases.transitions import ENDED
from bot.notifications.reconciler import notification
from bot.pricing.money import at_most
from bot.spending.cards import ApprovalCard
from bot.spending.model import Decision
from bot.spending.votes import deciders

ENDED_BY = "ended-by"


def question_of(extension: Extension) -> str:
    """Return the name of the notice that asks the approvers."""
    return f"extension:{extension.number}"


def tell(work: LeaseContext, parts: LeaseDependencies) -> None:
    """Ask the approvers for what was asked for, tell what they said, and who ended the lease."""
    for each in work.spec.extensions:
        work.say(question_of(each), question(work, each, parts), live=True, since=each.asked_at)
        _tell_decision(work, each)
    _tell_who_ended_it(work, parts)


def question(work: LeaseContext, extension: Extension, parts: LeaseDependencies) -> ApprovalCard:
    """Return the question to the approvers; what is not decided when the lease ends is over with it."""
    waits = extension.decision is Decision.REQUESTED
    is_over = work.spec.release is not None or work.progress.phase in ENDED
    return ApprovalCard(
        resource=f"{EXTENSION}:{work.plan.id} {extension.number}",
        what=f"Serve `{work.plan.model_name}` for {duration_of_minutes(extension.minutes)} more",
        cost=f"{at_most(extension.usd)} for the whole lease",
        usd=extension.usd,
        reason=extension.needs_approval,
        asked_by=extension.by,
        approvers=deciders(
            parts.approvers, extension.presses, work.plan.owner, own_is_fine=extension.own_is_fine
        ),
        decision=Decision.CANCELLED if waits and is_over else extension.decision,
        decided_by=extension.presses.decided_by(extension.needs_approval),
    )


def _tell_decision(work: LeaseContext, extension: Extension) -> None:
    decision, who = extension.decision, extension.presses.decided_by(extension.needs_approval)
    if decision not in (Decision.APPROVED, Decision.DECLINED):
        return
    said = MoreTimeDecided(extension.by, who or "", extension.minutes, decision is Decision.APPROVED)
    work.say(
        f"{question_of(extension)}:{decision}", LeaseMilestone(work.view, said), since=extension.asked_at
    )


def _tell_who_ended_it(work: LeaseContext, parts: LeaseDependencies) -> None:
    """Say in the thread who ended somebody else's lease, and to its owner directly, in one write with that they are."""
    wish, owner = work.spec.release, work.plan.owner
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
