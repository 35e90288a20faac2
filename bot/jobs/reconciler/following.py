"""While it runs: observe, show, tell milestones."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from bot.controller.effects import DONE, Effect
from bot.controller.model import RequeueAfter
from bot.errors import Misconfigured, TunesmithError, Unavailable
from bot.jobs import poll
from bot.jobs.cadence import is_from_before
from bot.jobs.cards import DataValidated, JobCard, JobMilestone, TrainingBegun
from bot.jobs.context import CARD, JobContext, JobDependencies
from bot.jobs.model import JobObservation, Phase
from bot.jobs.phases import phase_of, training_begun, validated
from bot.jobs.reconciler import stall_watch
from bot.jobs.transitions import ENDED, advance, strayed
from bot.spending.cards import CannotStop, Recovered, StopAsked
from bot.spending.failures import explain

log = logging.getLogger(__name__)

_STILL_RUNS = frozenset({"InProgress", "Stopping"})
_UNKNOWN_FOR = timedelta(minutes=10)
"""How long Bedrock may not know a job, in one stretch, until it counts as gone: right after its creation, or when a
read goes wrong later. Bedrock keeps jobs for ever, so a single such answer is more likely a fault than an end."""
_CALL = 15.0
ASLEEP = 300.0
"""Seconds after which a job that nobody woke is looked at all the same: the most that the store allows."""


STOP = Effect("stop", "asking Bedrock to stop it", "a job that is asked to stop again", longest=_CALL)


class FollowingJob:
    """All phases in which Bedrock has the job."""

    def __init__(self, parts: JobDependencies) -> None:
        self._parts = parts
        self._watching = stall_watch.Watching(parts.after)

    def reconcile(self, work: JobContext) -> RequeueAfter | None:
        """Bring what is shown up to what Bedrock says. Return when to look again, or None at the end."""
        before = _told_of(work)
        trouble = self._stop_if_wanted(work)
        try:
            self._take_in(work, self._observe(work))
        except Misconfigured as error:
            work.progress.explanation, work.progress.mend = error.message, error.hint
        self._watching.look(work)
        # What people are about to read is committed first, or a crash in between tells it twice in other words. A
        # look without news needs no write of its own.
        if _told_of(work) != before or work.step.seconds_left() < work.step.lease / 2:
            work.save()
        if work.progress.phase in ENDED:
            return None
        tell(work)
        _tell_that_it_was_lost(work)
        stall_watch.tell(work)
        # Raised only now, when all that is known was told: the loop backs off, and nobody's news waits for it.
        if isinstance(trouble, Unavailable):
            raise trouble
        if trouble:
            self._tell_of_stop(work, trouble)
        return RequeueAfter(self._until_next_look(work))

    def _until_next_look(self, work: JobContext) -> float:
        """Return the longest that it may sleep, in seconds.

        A card that waits for its turn has the step come back for it; until then the region's poll wakes the job for
        news, and people by what they want. So a thousand jobs are not looked at for nothing each minute.
        """
        progress = work.progress
        wants_stop = work.spec.stop and not is_stop_asked(work)
        pressing = progress.missing_since or progress.explanation or wants_stop
        # What Bedrock does not answer for, and a stop that it has not taken, are no news that any listing would bring.
        return self._parts.cadence.refresh if pressing or not work.step.comes_back else ASLEEP

    # Reading

    def _observe(self, work: JobContext) -> JobObservation | None:
        """Return what the region's poll saw, or ask about this job alone when that says too little or is old."""
        plan = work.plan
        listed = poll.last_listing(self._parts.observations, plan.region, plan.job_name)
        # Three listings may be missed (a restart, a slow page) before the poll counts as gone.
        patience = timedelta(seconds=3 * self._parts.cadence.poll)
        now = self._parts.clock.now()
        if listed is None or now - listed.at > patience:
            poll.ensure(self._parts.store, plan.region)
            known = work.progress.observation
            # Held up, it would only be throttled for longer by each job that asks by itself.
            return known if known and self._is_held_up(work, now) else self._ask(work)
        seen = listed.observation
        # A listing lags and says little. What would end the job, or is another job of that name, is asked of Bedrock
        # itself.
        if seen is None or seen.arn != work.progress.arn or seen.status not in _STILL_RUNS:
            return self._ask(work)
        return seen

    def _is_held_up(self, work: JobContext, now: datetime) -> bool:
        return poll.is_held_up(self._parts.observations, work.plan.region, now)

    def _ask(self, work: JobContext) -> JobObservation | None:
        return self._parts.customization.get(work.plan.region, work.progress.arn or work.plan.job_name)

    def _take_in(self, work: JobContext, seen: JobObservation | None) -> None:
        progress = work.progress
        if seen is None:
            self._missing(work)
            return
        progress.missing_since = None
        # A poll's listing and a look at one job race each other: the older of the two would move stages back.
        if progress.observation and is_from_before(seen.seen_at, progress.observation.seen_at):
            return  # a listing from before the last look
        for each in strayed(progress.observation.stages if progress.observation else (), seen.stages):
            log.warning("%s: Bedrock moved a stage back (%s); what it says now counts", work.step.key, each)
        progress.observation = seen
        # Bedrock answers, so what was said of why it could not be asked is over.
        progress.explanation = progress.mend = progress.who = ""
        if advance(progress, phase_of(seen)) and progress.phase in ENDED:
            progress.ended_at = self._parts.clock.now()
        if progress.phase is Phase.FAILED:
            self._explain(work, seen.failure)

    def _explain(self, work: JobContext, raw: str | None) -> None:
        meaning = explain(raw)
        work.progress.explanation = meaning.cause
        work.progress.mend = meaning.mend
        work.progress.who = meaning.who.value
        work.progress.raw_failure = raw or ""

    def _missing(self, work: JobContext) -> None:
        now = self._parts.clock.now()
        # By our clock: there is no observation whose time could be Bedrock's.
        work.progress.missing_since = work.progress.missing_since or now
        if now - work.progress.missing_since > _UNKNOWN_FOR:
            advance(work.progress, Phase.FAILED)
            work.progress.ended_at = now
            work.progress.explanation = "Bedrock does not know this job any more."
            work.progress.mend = (
                "Look at the job in the AWS console; if it is not there, start the plan again."
            )

    def _stop_if_wanted(self, work: JobContext) -> TunesmithError | None:
        """Ask Bedrock to stop it. What keeps that from working is returned: the job runs on, and is followed."""
        if work.spec.stop is None or is_stop_asked(work) or work.progress.phase in ENDED:
            return None
        job = work.progress.arn or work.plan.job_name
        try:
            # Named by the round: a plan that was proposed again is another job, and nobody asked to stop that.
            work.step.once(
                STOP, lambda: self._parts.customization.stop(work.plan.region, job), item=work.note("")
            )
        except TunesmithError as error:
            return error
        work.save()
        return None

    def _tell_of_stop(self, work: JobContext, trouble: TunesmithError) -> None:
        by = work.spec.stop.by if work.spec.stop else work.spec.owner
        work.say("unstoppable", JobMilestone(work.view, CannotStop(by, trouble.sentence)))


