"""The start: one job for one plan, whatever is repeated or cut off."""

import logging
from datetime import timedelta

from bot.controller import journal
from bot.controller.crash_points import crash_point
from bot.controller.model import RequeueAfter
from bot.errors import (
    Misconfigured,
    NoIdentity,
    QuotaReached,
    Refused,
    TunesmithError,
    Unavailable,
    UnknownOutcome,
)
from bot.jobs import poll
from bot.jobs.archive import JOB
from bot.jobs.cards import JobMilestone
from bot.jobs.context import JobContext, JobDependencies
from bot.jobs.model import JobObservation, Phase
from bot.jobs.phases import phase_of
from bot.jobs.preflight import SCHEDULED_JOBS, name_in_use
from bot.jobs.reconciler import budget
from bot.jobs.tags import of_job
from bot.jobs.transitions import advance
from bot.spending import creation, role_waiting
from bot.spending.failures import explain_error
from bot.spending.tags import DIGEST

log = logging.getLogger(__name__)

_CALL = 20.0
"""Seconds that a creation may take, its own retries included."""
_UNCLEAR = 5.0
_QUEUED = 60.0
"""Seconds between two tries while all jobs that the account may have are under way."""
_GRACE = timedelta(seconds=60)
"""How long after a wish to stop a job may still appear whose creation was under way: Bedrock's calls end before."""


class Starting:
    """Phase STARTING."""

    def __init__(self, parts: JobDependencies) -> None:
        self._parts = parts

    def reconcile(self, work: JobContext) -> RequeueAfter | None:
        """Create the job, or adopt it when it is there. Return when to look again, or None when it is settled.

        Its cost is reserved, then the intent is written down. Bedrock is asked by name before each attempt, since a
        first one may have taken effect without an answer; the plan's digest as token keeps even two attempts at once
        from making two.
        """
        if work.spec.adopted is not None:
            return self._adopt(work, work.spec.adopted)
        if work.progress.intent_at is None:
            if work.spec.stop:
                advance(work.progress, Phase.CANCELLED)
                return None
            short = budget.reserve(work, self._parts)
            if short:
                work.progress.explanation, work.progress.mend = short.sentence, short.mend
                self._end(work)
                return None
            self._parts.plans.keep(work.step, work.plan.region, JOB, work.spec)
            work.progress.intent_at = self._parts.clock.now()
            work.save()
        try:
            found = self._parts.customization.get(work.plan.region, work.plan.job_name)
        except Misconfigured as error:
            return self._blocked(work, error)
        if found is None:
            return self._call_off(work) if work.spec.stop else self._create(work)
        self._settle_by(work, found)
        return None

    def _adopt(self, work: JobContext, arn: str) -> RequeueAfter | None:
        """Follow a job that was made elsewhere; it is never created."""
        try:
            found = self._parts.customization.get(work.plan.region, arn)
        except Misconfigured as error:
            return self._blocked(work, error)
        if found:
            budget.keep(work, self._parts)
            self._begun(work, found.arn, found)
            return None
        work.progress.explanation = "Bedrock does not know this job any more."
        self._end(work)
        return None

    def _call_off(self, work: JobContext) -> RequeueAfter | None:
        """Create nothing more, and be done once nothing can appear of what was tried before the wish."""
        assert work.spec.stop is not None
        left = work.spec.stop.at + _GRACE - self._parts.clock.now()
        if left > timedelta():
            return RequeueAfter(min(left.total_seconds(), _UNCLEAR))
        advance(work.progress, Phase.CANCELLED)
        return None

    def _create(self, work: JobContext) -> RequeueAfter | None:
        plan, before = work.plan, work.progress.asked_for
        work.progress.asked_for = True
        work.save()  # a full lease for the call
        work.step.ensure_time(_CALL)
        crash_point("before-create")
        try:
            arn = self._parts.customization.create(plan, of_job(plan, work.thread, self._parts.settings.bot))
        except UnknownOutcome:
            return RequeueAfter(_UNCLEAR)
        except (Unavailable, NoIdentity):
            raise
        except QuotaReached as error:
            work.progress.asked_for = before
            return self._queued(work, error)
        except (Refused, Misconfigured) as error:
            work.progress.asked_for = before
            if again := role_waiting.wait(error, work.progress, self._parts.clock.now()):
                return again
            return self._refused(work, error)
        crash_point("after-create")
        self._begun(work, arn, None)
        return None

    def _queued(self, work: JobContext, error: QuotaReached) -> RequeueAfter | None:
        """Wait for a job to end when all are taken; nothing was created. Any other quota is a refusal."""
        try:
            busy = self._parts.customization.under_way(work.plan.region)
        except Misconfigured as denied:
            return self._blocked(work, denied)
        if busy < SCHEDULED_JOBS:
            return self._refused(work, error)
        text = (
            f"{busy} jobs are under way in {work.plan.region}, and the account may not have more at once. "
            "I start this one as soon as one of them ends; `/tune stop` takes it out of the queue."
        )
        work.say("queued", JobMilestone(work.view, text))
        return RequeueAfter(_QUEUED)

    def _settle_by(self, work: JobContext, found: JobObservation) -> None:
        """A job of that name is there: adopt it when it is the plan's, refuse the name otherwise."""
        if self._is_ours(work, found):
            self._begun(work, found.arn, found)
            return
        check = name_in_use(self._parts.customization, work.plan)
        work.progress.explanation, work.progress.mend = check.sentence, check.mend
        self._end(work)

    def _begun(self, work: JobContext, arn: str, seen: JobObservation | None) -> None:
        work.progress.arn, work.progress.observation = arn, seen
        work.progress.explanation = work.progress.mend = ""
        advance(work.progress, phase_of(seen) if seen else Phase.VALIDATING)
        plan = work.plan
        line = f"{plan.job_name} in {plan.region}, asked for by {plan.owner} in {plan.channel}: {arn}"
        journal.note(work.step, journal.START, line)
        work.save(also=[poll.registration(work.plan.region)])

    def _refused(self, work: JobContext, error: TunesmithError) -> RequeueAfter | None:
        # Somebody may have taken the name between the look and the call.
        try:
            found = self._parts.customization.get(work.plan.region, work.plan.job_name)
        except Misconfigured as denied:
            return self._blocked(work, denied)
        if found:
            self._settle_by(work, found)
            return None
        meaning = explain_error(error)
        work.progress.explanation, work.progress.mend = meaning.cause, meaning.mend
        work.progress.who = meaning.who.value
        work.progress.raw_failure = error.detail
        self._end(work)
        return None

    def _end(self, work: JobContext) -> None:
        advance(work.progress, Phase.REFUSED)
        work.progress.ended_at = self._parts.clock.now()
        work.save()

    def _blocked(self, work: JobContext, error: Misconfigured) -> RequeueAfter:
        """An earlier attempt may have made the job, so what cannot be read is not called a refusal."""
        log.warning("%s cannot be looked for: %s", work.step.key, error.sentence)
        asked_for = work.progress.asked_for or work.spec.adopted is not None
        text = creation.cannot_look(work.plan.owner, error, asked_for=asked_for)
        work.say(creation.told_as(asked_for), JobMilestone(work.view, text))
        return RequeueAfter(creation.BLOCKED)

    def _is_ours(self, work: JobContext, found: JobObservation) -> bool:
        if found.client_token is not None:
            return found.client_token == work.plan.digest
        return self._parts.customization.tags(work.plan.region, found.arn).get(DIGEST) == work.plan.digest
