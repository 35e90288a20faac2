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


def note_movement(status: DistillationStatus, seen: BatchObservation) -> None:
    """Take in what was seen, and when it last moved: another state, or more answers."""
    before = status.observation
    if before is None or (phase_of(before), before.processed) != (phase_of(seen), seen.processed):
        status.moved = seen.seen_at
    status.observation = seen


def look(distillation: DistillationContext, runs: RecentRuns, stall_after: timedelta) -> None:
    """Note a stall that is new. Nothing is said yet: save, then ``tell``."""
    status, at = distillation.status, pace.standing(distillation.status)
    if at is None:
        return
    # Bedrock does not tell when it began: it is when that was first seen.
    if at.stage == pace.ANSWERING and status.began is None:
        status.began = at.seen_at
    earlier = runs.of(pace.history_of(distillation.plan.teacher))
    status.stalls = stalls.once(status.stalls, stalls.overdue(at, earlier, stall_after))


def tell(distillation: DistillationContext) -> None:
    """Say each stall that was noted, once, and what became of it."""
    at, over = pace.standing(distillation.status), distillation.status.phase not in RUNNING
    for each in distillation.status.stalls:
        settled = stalls.settled(each, distillation.spec, at, over=over)
        card = DistillationStalled(distillation.view, each, each.stage == pace.ANSWERING, settled)
        distillation.say(f"stalled:{each.stage}", card, live=True)


def keep_run(distillation: DistillationContext, runs: RecentRuns) -> None:
    """Add how long it took to the history; repeating it changes nothing."""
    run = pace.run_of(distillation.spec, distillation.status)
    if run:
        with passing(KEEP_RUN):
            runs.add(run)
