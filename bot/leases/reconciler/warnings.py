"""The warnings that a lease's end is near: at 80 % of its time and ten minutes before, each once, for as long as it is.

Of a term they come a day and an hour before its end. One that was made longer since is warned of its new end, and says
under the old warnings that they are past. Whoever says *Let it end* is warned no more, unless somebody makes it longer
after that.
"""

import math
from datetime import timedelta

from bot.controller.outbox.entries import ABSENT, entry_of
from bot.leases.cards import LastCall, LeaseMilestone
from bot.leases.context import LeaseContext
from bot.leases.deadlines import nearing, nearing_of_term, remaining
from bot.leases.endpoint import LeasePhase
from bot.leases.model import EndWarning


def tell(lease: LeaseContext) -> None:
    """Warn of what is near now, and keep right what was said before."""
    status = lease.status
    if status.in_service is None:
        return
    _take_in(lease)
    for each in status.warnings:
        if entry_of(lease.context, each.name).state == ABSENT and not _is_news(lease, each):
            continue  # Slack was away, and it is past by now
        lease.say(each.name, milestone(lease, each), live=True, since=status.in_service.local)


def milestone(lease: LeaseContext, warning: EndWarning) -> LeaseMilestone:
    """Return a warning as it stands now."""
    is_past = warning.minutes != lease.spec.minutes
    let = None if is_past else lease.spec.is_let_end
    said = LastCall(warning.left, let.by if let else "", is_past)
    return LeaseMilestone(lease.view, said, mention_owner=True)


def _take_in(lease: LeaseContext) -> None:
    """Write down what has to be said, in the write before it is said: its minutes are those of that moment."""
    spec, status = lease.spec, lease.status
    if status.phase is not LeasePhase.IN_SERVICE or spec.ending or spec.is_let_end:
        return
    if status.in_service is None or status.seen is None:
        return
    time_left = remaining(spec, status.in_service, status.seen)
    which = nearing_of_term(time_left) if lease.plan.term else nearing(spec.minutes, time_left)
    if which is None or (which, spec.minutes) in {(each.which, each.minutes) for each in status.warnings}:
        return
    warning = EndWarning(which, spec.minutes, math.ceil(time_left / timedelta(minutes=1)))
    status.warnings = (*status.warnings, warning)


def _is_news(lease: LeaseContext, warning: EndWarning) -> bool:
    """Whether it is the last one and still true: what came after it says more."""
    spec, status = lease.spec, lease.status
    is_last = warning == status.warnings[-1] and warning.minutes == spec.minutes
    return is_last and status.phase is LeasePhase.IN_SERVICE and spec.is_let_end is None
