"""Before a lease begins: show the price, wait for the press and, where one is needed, the approver."""

from bot.clock import duration_of_minutes
from bot.controller.model import RequeueAfter
from bot.errors import TunesmithError
from bot.leases.cards import LeaseMilestone
from bot.leases.context import APPROVAL, CARD, LeaseContext, LeaseDependencies
from bot.leases.endpoint import LeasePhase
from bot.leases.model import LeaseStatus
from bot.leases.reconciler import budget
from bot.leases.transitions import advance
from bot.leases.views import total
from bot.models import lifecycle as gate
from bot.profiles import registry
from bot.profiles.model import Serving
from bot.spending.cards import ApprovalCard, Declined, StoppedBefore
from bot.spending.deciding import WAIT, Asked, Deciding
from bot.spending.model import Decision

_PHASES = {
    Decision.REQUESTED: LeasePhase.AWAITING_APPROVAL,
    Decision.APPROVED: LeasePhase.REQUESTING,
    Decision.DECLINED: LeasePhase.DECLINED,
    Decision.CANCELLED: LeasePhase.CANCELLED,
}
_UNDECIDED = frozenset({LeasePhase.PLANNED, LeasePhase.AWAITING_APPROVAL})


class PlanningLease:
    """Phases PLANNED and AWAITING_APPROVAL."""

    def __init__(self, parts: LeaseDependencies) -> None:
        self._parts = parts
        self._deciding: Deciding[LeaseStatus, LeasePhase] = Deciding(_PHASES, advance, parts.cadence.patience)

    def reconcile(self, work: LeaseContext) -> RequeueAfter | None:
        """Show the price and count the presses. Return when to look again, or None when it is decided."""
        if work.spec.found_again:  # it was bought long ago
            advance(work.progress, LeasePhase.REQUESTING)
            work.save()
            return None
        if not work.progress.gate_checked:
            self._check_gate(work)
        budget.look(work, self._parts)
        asked = Asked(work.spec.presses, work.needs_approval, work.spec.asked_at)
        self._deciding.count(work.progress, asked, self._parts.clock.now())
        work.save()
        show_plan(work, self._parts)
        return RequeueAfter(WAIT) if work.progress.phase in _UNDECIDED else None

    def _check_gate(self, work: LeaseContext) -> None:
        """A Legacy base gets no new throughput. A deployment of a model that is there already is still allowed."""
        profile = registry.get(work.plan.profile)
        work.progress.gate_checked = True
        if work.plan.serving is not Serving.PROVISIONED_THROUGHPUT:
            return
        try:
            lifecycle = self._parts.customization.lifecycle(profile.region, profile.training_id)
            check = gate.check(self._parts.customization, profile, lifecycle)
        except TunesmithError:
            return  # Bedrock itself will refuse what cannot be had
        if not check.ok:
            work.progress.blocked = work.progress.explanation = check.sentence
            work.progress.mend = check.mend


def show_plan(work: LeaseContext, parts: LeaseDependencies) -> None:
    """Post and keep up to date the card, the question to the approvers, and their no."""
    work.say(CARD, work.card, live=True)
    if work.needs_approval and work.spec.presses.started:
        work.say(APPROVAL, approval_card(work, parts), live=True)
    called_off_by = work.agreement.called_off_by
    if work.progress.phase is LeasePhase.CANCELLED and called_off_by:
        stopped = StoppedBefore(called_off_by)
        work.say("stopped", LeaseMilestone(work.view, stopped, mention_owner=True))
    if work.progress.phase is LeasePhase.DECLINED:
        declined = Declined(work.agreement.decided_by or "")
        work.say("declined", LeaseMilestone(work.view, declined, mention_owner=True))


def approval_card(work: LeaseContext, parts: LeaseDependencies) -> ApprovalCard:
    """Return the question to the approvers."""
    what = f"Serve `{work.plan.model_name}` for {duration_of_minutes(work.plan.minutes)}"
    cost = total(work.spec, parts.prices)
    return work.agreement.question(str(work.step.key), what, cost, work.spec.usd)
