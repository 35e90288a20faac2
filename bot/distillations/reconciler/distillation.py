"""Prompts answered by a teacher, from the file to the dataset.

What it does on the outside, and what settles each of it, is in docs/effects.md. What is done about a phase is done
after the phase is saved. All else is done again, with the same result: checks, prompts and answers are read anew, in a
temporary folder, a stall is worked out anew, and an upload that was handed over is there already, by its key.

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
