"""One lease: price first, then throughput or a deployment in service for a while, then its release.

=============================  ===========================  ==========================================================
Effect                         Written down before          A crash right after leaves
=============================  ===========================  ==========================================================
the card with the price        the notice's intent          the notice without its timestamp: Slack is read for it
reserving what it costs        the phase                    a reservation that is made again, which changes nothing
telling approvers of it        the reservation              a telling that is there already: its ID is the same
keeping the plan in S3         nothing                      a plan that is kept again, the same; if nothing comes of
                                                            it, an object that nobody needs
creating the endpoint          ``intent_at`` and, in the    an endpoint that the progress does not know: it is found
                               same write, the release      by its name, which no other has, and adopted by its tags;
                                                            its release knows the name, and runs without the lease
the tag of the deadline        nothing                      a tag that is set again
putting what is reserved to    nothing                      what is read again, and put to the same
what is written down
taking the edition of who      what they reserved           a change that says nothing new; the next turn corrects
did not get to write it                                     what they reserved
writing down that its time     nothing                      a time that is over, and that is released by the next
is over                                                     turn, whoever has it
asking for an extension        the wish, the notice's       the notice without its timestamp: Slack is read for it; the
                               intent                       answer counts whether it is there or not
telling the owner who          (it is the save of           a telling that is there: its ID is the same
ended it                       ``owner_told``)
telling of a handover          (it is the save of that)     a telling for both that is there: its ID is the same
milestones, edits              the notice's intent          the notice without its timestamp: Slack is read for it
the release                    (``release`` does it)        see there
accounting for its cost        the phase                    a cost that is written again, which changes nothing
=============================  ===========================  ==========================================================

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
