"""The batch job while it runs: followed to its end, stopped when somebody wants that."""

import logging
from datetime import timedelta

from bot.controller.effects import DONE, Effect
from bot.controller.model import RequeueAfter
from bot.distillations.cards import DistillationCard, DistillationMilestone
from bot.distillations.context import CARD, DistillationContext, DistillationDependencies
from bot.distillations.plan import BatchObservation, DistillationPhase, phase_of
from bot.distillations.reconciler import stall_watch
from bot.distillations.teachers import registry as teachers
from bot.distillations.transitions import RUNNING, advance
from bot.errors import Misconfigured, TunesmithError, Unavailable
from bot.jobs.cadence import is_from_before
from bot.spending.cards import CannotStop, Recovered, StopAsked

log = logging.getLogger(__name__)

_CALL = 20.0
"""Seconds that a creation or a stop may take."""
_UNCLEAR = 5.0
_GRACE = timedelta(seconds=60)
"""How long after a wish to stop a job may still appear whose creation was under way: Bedrock's calls end before."""
_UNKNOWN_FOR = timedelta(minutes=10)
"""How long Bedrock may not know a job, in one stretch, until it counts as gone."""
_YOUNG = timedelta(minutes=2)
_QUICK = 15.0
"""Seconds between looks while a job is young: people watch the first two minutes."""


STOP = Effect("stop", "asking Bedrock to stop it", "a batch job that is asked to stop again", longest=_CALL)


class Running:
    """Phases WAITING to STOPPING."""

    def __init__(self, parts: DistillationDependencies) -> None:
        self._parts = parts

    def follow(self, work: DistillationContext) -> RequeueAfter | None:
        """Bring what is shown up to what Bedrock says. Return when to look again, or None at the end."""
        trouble = self._stop_if_wanted(work)
        try:
            arn = work.progress.arn
            assert arn is not None
            self._take_in(work, self._parts.batches.get(work.plan.region, arn))
        except Misconfigured as error:
            work.progress.explanation, work.progress.mend = error.message, error.hint
        stall_watch.look(work, self._parts.jobs.after)
        work.save()
        work.say(CARD, DistillationCard(work.view), live=True)
        _tell_that_it_was_lost(work)
        tell_who_stops_it(work)
        stall_watch.tell(work)
        if isinstance(trouble, Unavailable):
            raise trouble
        if trouble:
            event = CannotStop(work.spec.stop.by if work.spec.stop else work.plan.owner, trouble.sentence)
            work.say("unstoppable", DistillationMilestone(work.view, event))
        return RequeueAfter(self._interval(work)) if work.progress.phase in RUNNING else None

    def _take_in(self, work: DistillationContext, seen: BatchObservation | None) -> None:
        progress = work.progress
        if seen is None:
            self._missing(work)
            return
        progress.missing_since = None
        if progress.observation and is_from_before(seen.seen_at, progress.observation.seen_at):
            return
        stall_watch.note_movement(progress, seen)
        progress.explanation = progress.mend = ""
        advance(progress, phase_of(seen))
        if progress.phase is DistillationPhase.FAILED:
            teacher = teachers.get(work.plan.teacher)
            progress.explanation = "Bedrock could not run the batch job."
            progress.mend = (
                f"What it says is below; check that the role may use {teacher.label}, then ask again."
            )
            progress.raw_failure = seen.message or ""

    def _missing(self, work: DistillationContext) -> None:
        now = self._parts.clock.now()
        work.progress.missing_since = work.progress.missing_since or now
        if now - work.progress.missing_since > _UNKNOWN_FOR:
            work.progress.explanation = "Bedrock does not know this batch job any more."
            work.progress.mend = "Look for it in the AWS console; if it is not there, ask again."
            advance(work.progress, DistillationPhase.FAILED)

    def _stop_if_wanted(self, work: DistillationContext) -> TunesmithError | None:
        """Ask Bedrock to stop it. What keeps that from working is returned: the job runs on, and is followed."""
        arn = work.progress.arn
        if work.spec.stop is None or _is_stop_asked(work) or arn is None:
            return None
        try:
            work.step.once(STOP, lambda: self._parts.batches.stop(work.plan.region, arn))
        except TunesmithError as error:
            return error
        work.save()
        return None

    def _interval(self, work: DistillationContext) -> float:
        started = work.progress.intent_at or work.spec.asked_at
        poll = self._parts.cadence.poll
        young = self._parts.clock.now() - started < _YOUNG
        return (min(poll, _QUICK) if young else poll) * self._parts.jitter.uniform(0.9, 1.1)


def _tell_that_it_was_lost(work: DistillationContext) -> None:
    """Say once that a sweep has found it; what was missed meanwhile is told by what follows."""
    if work.spec.found_again and work.progress.phase in RUNNING:
        name = f"found:{work.spec.found_again.at.isoformat()}"
        work.say(name, DistillationMilestone(work.view, Recovered()))


def _is_stop_asked(work: DistillationContext) -> bool:
    """Return whether Bedrock was asked to stop it."""
    return work.step.record(STOP).state == DONE


def tell_who_stops_it(work: DistillationContext) -> None:
    """Say once who asked to stop it; the owner is mentioned when that is somebody else."""
    stop = work.spec.stop
    if stop and _is_stop_asked(work):
        work.say("stopping", DistillationMilestone(work.view, StopAsked(stop.by)))
