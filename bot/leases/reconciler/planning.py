"""Before a lease begins: show the price, wait for the press and, where one is needed, the approver."""

from contextlib import suppress

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

    def __init__(self, dependencies: LeaseDependencies) -> None:
        self._dependencies = dependencies
        purchase = LeasePurchase(dependencies.prices, dependencies.settings)
        self._deciding = Deciding(purchase, advance)

    def reconcile(self, lease: LeaseContext) -> RequeueAfter | None:
        """Show the price and count the presses. Return when to look again, or None when it is decided."""
        if lease.spec.found_again:  # it was bought long ago
            advance(lease.status, LeasePhase.REQUESTING)
            lease.save()
            return None
        units = lease.status.units_quota
        if not lease.status.gate_checked or (units is not None and units < lease.plan.model_units):
            self._look_at_units(lease)
        if not lease.status.gate_checked:
            self._check_gate(lease)
        budget.look(lease, self._dependencies)
        if lease.status.blocked and lease.spec.votes.started:
            # Started in one press, before anybody looked: nothing is bought that its base does not get.
            advance(lease.status, LeasePhase.CANCELLED)
        now = self._dependencies.clock.now()
        self._deciding.count(lease.it, lease.slower(now))
        lease.save(lease.news(self._dependencies.renderer, now))
        show_plan(lease)
        return RequeueAfter(WAIT) if lease.status.phase in LeasePurchase.phases.undecided else None

    def _check_gate(self, lease: LeaseContext) -> None:
        """A Legacy base gets no new throughput. A deployment of a model that is there already is still allowed."""
        profile = registry.get(lease.plan.profile)
        lease.status.gate_checked = True
        if (
            lease.plan.serving is not Serving.PROVISIONED_THROUGHPUT or lease.spec.adopts
        ):  # it is there already
            return
        try:
            lifecycle = self._dependencies.customization.lifecycle(profile.region, profile.training_id)
            check = gate.check(self._dependencies.customization, profile, lifecycle)
        except TunesmithError:
            return  # Bedrock itself will refuse what cannot be had
        if not check.ok:
            lease.status.blocked = lease.status.explanation = check.sentence
            lease.status.mend = check.mend

    def _look_at_units(self, lease: LeaseContext) -> None:
        """Read how many model units the account may have; again with each look while they are too few."""
        if lease.plan.serving is not Serving.PROVISIONED_THROUGHPUT or lease.spec.adopts:
            return  # it needs none, or has them already
        if lease.plan.term:
            return  # the quota that AWS lists is of those without a term; others AWS Support grants, and lists nowhere
        region, anew = registry.get(lease.plan.profile).region, lease.status.units_quota is not None
        with suppress(TunesmithError):  # not worth waiting for: Bedrock itself will refuse what cannot be had
            lease.status.units_quota = self._dependencies.account_quotas.model_units(region, anew=anew)


def show_plan(lease: LeaseContext) -> None:
    """Post and keep up to date the card, the question to the approvers, and their no."""
    lease.say(CARD, lease.card, live=True)
    if question := lease.question:
        lease.say(APPROVAL, question, live=True)
    if no := lease.no:
        name, said = no
        lease.say(name, LeaseMilestone(lease.view, said, mention_owner=True))
