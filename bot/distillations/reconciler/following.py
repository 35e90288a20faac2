"""The batch job while it runs: followed to its end, stopped when somebody wants that."""

import logging
from datetime import timedelta

from bot.controller.effects import DONE, Effect
from bot.controller.model import RequeueAfter
from bot.distillations.cards import DistillationCard, DistillationMilestone
from bot.distillations.context import DistillationContext, DistillationDependencies
from bot.distillations.plan import BatchObservation, DistillationPhase, phase_of
from bot.distillations.reconciler import stall_watch
from bot.distillations.teachers import registry as teachers
from bot.distillations.transitions import RUNNING, advance
from bot.errors import Misconfigured, TunesmithError, Unavailable
from bot.jobs.cadence import is_from_before
from bot.jobs.recent_runs import RecentRuns
from bot.spending import missing
from bot.spending.cards import CannotStop, Recovered, StopAsked

log = logging.getLogger(__name__)

_CALL = 20.0
"""Seconds that a creation or a stop may take."""
_YOUNG = timedelta(minutes=2)
_QUICK = 15.0
"""Seconds between looks while a job is young: people watch the first two minutes."""


STOP = Effect("stop", "asking Bedrock to stop it", "a batch job that is asked to stop again", longest=_CALL)


class Running:
    """Phases WAITING to STOPPING."""

    def __init__(self, dependencies: DistillationDependencies, runs: RecentRuns) -> None:
        self._dependencies = dependencies
        self._runs = runs

    def follow(self, distillation: DistillationContext) -> RequeueAfter | None:
        """Bring what is shown up to what Bedrock says. Return when to look again, or None at the end."""
        trouble = self._stop_if_wanted(distillation)
        try:
            arn = distillation.status.arn
            assert arn is not None
            self._take_in(distillation, self._dependencies.batches.get(distillation.plan.region, arn))
        except Misconfigured as error:
            distillation.status.explanation, distillation.status.mend = error.message, error.hint
        stall_watch.look(distillation, self._runs, self._dependencies.ordering.stall_after)
        # What people are about to read is committed first, or a crash in between tells it twice in other
        # words.
        distillation.save()
        distillation.say(distillation.live, DistillationCard(distillation.view, is_live=True), live=True)
        _tell_that_it_was_lost(distillation)
        tell_who_stops_it(distillation)
        stall_watch.tell(distillation)
        # Not before now: what was seen is shown, whatever keeps it from being stopped.
        if isinstance(trouble, Unavailable):
            raise trouble
        if trouble:
            event = CannotStop(
                distillation.spec.stop.by if distillation.spec.stop else distillation.plan.owner,
                trouble.sentence,
            )
            distillation.say("unstoppable", DistillationMilestone(distillation.view, event))
        return RequeueAfter(self._interval(distillation)) if distillation.status.phase in RUNNING else None

    def _take_in(self, distillation: DistillationContext, seen: BatchObservation | None) -> None:
        status = distillation.status
        if seen is None:
            self._missing(distillation)
            return
        status.missing_since = None
        if status.observation and is_from_before(seen.seen_at, status.observation.seen_at):
            return
        stall_watch.note_movement(status, seen)
        status.explanation = status.mend = ""
        advance(status, phase_of(seen))
        if status.phase is DistillationPhase.FAILED:
            teacher = teachers.get(distillation.plan.teacher)
            status.explanation = "Bedrock could not run the batch job."
            status.mend = (
                f"What it says is below; check that the role may use {teacher.label}, then ask again."
            )
            status.raw_failure = seen.message or ""

    def _missing(self, distillation: DistillationContext) -> None:
        # Not by Bedrock's time: there is no observation that could tell it.
        if missing.is_gone(distillation.status, distillation.context.now()):
            distillation.status.explanation = "Bedrock does not know this batch job any more."
            distillation.status.mend = "Look for it in the AWS console; if it is not there, ask again."
            advance(distillation.status, DistillationPhase.FAILED)

    def _stop_if_wanted(self, distillation: DistillationContext) -> TunesmithError | None:
        """Ask Bedrock to stop it. What keeps that from working is returned: the job runs on, and is followed."""
        arn = distillation.status.arn
        if distillation.spec.ending is None or _is_stop_asked(distillation) or arn is None:
            return None
        try:
            distillation.context.once(
                STOP, lambda: self._dependencies.batches.stop(distillation.plan.region, arn)
            )
        except TunesmithError as error:
            return error
        distillation.save()
        return None

    def _interval(self, distillation: DistillationContext) -> float:
        started = distillation.status.intent_at or distillation.spec.asked_at
        poll = self._dependencies.cadence.poll
        young = self._dependencies.clock.now() - started < _YOUNG
        return (min(poll, _QUICK) if young else poll) * self._dependencies.jitter.uniform(0.9, 1.1)


def _tell_that_it_was_lost(distillation: DistillationContext) -> None:
    """Say once that a look at the account has found it; what was missed meanwhile is told by what follows."""
    if distillation.spec.found_again and distillation.status.phase in RUNNING:
        name = f"found:{distillation.spec.found_again.at.isoformat()}"
        distillation.say(name, DistillationMilestone(distillation.view, Recovered()))


def _is_stop_asked(distillation: DistillationContext) -> bool:
    """Return whether Bedrock was asked to stop it."""
    return distillation.context.record(STOP).state == DONE


def tell_who_stops_it(distillation: DistillationContext) -> None:
    """Tell the owner once of a stop that is somebody else's; all others read it on the card."""
    stop = distillation.spec.stop
    if stop and stop.by != distillation.plan.owner and _is_stop_asked(distillation):
        distillation.say("stopping", DistillationMilestone(distillation.view, StopAsked(stop.by)))
