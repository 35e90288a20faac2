"""One customization job, from the plan to the end.

What is written down before each effect, and what a crash right after the effect leaves to the next claim:

==========================  ==============================  ==========================================================
Effect                      Written down before             A crash right after leaves
==========================  ==============================  ==========================================================
preflight (reads only)      nothing                         nothing: it is done again
the plan card               the message's intent            the message without its timestamp: Slack is read for it
the approval card           the phase, the intent           the same
reserving what it costs     the phase                       a reservation that is made again, which changes nothing
telling approvers of it     the reservation                 a notification that is there already: its ID is the same
keeping the plan in S3      nothing                         a plan that is kept again, the same; if nothing comes of
                                                            it, an object that nobody needs
creating the job            ``intent_at``                   a job that the progress does not know: it is found by its
                                                            name and adopted by its token
the first save after it     (it is that save)               a followed job; the region's poll came with the same write
asking Bedrock to stop      nothing                         a stop that is asked for again, which changes nothing
the live card, milestones   the message's intent            the message without its timestamp: Slack is read for it
an edit of the card         nothing                         an edit that is made again, with the same text
a stall, an estimate        nothing                         nothing: both are worked out again
keeping the model           the phase, with the end         a model that is saved again, the same
reading the losses          nothing                         files that are read again
keeping how long it took    nothing                         a run that is saved again, the same
accounting for its cost     the phase, with the end         a cost that is written again, which changes nothing
deciding who is pinged      the phase, with the end         nothing: it is decided anew
telling those who follow    the decision (that same write)  a resource of its own for each of them
telling of a handover       (it is the save of that)        a resource of its own for both of them
the end's message           the phase, the intent           the message without its timestamp: Slack is read for it
sending the picture         nothing                         a file that nobody sees; another one is sent
sharing the picture         the file's ID, the intent       a picture that may be shared: Slack is asked about it
the model card              the message's intent            the message without its timestamp: Slack is read for it
pinning it                  nothing                         a pin that is set again, which changes nothing
==========================  ==============================  ==========================================================

The parts are beside it: ``planning``, ``creation``, ``following`` and ``ending``; phases move by
``bot.jobs.transitions`` alone.
"""

from bot.controller.context import Context
from bot.controller.model import Outcome, RequeueAfter
from bot.jobs.context import JobContext, JobDependencies
from bot.jobs.model import Phase
from bot.jobs.reconciler import handovers
from bot.jobs.reconciler.creation import JobCreator
from bot.jobs.reconciler.ending import EndingJob
from bot.jobs.reconciler.following import FollowingJob
from bot.jobs.reconciler.planning import Planning, show
from bot.jobs.record import KIND, JobSpec, JobStatus
from bot.jobs.transitions import ENDED, RUNNING
from bot.spending.creation import Creation

__all__ = ["KIND", "JobReconciler"]


class JobReconciler:
    """Brings one job nearer to what people want of it."""

    def __init__(self, parts: JobDependencies) -> None:
        self._planning = Planning(parts)
        self._creation = Creation(JobCreator(parts), parts.clock)
        self._following = FollowingJob(parts)
        self._ending = EndingJob(parts)
        self._parts = parts

    def __call__(self, step: Context[JobSpec, JobStatus]) -> Outcome:
        """Go through the phases as far as one turn gets."""
        work = JobContext(step, self._parts)
        handovers.tell(work, self._parts)
        wait = self._turn(work)
        return wait or self._ending.reconcile(work)

    def _turn(self, work: JobContext) -> RequeueAfter | None:
        """Return when to look again, or None when the job is over."""
        progress = work.progress
        if progress.phase in (Phase.PLANNED, Phase.AWAITING_APPROVAL):
            wait = self._planning.reconcile(work)
            if wait:
                return wait
        if progress.phase is Phase.STARTING:
            wait = self._creation.reconcile(work)
            if wait:
                return wait
            show(work)
        if progress.phase in RUNNING:
            return self._following.reconcile(work)
        assert progress.phase in ENDED, progress.phase
        return None
