"""Before a lease begins: show the price, wait for the press and, where one is needed, the approver."""

from bot.controller.model import RequeueAfter
from bot.errors import TunesmithError
from bot.leases.cards import LeaseMilestone
from bot.leases.context import APPROVAL, LeaseContext, LeaseDependencies
from bot.leases.endpoint import LeasePhase
from bot.leases.model import CARD
from bot.leases.purchase import LeasePurchase
from bot.leases.reconciler import budget
from bot.leases.transitions import advance
from bot.models import lifecycle as gate
from bot.profiles import registry
from bot.profiles.model import Serving
from bot.spending.deciding import WAIT, Deciding


class PlanningLease:
    """Phases PLANNED and AWAITING_APPROVAL."""

    def __init__(self, parts: LeaseDependencies) -> None:
        self._parts = parts
        purchase = LeasePurchase(parts.prices, parts.settings)
        self._deciding = Deciding(purchase, advance, parts.cadence.patience)

    def reconcile(self, work: LeaseContext) -> RequeueAfter | None:
        """Show the price and count the presses. Return when to look again, or None when it is decided."""
        if work.spec.found_again:  # it was bought long ago
            advance(work.progress, LeasePhase.REQUESTING)
            work.save()
            return None
        if not work.progress.gate_checked:
            self._check_gate(work)
        budget.look(work, self._parts)
        self._deciding.count(work.it, self._parts.clock.now())
        work.save()
        show_plan(work)
        return RequeueAfter(WAIT) if work.progress.phase in LeasePurchase.phases.undecided else None

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


def show_plan(work: LeaseContext) -> None:
    """Post and keep up to date the card, the question to the approvers, and their no."""
    work.say(CARD, work.card, live=True)
    if question := work.question:
        work.say(APPROVAL, question, live=True)
    if no := work.no:
        name, said = no
        work.say(name, LeaseMilestone(work.view, said, mention_owner=True))
