"""While it runs: observe, show, tell milestones."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from bot.controller.effects import DONE, Effect
from bot.controller.model import RequeueAfter
from bot.errors import Misconfigured, TunesmithError, Unavailable
from bot.jobs import poll
from bot.jobs.cadence import is_from_before
from bot.jobs.cards import JobMilestone
from bot.jobs.context import JobContext
from bot.jobs.dependencies import FollowingDependencies
from bot.jobs.model import JobObservation, Phase
from bot.jobs.phases import phase_of
from bot.jobs.recent_runs import RecentRuns
from bot.jobs.reconciler import planning, stall_watch
from bot.jobs.transitions import ENDED, advance, strayed
from bot.spending import missing
from bot.spending.cards import CannotStop, Recovered, StopAsked
from bot.spending.failures import explain

log = logging.getLogger(__name__)

_STILL_RUNS = frozenset({"InProgress", "Stopping"})
_CALL = 15.0
ASLEEP = 300.0
"""Seconds after which a job that nobody woke is looked at all the same: the most that the store allows."""


STOP = Effect("stop", "asking Bedrock to stop it", "a job that is asked to stop again", longest=_CALL)


class FollowingJob:
    """All phases in which Bedrock has the job."""

    def __init__(self, dependencies: FollowingDependencies, runs: RecentRuns) -> None:
        self._dependencies = dependencies
        self._watching = stall_watch.Watching(runs, dependencies.stall_after, dependencies.together)

    def reconcile(self, job: JobContext) -> RequeueAfter | None:
        """Bring what is shown up to what Bedrock says. Return when to look again, or None at the end."""
        before = _told_of(job)
        trouble = self._stop_if_wanted(job)
        try:
            self._take_in(job, *self._observe(job))
        except Misconfigured as error:
            job.status.explanation, job.status.mend = error.message, error.hint
        self._watching.look(job)
        # What people are about to read is committed first, or a crash in between tells it twice in other words. A
        # look without news needs no write of its own.
        if _told_of(job) != before or job.context.seconds_left() < job.context.lease / 2:
            job.save()
        if job.status.phase in ENDED:
            return None
        tell(job)
        _tell_that_it_was_lost(job)
        stall_watch.tell(job, self._dependencies.together)
        # Raised only now, when all that is known was told: the loop backs off, and nobody's news waits for it.
        if isinstance(trouble, Unavailable):
            raise trouble
        if trouble:
            self._tell_of_stop(job, trouble)
        return RequeueAfter(self._until_next_look(job))

    def _until_next_look(self, job: JobContext) -> float:
        """Return the longest that it may sleep, in seconds.

        A card that waits for its turn has the job come back for it; until then the region's poll wakes the job for
        news, and people by what they want. So a thousand jobs are not looked at for nothing each minute.
        """
        status = job.status
        wants_stop = job.spec.ending and not is_stop_asked(job)
        pressing = status.missing_since or status.explanation or wants_stop
        # What Bedrock does not answer for, and a stop that it has not taken, are no news that any listing would bring.
        return self._dependencies.cadence.refresh if pressing or not job.context.comes_back else ASLEEP

    # Reading

    def _observe(self, job: JobContext) -> tuple[JobObservation | None, datetime | None]:
        """Return what the region's poll saw, and when by our clock; or what Bedrock says of this job alone.

        That is asked when the poll says too little or is old.
        """
        plan = job.plan
        listed = poll.last_listing(self._dependencies.observations, plan.region, plan.job_name)
        # Three listings may be missed (a restart, a slow page) before the poll counts as gone.
        patience = timedelta(seconds=3 * self._dependencies.cadence.poll)
        now = self._dependencies.clock.now()
        # Either way: one that is ahead was made by a process whose clock is, which may be gone with it.
        if listed is None or abs(now - listed.at) > patience:
            poll.ensure(self._dependencies.store, plan.region)
            known = job.status.observation
            # Held up, it would only be throttled for longer by each job that asks by itself.
            held_up = known and self._is_held_up(job, now)
            return (known, job.status.looked_at) if held_up else (self._ask(job), now)
        seen = listed.observation
        # A listing lags and says little. What would end the job, or is another job of that name, is asked of Bedrock
        # itself.
        if seen is None or seen.arn != job.status.arn or seen.status not in _STILL_RUNS:
            return self._ask(job), now
        return seen, listed.at

    def _is_held_up(self, job: JobContext, now: datetime) -> bool:
        return poll.is_held_up(self._dependencies.observations, job.plan.region, now)

    def _ask(self, job: JobContext) -> JobObservation | None:
        return self._dependencies.customization.get(job.plan.region, job.status.arn or job.plan.job_name)

    def _take_in(self, job: JobContext, seen: JobObservation | None, at: datetime | None) -> None:
        status = job.status
        if seen is None:
            self._missing(job)
            return
        status.missing_since = None
        # A poll's listing and a look at one job race each other: the older of the two would move stages back.
        if status.observation and is_from_before(seen.seen_at, status.observation.seen_at):
            return  # a listing from before the last look
        for each in strayed(status.observation.stages if status.observation else (), seen.stages):
            log.warning("%s: Bedrock moved a stage back (%s); what it says now counts", job.context.key, each)
        status.observation, status.looked_at = seen, at
        # Bedrock answers, so what was said of why it could not be asked is over.
        status.explanation = status.mend = status.who = ""
        if advance(status, phase_of(seen)) and status.phase in ENDED:
            status.ended_at = self._dependencies.clock.now()
        if status.phase is Phase.FAILED:
            self._explain(job, seen.failure)

    def _explain(self, job: JobContext, raw: str | None) -> None:
        meaning = explain(raw)
        job.status.explanation = meaning.cause
        job.status.mend = meaning.mend
        job.status.who = meaning.who.value
        job.status.raw_failure = raw or ""

    def _missing(self, job: JobContext) -> None:
        # Not by Bedrock's time: there is no observation that could tell it.
        if missing.is_gone(job.status, job.context.now()):
            advance(job.status, Phase.FAILED)
            job.status.ended_at = self._dependencies.clock.now()
            job.status.explanation = "Bedrock does not know this job any more."
            job.status.mend = "Look at the job in the AWS console; if it is not there, start the plan again."

    def _stop_if_wanted(self, job: JobContext) -> TunesmithError | None:
        """Ask Bedrock to stop it. What keeps that from working is returned: the job runs on, and is followed."""
        if job.spec.ending is None or is_stop_asked(job) or job.status.phase in ENDED:
            return None
        name = job.status.arn or job.plan.job_name
        try:
            # Named by the round: a plan that was proposed again is another job, and nobody asked to stop that.
            job.context.once(
                STOP, lambda: self._dependencies.customization.stop(job.plan.region, name), item=job.note("")
            )
        except TunesmithError as error:
            return error
        job.save()
        return None

    def _tell_of_stop(self, job: JobContext, trouble: TunesmithError) -> None:
        by = job.spec.stop.by if job.spec.stop else job.spec.owner
        job.say("unstoppable", JobMilestone(job.view, CannotStop(by, trouble.sentence)))


def is_stop_asked(job: JobContext) -> bool:
    """Return whether Bedrock was asked to stop it."""
    return job.context.record(STOP, job.note("")).state == DONE


def _told_of(job: JobContext) -> tuple[object, ...]:
    """Return what people are told of, to be written down before they are: all but the time that passes."""
    status, seen = job.status, job.status.observation
    still = replace(seen, seen_at=seen.created) if seen else None
    return (
        status.phase,
        still,
        status.stalls,
        status.explanation,
        status.missing_since,
        status.ended_at,
    )


def _tell_that_it_was_lost(job: JobContext) -> None:
    """Say once that the account's reconciliation has found it; what was missed meanwhile is told by what follows."""
    if job.spec.found_again:
        job.say(f"found:{job.spec.found_again.isoformat()}", JobMilestone(job.view, Recovered()))


def tell(job: JobContext) -> None:
    """Show what is true now, and tell the owner of a stop that is somebody else's."""
    planning.show(job)
    stop = job.spec.stop
    if stop and stop.by != job.spec.owner and is_stop_asked(job):
        job.say("stopping", JobMilestone(job.view, StopAsked(stop.by)))