def is_stop_asked(work: JobContext) -> bool:
    """Return whether Bedrock was asked to stop it."""
    return work.step.record(STOP, work.note("")).state == DONE


def _told_of(work: JobContext) -> tuple[object, ...]:
    """Return what people are told of, to be written down before they are: all but the time that passes."""
    progress, seen = work.progress, work.progress.observation
    still = replace(seen, seen_at=seen.created) if seen else None
    return (
        progress.phase,
        still,
        progress.stalls,
        progress.explanation,
        progress.missing_since,
        progress.ended_at,
    )


def _tell_that_it_was_lost(work: JobContext) -> None:
    """Say once that the account's reconciliation has found it; what was missed meanwhile is told by what follows."""
    if work.spec.found_again:
        work.say(f"found:{work.spec.found_again.isoformat()}", JobMilestone(work.view, Recovered()))


def tell(work: JobContext) -> None:
    """Post and edit the live card, and tell the milestones that have been reached, in their order."""
    work.say(CARD, JobCard(work.view), live=True)
    seen = work.progress.observation
    if seen and validated(seen):
        work.say("validated", JobMilestone(work.view, DataValidated()))
    if seen and training_begun(seen):
        work.say("training", JobMilestone(work.view, TrainingBegun()))
    if work.spec.stop and is_stop_asked(work):
        work.say("stopping", JobMilestone(work.view, StopAsked(work.spec.stop.by)))
