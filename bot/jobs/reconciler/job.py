"""One customization job, from the plan to the end.

What it does on the outside, and what settles each of it, is in docs/effects.md. What is done about a phase, or about
the end, is done after that is saved; the region's poll, those who follow and a handover are registered in the very
write that makes them due. All else is done again: the preflight, the losses, a stall, an estimate, who is pinged.

What it is made of is beside it: ``planning``, ``creation``, ``following`` and ``ending``; phases move by
``bot.jobs.transitions`` alone.
"""

from bot.controller.context import Context
from bot.controller.model import Outcome, RequeueAfter
from bot.jobs.context import JobContext
from bot.jobs.dependencies import JobDependencies
from bot.jobs.model import Phase
from bot.jobs.overlap import overlap_of
from bot.jobs.preflight import PreflightRunner
from bot.jobs.recent_runs import RecentRuns
from bot.jobs.reconciler import handovers
from bot.jobs.reconciler.creation import JobCreator
from bot.jobs.reconciler.ending import EndingJob
from bot.jobs.reconciler.following import FollowingJob
from bot.jobs.reconciler.planning import Planning, show
from bot.jobs.record import KIND, SCHEMA, STOPS, JobSpec, JobStatus
from bot.jobs.transitions import ENDED, RUNNING
from bot.spending import undo
from bot.spending.creation import Creation
from bot.spending.votes import CALLED_OFF

__all__ = ["KIND", "JobReconciler"]


class JobReconciler:
    """Brings one job nearer to what people want of it."""

    def __init__(self, dependencies: JobDependencies) -> None:
        runs = RecentRuns(dependencies.history, dependencies.clock)
        preflight = PreflightRunner(
            dependencies.customization, dependencies.account, dependencies.cadence.preflight
        )
        validation_sets = overlap_of(dependencies)
        self._planning = Planning(dependencies, runs, preflight, validation_sets)
        self._creation = Creation(JobCreator(dependencies), dependencies.clock)
        self._following = FollowingJob(dependencies, runs)
        self._ending = EndingJob(dependencies, runs)
        self._dependencies = dependencies

    def __call__(self, context: Context[JobSpec, JobStatus]) -> Outcome:
        """Go through the phases as far as one turn gets."""
        job = JobContext(context, self._dependencies)
        if job.status.phase not in ENDED:
            for wishes in (STOPS, CALLED_OFF):
                undo.watch(context, self._dependencies.store, SCHEMA, wishes)
        handovers.tell(job, self._dependencies)
        wait = self._turn(job)
        return wait or self._ending.reconcile(job)

    def _turn(self, job: JobContext) -> RequeueAfter | None:
        """Return when to look again, or None when the job is over."""
        status = job.status
        if status.phase in (Phase.PLANNED, Phase.AWAITING_APPROVAL):
            wait = self._planning.reconcile(job)
            if wait:
                return wait
        if status.phase is Phase.STARTING:
            if job.spec.found_again:
                show(job)  # its card is found first: the thread of all that is told
            wait = self._creation.reconcile(job)
            if wait:
                show(job)  # what holds it up is on its card, too
                return wait
        if status.phase in RUNNING:
            return self._following.reconcile(job)
        assert status.phase in ENDED, status.phase
        return None
