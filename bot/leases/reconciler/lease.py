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
from bot.leases.model import CARD, LEASE, LeaseSpec, LeaseStatus
from bot.leases.purchase import extension_question
from bot.leases.reconciler import budget, news
from bot.leases.reconciler.creation import LeaseCreator
from bot.leases.reconciler.following import FollowingLease
from bot.leases.reconciler.planning import PlanningLease, show_plan
from bot.leases.transitions import ENDED
from bot.leases.views import billed
from bot.spending.creation import Creation

KIND = LEASE

__all__ = ["KIND", "LeaseDependencies", "LeaseReconciler"]

_RUNS = frozenset({LeasePhase.CREATING, LeasePhase.IN_SERVICE, LeasePhase.RELEASING})


class LeaseReconciler:
    """Brings one lease nearer to what people want of it."""

    def __init__(self, parts: LeaseDependencies) -> None:
        self._planning = PlanningLease(parts)
        self._creation = Creation(LeaseCreator(parts), parts.clock)
        self._following = FollowingLease(parts)
        self._parts = parts

    def __call__(self, step: Context[LeaseSpec, LeaseStatus]) -> Outcome:
        """Go through the phases as far as one turn gets."""
        work = LeaseContext(step, self._parts)
        news.tell_handovers(work, self._parts)
        wait = self._turn(work)
        return wait or self._end(work)

    def _turn(self, work: LeaseContext) -> RequeueAfter | None:
        progress = work.progress
        if progress.phase in (LeasePhase.PLANNED, LeasePhase.AWAITING_APPROVAL):
            wait = self._planning.reconcile(work)
            if wait:
                return wait
        if progress.phase is LeasePhase.REQUESTING:
            wait = self._creation.reconcile(work)
            if wait:
                return wait
        if progress.phase in _RUNS:
            return self._following.reconcile(work)
        return None

    def _end(self, work: LeaseContext) -> Outcome:
        """Tell the end once, and settle every message."""
        assert work.progress.phase in ENDED, work.progress.phase
        journal.note(
            work.step,
            journal.END,
            f"{work.plan.model_name}: {work.progress.phase}, {work.view.spent or 'nothing'} spent",
        )
        budget.account(work, self._parts)
        show_plan(work)
        news.tell(work, self._parts)
        over = self._over(work)
        if over:
            known = work.release
            elsewhere = (
                known is not None and known.deleting_since is None
            )  # and maybe told, before it was counted
            work.say(
                "end",
                LeaseMilestone(work.view, over, mention_owner=True),
                live=elsewhere,
                since=work.spec.asked_at if elsewhere else work.progress.ended_at,
            )
        final = {CARD: work.render(work.card)}
        if question := work.question:
            final[APPROVAL] = work.render(question)
        for each in work.spec.extensions:
            final[news.question_of(each)] = work.render(extension_question(work.it, each, work.approvers))
        return self._parts.outbox.settle(work.step, final)

    def _over(self, work: LeaseContext) -> LeaseOver | None:
        """Return how it ended, or None for one that never began."""
        progress = work.progress
        if progress.phase not in (LeasePhase.RELEASED, LeasePhase.FAILED, LeasePhase.REFUSED):
            return None
        tried = progress.intent_at is not None
        if progress.phase is LeasePhase.RELEASED and not tried and not progress.explanation:
            return None
        return LeaseOver(
            progress.phase,
            tried,
            progress.explanation,
            progress.mend,
            billed(work.spec, progress, work.release),
            work.view.spent,
        )
