"""Prompts answered by a teacher, from the file to the dataset.

What it does on the outside, and what settles each of it, is in docs/effects.md. What is done about a phase is done
after the phase is saved. All else is done again, with the same result: checks, prompts and answers are read anew, in a
temporary folder, a stall is worked out anew, and an upload that was handed over is there already, by its key.

What it is made of is beside it: ``preparing``, ``following`` and ``collecting``; phases move by
``bot.distillations.transitions`` alone.
"""

from bot.controller.context import Context
from bot.controller.model import Message, Outcome, RequeueAfter
from bot.distillations.context import DistillationContext, DistillationDependencies
from bot.distillations.model import KIND, SCHEMA, STOPS, DistillationSpec, DistillationStatus
from bot.distillations.plan import DistillationPhase
from bot.distillations.reconciler import budget, stall_watch
from bot.distillations.reconciler.collecting import Collecting
from bot.distillations.reconciler.creation import DistillationCreator
from bot.distillations.reconciler.following import Running, tell_who_stops_it
from bot.distillations.reconciler.preparing import PlanningAnswers, shown
from bot.distillations.transitions import ENDED, RUNNING, UNDECIDED
from bot.jobs.recent_runs import RecentRuns
from bot.spending import undo
from bot.spending.creation import Creation
from bot.spending.votes import CALLED_OFF

__all__ = ["KIND", "DistillationReconciler"]


class DistillationReconciler:
    """Brings one distillation nearer to what people want of it."""

    def __init__(self, dependencies: DistillationDependencies) -> None:
        self._dependencies = dependencies
        self._planning = PlanningAnswers(dependencies)
        self._creation = Creation(DistillationCreator(dependencies), dependencies.clock)
        self._runs = RecentRuns(dependencies.ordering.history, dependencies.clock)
        self._running = Running(dependencies, self._runs)
        self._collecting = Collecting(dependencies)

    def __call__(self, context: Context[DistillationSpec, DistillationStatus]) -> Outcome:
        """Go through the phases as far as one turn gets."""
        distillation = DistillationContext(context, self._dependencies)
        if distillation.status.phase not in ENDED:
            for wishes in (STOPS, CALLED_OFF):
                undo.watch(context, self._dependencies.ordering.store, SCHEMA, wishes)
        wait = self._turn(distillation)
        if wait:
            return wait
        return self._dependencies.outbox.settle(context, self._final(distillation))

    def _turn(self, distillation: DistillationContext) -> RequeueAfter | None:
        """Return when to look again, or None when it is over."""
        status = distillation.status
        if status.phase in UNDECIDED:
            wait = self._planning.reconcile(distillation)
            if wait:
                return wait
        if status.phase is DistillationPhase.STARTING:
            if distillation.spec.found_again:
                self._planning.show(distillation)  # its card is found first: the thread of all that is told
            wait = self._creation.reconcile(distillation)
            if wait:
                self._planning.show(distillation)  # what holds it up is on its card, too
                return wait
        if status.phase in RUNNING:
            wait = self._running.follow(distillation)
            if wait:
                return wait
        if status.phase is DistillationPhase.COLLECTING:
            self._collecting.collect(distillation)
        assert status.phase in ENDED, status.phase
        # Before anything is said: whoever reads of the end and looks at the budget finds it counted.
        budget.account(distillation, self._dependencies)
        if status.ended_at is None:
            stall_watch.keep_run(distillation, self._runs)
            status.ended_at = self._dependencies.clock.now()
        self._planning.show(distillation)
        stall_watch.tell(distillation)
        tell_who_stops_it(distillation)
        self._collecting.tell(distillation)
        return None

    def _final(self, distillation: DistillationContext) -> dict[str, Message]:
        return {name: distillation.render(card) for name, card in shown(distillation).items()}
