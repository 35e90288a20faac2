"""While a job runs: how long it may still take, and whether it has stopped moving."""

from datetime import timedelta

from bot.jobs import history, stalls
from bot.jobs.cards import JobStalled
from bot.jobs.context import JobContext
from bot.jobs.model import Phase
from bot.jobs.phases import training_begun
from bot.jobs.recent_runs import RecentRuns
from bot.jobs.stalls import Settled, Stall, Standing
from bot.jobs.transitions import ENDED


class Watching:
    """Looks at each new observation; says a stall once for each stage, and keeps that message up to date."""

    def __init__(self, runs: RecentRuns, stall_after: timedelta) -> None:
        """``stall_after`` is how long a stage may stand still before there is a history of our own."""
        self._runs = runs
        self._stall_after = stall_after

    def look(self, job: JobContext) -> None:
        """Bring the estimate up to date, and note a stall that is new. Nothing is said yet: save, then ``tell``."""
        status, seen = job.status, job.status.observation
        # How long earlier jobs took says nothing of one that is being stopped: they ran to their end.
        if seen is None or status.phase in ENDED or status.phase is Phase.STOPPING:
            status.left = None
            return
        runs = self._runs.of(job.plan.profile)
        status.left = history.left(runs, job.plan, seen)
        status.stalls = stalls.once(status.stalls, stalls.stalled(seen, runs, self._stall_after))


def tell(job: JobContext) -> None:
    """Say each stall that was noted, once, and what became of it."""
    seen = job.status.observation
    for each in job.status.stalls:
        card = JobStalled(job.view, each, seen is not None and training_begun(seen), _settled(job, each))
        job.say(f"stalled:{each.stage}", card, live=True)


def _settled(job: JobContext, stall: Stall) -> Settled | None:
    seen = job.status.observation
    stage = stalls.current(seen) if seen else None
    now = Standing(stage.name, stage.changed or stall.since, seen.seen_at) if seen and stage else None
    return stalls.settled(stall, job.spec, now, over=job.status.phase in ENDED)
