"""While a job runs: how long it may still take, and whether it has stopped moving.

The first few jobs of a person that stop moving in a channel in the same minutes are told at once, each in its thread.
The next of them tells of itself and of all that come after it, in one message in the channel: those say nothing.
"""

from dataclasses import replace
from datetime import timedelta

from bot.controller.outbox.entries import ABSENT, entry_of
from bot.jobs import history, stalls
from bot.jobs.cards import JobsStalled, JobStalled
from bot.jobs.context import JobContext
from bot.jobs.model import Phase
from bot.jobs.phases import training_begun
from bot.jobs.ports import Together
from bot.jobs.recent_runs import RecentRuns
from bot.jobs.stalls import Settled, Stall, Standing
from bot.jobs.transitions import ENDED


class Watching:
    """Looks at each new observation; says a stall once for each stage, and keeps that message up to date."""

    def __init__(self, runs: RecentRuns, stall_after: timedelta, together: Together) -> None:
        """``stall_after`` is how long a stage may stand still before there is a history of our own."""
        self._runs = runs
        self._stall_after = stall_after
        self._together = together

    def look(self, job: JobContext) -> None:
        """Bring the estimate up to date, and note a stall that is new. Nothing is said yet: save, then ``tell``."""
        status, seen = job.status, job.status.observation
        # How long earlier jobs took says nothing of one that is being stopped: they ran to their end.
        if seen is None or status.phase in ENDED or status.phase is Phase.STOPPING:
            status.left = None
            return
        runs = self._runs.of(job.plan.profile)
        status.left = history.left(runs, job.plan, seen)
        known = status.stalls
        status.stalls = stalls.once(known, stalls.stalled(seen, runs, self._stall_after))
        if len(status.stalls) > len(known):
            status.stalls = (*known, self._counted(job, status.stalls[-1]))

    def _counted(self, job: JobContext, stall: Stall) -> Stall:
        """Return the stall with its place among those that concern the same people in the same minutes."""
        word, closes = stalls.word_of(job.plan.channel, job.spec.owner, job.context.now())
        return replace(stall, word=word, place=self._together.join(word, job.plan.job_name), closes=closes)


def tell(job: JobContext, together: Together) -> None:
    """Say each stall that was noted, once, and what became of it."""
    job.status.stalls = tuple(_checked(job, each, together) for each in job.status.stalls)
    for each in job.status.stalls:
        if each.place < stalls.FEW:
            _tell_by_itself(job, each)
        elif each.place == stalls.FEW:
            _tell_with_others(job, each, together)


def _checked(job: JobContext, stall: Stall, together: Together) -> Stall:
    """Return a stall that another tells of as it stands: where the store has forgotten it, nobody has told of it."""
    if stall.place <= stalls.FEW or not stall.closes or stalls.left(stall, job.context.now()):
        return stall
    is_known = together.join(stall.word, job.plan.job_name) == stall.place
    return replace(stall, closes=0.0, place=stall.place if is_known else 0)


def _tell_by_itself(job: JobContext, stall: Stall) -> None:
    seen = job.status.observation
    card = JobStalled(job.view, stall, seen is not None and training_begun(seen), _settled(job, stall))
    job.say(f"stalled:{stall.stage}", card, live=True)


def _tell_with_others(job: JobContext, stall: Stall, together: Together) -> None:
    """Tell of all that were counted from this one on, once no more come; alone, it is told as any."""
    name = f"stalled-together:{stall.stage}"
    if entry_of(job.context, job.note(name)).state != ABSENT:
        return
    if remaining := stalls.left(stall, job.context.now()):
        job.context.come_back_in(remaining)
        return
    names = tuple(together.members(stall.word)[stalls.FEW :])
    if len(names) > 1:
        job.tell_in_channel(name, JobsStalled(job.spec.owner, names))
    else:
        _tell_by_itself(job, stall)


def _settled(job: JobContext, stall: Stall) -> Settled | None:
    seen = job.status.observation
    stage = stalls.current(seen) if seen else None
    now = Standing(stage.name, stage.changed or stall.since, seen.seen_at) if seen and stage else None
    return stalls.settled(stall, job.spec, now, over=job.status.phase in ENDED)
