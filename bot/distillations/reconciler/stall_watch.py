"""While Bedrock has a batch job: whether it has stopped moving, told once for its queue and once for its answers."""

from datetime import timedelta

from bot.controller.effects import passing
from bot.distillations import pace
from bot.distillations.cards import DistillationStalled
from bot.distillations.context import DistillationContext
from bot.distillations.model import DistillationStatus
from bot.distillations.plan import BatchObservation, phase_of
from bot.distillations.transitions import RUNNING
from bot.jobs import stalls
from bot.jobs.recent_runs import KEEP_RUN, RecentRuns


def note_movement(progress: DistillationStatus, seen: BatchObservation) -> None:
    """Take in what was seen, and when it last moved: another state, or more answers."""
    before = progress.observation
    if before is None or (phase_of(before), before.processed) != (phase_of(seen), seen.processed):
        progress.moved = seen.seen_at
    progress.observation = seen


def look(distillation: DistillationContext, runs: RecentRuns, stall_after: timedelta) -> None:
    """Note a stall that is new. Nothing is said yet: save, then ``tell``."""
    progress, at = distillation.progress, pace.standing(distillation.progress)
    if at is None:
        return
    # Bedrock does not tell when it began: it is when that was first seen.
    if at.stage == pace.ANSWERING and progress.began is None:
        progress.began = at.seen_at
    earlier = runs.of(pace.history_of(distillation.plan.teacher))
    progress.stalls = stalls.once(progress.stalls, stalls.overdue(at, earlier, stall_after))


def tell(distillation: DistillationContext) -> None:
    """Say each stall that was noted, once, and what became of it."""
    at, over = pace.standing(distillation.progress), distillation.progress.phase not in RUNNING
    for each in distillation.progress.stalls:
        settled = stalls.settled(each, distillation.spec, at, over=over)
        card = DistillationStalled(distillation.view, each, each.stage == pace.ANSWERING, settled)
        distillation.say(f"stalled:{each.stage}", card, live=True)


def keep_run(distillation: DistillationContext, runs: RecentRuns) -> None:
    """Add how long it took to the history; repeating it changes nothing."""
    run = pace.run_of(distillation.spec, distillation.progress)
    if run:
        with passing(KEEP_RUN):
            runs.add(run)
