"""One lease: price first, then throughput or a deployment in service for a while, then its release.

What it does on the outside, and what settles each of it, is in docs/effects.md. What is done about a phase is done
after the phase is saved; the release is registered in the very write that says that an endpoint is to be created, and
what the owner or others are told in the one that says why. An extension is asked for once that is saved, and its answer
counts whether the message is there or not. The tag of the deadline is set again.

Money goes first in every turn: Bedrock is asked and the release is woken before anything is said in Slack.
"""

from bot.controller import journal
from bot.controller.context import Context
from bot.controller.model import Outcome, RequeueAfter
from bot.leases.cards import LeaseMilestone, LeaseOver
from bot.leases.context import APPROVAL, LeaseContext, LeaseDependencies
from bot.leases.endpoint import LeasePhase
from bot.leases.model import CARD, LEASE, LEASE_SCHEMA, RELEASES, LeaseSpec, LeaseStatus
from bot.leases.reconciler import budget, idle, news, warnings
from bot.leases.reconciler.creation import LeaseCreator
from bot.leases.reconciler.following import FollowingLease
from bot.leases.reconciler.planning import PlanningLease, show_plan
from bot.leases.transitions import ENDED
from bot.leases.views import billed
from bot.profiles.model import Serving
from bot.spending import undo
from bot.spending.creation import Creation
from bot.spending.votes import CALLED_OFF

KIND = LEASE

__all__ = ["KIND", "LeaseDependencies", "LeaseReconciler"]

_RUNS = frozenset({LeasePhase.CREATING, LeasePhase.IN_SERVICE, LeasePhase.RELEASING})


class LeaseReconciler:
    """Brings one lease nearer to what people want of it."""

    def __init__(self, dependencies: LeaseDependencies) -> None:
        self._planning = PlanningLease(dependencies)
        self._creation = Creation(LeaseCreator(dependencies), dependencies.clock)
        self._following = FollowingLease(dependencies)
        self._dependencies = dependencies

    def __call__(self, context: Context[LeaseSpec, LeaseStatus]) -> Outcome:
        """Go through the phases as far as one turn gets."""
        lease = LeaseContext(context, self._dependencies)
        if lease.status.phase not in ENDED:
            for wishes in (RELEASES, CALLED_OFF):
                undo.watch(context, self._dependencies.store, LEASE_SCHEMA, wishes)
        news.tell_handovers(lease, self._dependencies)
        wait = self._turn(lease)
        return wait or self._end(lease)

    def _turn(self, lease: LeaseContext) -> RequeueAfter | None:
        status = lease.status
        if status.phase in (LeasePhase.PLANNED, LeasePhase.AWAITING_APPROVAL):
            wait = self._planning.reconcile(lease)
            if wait:
                return wait
        if status.phase is LeasePhase.REQUESTING:
            wait = self._creation.reconcile(lease)
            if wait:
                return wait
        if status.phase in _RUNS:
            return self._following.reconcile(lease)
        return None

    def _end(self, lease: LeaseContext) -> Outcome:
        """Tell the end once, and settle every message."""
        assert lease.status.phase in ENDED, lease.status.phase
        journal.note(
            lease.context,
            journal.END,
            f"{lease.plan.model_name}: {lease.status.phase}, {lease.view.spent or 'nothing'} spent",
        )
        budget.account(lease, self._dependencies)
        show_plan(lease)
        news.tell(lease, self._dependencies)
        over = self._over(lease)
        if over:
            known = lease.release
            elsewhere = (
                known is not None and known.deleting_since is None
            )  # and maybe told, before it was counted
            lease.say(
                "end",
                LeaseMilestone(lease.view, over, mention_owner=True),
                live=elsewhere,
                since=lease.spec.asked_at if elsewhere else lease.status.ended_at,
            )
        final = {CARD: lease.render(lease.card)}
        if question := lease.question:
            final[APPROVAL] = lease.render(question)
        final |= {each.name: lease.render(warnings.milestone(lease, each)) for each in lease.status.warnings}
        final |= {each.name: lease.render(idle.milestone(lease, each)) for each in lease.status.idle.notices}
        for each in lease.spec.extensions:
            final[news.question_of(each)] = lease.render(lease.question_about(each))
        return self._dependencies.outbox.settle(lease.context, final)

    def _over(self, lease: LeaseContext) -> LeaseOver | None:
        """Return how it ended, or None for one that never began."""
        status = lease.status
        if status.phase not in (LeasePhase.RELEASED, LeasePhase.FAILED, LeasePhase.REFUSED):
            return None
        tried = status.intent_at is not None
        if status.phase is LeasePhase.RELEASED and not tried and not status.explanation:
            return None
        return LeaseOver(
            status.phase,
            tried,
            status.explanation,
            status.mend,
            # What is billed by the token was not billed by the minute, however long it was there.
            None
            if lease.plan.serving is Serving.ON_DEMAND_DEPLOYMENT
            else billed(lease.spec, status, lease.release),
            lease.view.spent,
            lease.view.estimated,
            lease.view.idled,
        )
