"""Prompts answered by a teacher, from the file to the dataset.

What is written down before each effect, and what a crash right after the effect leaves to the next claim:

============================  ==========================  ============================================================
Effect                        Written down before         A crash right after leaves
============================  ==========================  ============================================================
reading the prompts           nothing                     a temporary folder of a dead process; it is done again
storing the input on S3       nothing                     an input that is stored again, the same by its digest
the plan card                 the notice's intent         the notice without its timestamp: Slack is read for it
the checks (reads only)       nothing                     nothing: they are done again
the approval card             the phase, the intent       the same as the plan card
reserving what it costs       the phase                   a reservation that is made again, which changes nothing
telling approvers of it       the reservation             a telling that is there already: its ID is the same
keeping the plan in S3        nothing                     a plan that is kept again, the same; if nothing comes of it,
                                                          an object that nobody needs
creating the batch job        ``intent_at``               a job that the progress does not know: it is found by its name
                                                          and adopted by its token
asking Bedrock to stop        nothing                     a stop that is asked for again, which changes nothing
the live card                 the notice's intent         the notice without its timestamp: Slack is read for it
an edit of a card             nothing                     an edit that is made again, with the same text
a stall                       nothing                     nothing: it is worked out again
reading the answers           the phase                   a temporary folder; they are fetched and joined again, to the
                                                          same dataset
sending the dataset's file    nothing                     a file that nobody sees; another is sent
keeping the dataset           nothing                     a dataset that is kept again, the same by its digest
accounting for its cost       the phase                   a cost that is written again, which changes nothing
keeping how long it took      nothing                     a run that is saved again, the same
sharing the file              its ID and the time         a file that may be shared: after the grace Slack is asked
                                                          where it is, and it is shared where it is nowhere
the verdict, the end          the notice's intent         the notice without its timestamp: Slack is read for it
handing over to an upload     nothing                     an upload that is there already: its key is the same
============================  ==========================  ============================================================

The parts are beside it: ``preparing``, ``following`` and ``collecting``; phases move by
``bot.distillations.transitions`` alone.
"""

from bot.controller.context import Context
from bot.controller.model import Message, Outcome, RequeueAfter
from bot.distillations.context import DistillationContext, DistillationDependencies
from bot.distillations.model import KIND, DistillationSpec, DistillationStatus
from bot.distillations.plan import DistillationPhase
from bot.distillations.reconciler import budget, stall_watch
from bot.distillations.reconciler.collecting import Collecting
from bot.distillations.reconciler.creation import DistillationCreator
from bot.distillations.reconciler.following import Running, tell_who_stops_it
from bot.distillations.reconciler.preparing import PlanningAnswers, shown
from bot.distillations.transitions import ENDED, RUNNING, UNDECIDED
from bot.spending.creation import Creation

__all__ = ["KIND", "DistillationReconciler"]


class DistillationReconciler:
    """Brings one distillation nearer to what people want of it."""

    def __init__(self, parts: DistillationDependencies) -> None:
        self._parts = parts
        self._planning = PlanningAnswers(parts)
        self._creation = Creation(DistillationCreator(parts), parts.clock)
        self._running = Running(parts)
        self._collecting = Collecting(parts)

    def __call__(self, step: Context[DistillationSpec, DistillationStatus]) -> Outcome:
        """Go through the phases as far as one turn gets."""
        work = DistillationContext(step, self._parts)
        wait = self._turn(work)
        if wait:
            return wait
        return self._parts.outbox.settle(step, self._final(work))

    def _turn(self, work: DistillationContext) -> RequeueAfter | None:
        """Return when to look again, or None when it is over."""
        progress = work.progress
        if progress.phase in UNDECIDED:
            wait = self._planning.reconcile(work)
            if wait:
                return wait
        if progress.phase is DistillationPhase.STARTING:
            if work.spec.found_again:
                self._planning.show(work)  # its plan card is found first: the thread of all the others
            wait = self._creation.reconcile(work)
            if wait:
                return wait
            self._planning.show(work)
        if progress.phase in RUNNING:
            wait = self._running.follow(work)
            if wait:
                return wait
        if progress.phase is DistillationPhase.COLLECTING:
            self._collecting.collect(work)
        assert progress.phase in ENDED, progress.phase
        budget.account(work, self._parts)
        if progress.ended_at is None:
            stall_watch.keep_run(work, self._parts.jobs.after)
            progress.ended_at = self._parts.clock.now()
        stall_watch.tell(work)
        tell_who_stops_it(work)
        self._collecting.tell(work)
        return None

    def _final(self, work: DistillationContext) -> dict[str, Message]:
        return {name: work.render(card) for name, card in shown(work).items()}
