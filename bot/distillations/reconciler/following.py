"""The batch job: started once, followed to its end, stopped when somebody wants that."""

import logging
from datetime import datetime, timedelta

from bot.controller.crash_points import crash_point
from bot.controller.model import RequeueAfter
from bot.distillations.archive import ORDER, Ordered
from bot.distillations.cards import DistillationCard, DistillationMilestone
from bot.distillations.context import CARD, DistillationContext, DistillationDependencies
from bot.distillations.model import Offered
from bot.distillations.plan import BatchObservation, DistillationPhase, phase_of
from bot.distillations.reconciler import budget, stall_watch
from bot.distillations.tags import BASE, TEACHER
from bot.distillations.teachers import registry as teachers
from bot.distillations.transitions import RUNNING, advance
from bot.errors import Misconfigured, TunesmithError, Unavailable, UnknownOutcome
from bot.jobs.cadence import is_from_before
from bot.profiles.service_patterns import tag_text
from bot.spending import creation, role_waiting
from bot.spending.failures import explain_error
from bot.spending.tags import common
from bot.wording import Person, wording

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


class Running:
    """Phases STARTING to STOPPING."""

    def __init__(self, parts: DistillationDependencies) -> None:
        self._parts = parts

    # Starting

    def start(self, work: DistillationContext) -> RequeueAfter | None:
        """Create the job, or adopt it when it is there. Return when to look again, or None when it is settled.

        Its cost is reserved, then the intent is written down. Bedrock is asked by name before each attempt, since a
        first one may have taken effect without an answer; the order's digest as token keeps even two attempts at once
        from making two.
        """
        progress, stop = work.progress, work.spec.stop
        if work.spec.found_again:
            return self._adopt(work, work.spec.found_again.arn)
        if progress.intent_at is None:
            if stop:
                advance(progress, DistillationPhase.CANCELLED)
                return None
            short = budget.reserve(work, self._parts)
            if short:
                self._end(work, short.sentence, short.mend)
                return None
            self._keep_plan(work)
            progress.intent_at = self._parts.clock.now()
            work.save()
        try:
            found = self._parts.batches.find(work.plan.region, work.plan.job_name)
        except Misconfigured as error:
            return self._blocked(work, error)
        if found:
            self._settle_by(work, found)
            return None
        return self._call_off(work, stop.at) if stop else self._create(work)

    def _adopt(self, work: DistillationContext, arn: str) -> RequeueAfter | None:
        """Follow a job that was forgotten; it is never ordered again."""
        try:
            found = self._parts.batches.get(work.plan.region, arn)
        except Misconfigured as error:
            return self._blocked(work, error)
        if found:
            budget.keep(work, self._parts)
            self._begun(work, arn, found)
        else:
            self._end(work, "Bedrock does not know this batch job any more.", "Ask again.")
        return None

    def _keep_plan(self, work: DistillationContext) -> None:
        progress = work.progress
        assert progress.prepared is not None
        ordered = Ordered(work.spec, Offered(progress.prepared, progress.terms, progress.checks))
        self._parts.plans.keep(work.step, work.plan.region, ORDER, ordered)

    def _create(self, work: DistillationContext) -> RequeueAfter | None:
        order, before = work.progress.order(work.plan), work.progress.asked_for
        work.progress.asked_for = True
        work.save()  # a full lease for the call
        work.step.ensure_time(_CALL)
        crash_point("before-create")
        try:
            arn = self._parts.batches.create(order, self._tags(work, order.digest))
        except UnknownOutcome:
            return RequeueAfter(_UNCLEAR)
        except Unavailable:
            raise
        except TunesmithError as error:
            work.progress.asked_for = before
            if again := role_waiting.wait(error, work.progress, self._parts.clock.now()):
                return again
            return self._refused(work, error)
        crash_point("after-create")
        self._begun(work, arn, None)
        return None

    def _tags(self, work: DistillationContext, digest: str) -> dict[str, str]:
        plan = work.plan
        tags = common(
            owner=plan.owner,
            channel=plan.channel,
            thread_ts=work.thread,
            digest=digest,
            bot=self._parts.settings.bot,
            opened=work.spec.thread_ts is None,
        )
        return tags | {TEACHER: tag_text(plan.teacher), BASE: tag_text(plan.profile)}

    def _call_off(self, work: DistillationContext, since: datetime) -> RequeueAfter | None:
        """Create nothing more, and be done once nothing can appear of what was tried before the wish."""
        left = since + _GRACE - self._parts.clock.now()
        if left > timedelta():
            return RequeueAfter(min(left.total_seconds(), _UNCLEAR))
        advance(work.progress, DistillationPhase.CANCELLED)
        return None

    def _settle_by(self, work: DistillationContext, found: BatchObservation) -> None:
        """A job of that name is there: adopt it when it is the plan's, and refuse otherwise."""
        if found.client_token in (None, work.progress.order(work.plan).digest):
            # A name has the request's own ID in it, so that one without a token is ours all the same.
            self._begun(work, found.arn, found)
            return
        self._end(work, f"A batch job called `{found.name}` is there already, and is another.", "Ask again.")

    def _begun(self, work: DistillationContext, arn: str, seen: BatchObservation | None) -> None:
        work.progress.arn = arn
        if seen:
            stall_watch.note_movement(work.progress, seen)
        work.progress.explanation = work.progress.mend = ""
        advance(work.progress, phase_of(seen) if seen else DistillationPhase.WAITING)
        work.save()

    def _refused(self, work: DistillationContext, error: TunesmithError) -> RequeueAfter | None:
        # Another attempt may have made it between the look and the call.
        try:
            found = self._parts.batches.find(work.plan.region, work.plan.job_name)
        except Misconfigured as denied:
            return self._blocked(work, denied)
        if found:
            self._settle_by(work, found)
            return None
        meaning = explain_error(error)
        work.progress.raw_failure = error.detail
        self._end(work, meaning.cause, meaning.mend)
        return None

    def _end(self, work: DistillationContext, cause: str, mend: str) -> None:
        work.progress.explanation, work.progress.mend = cause, mend
        advance(work.progress, DistillationPhase.REFUSED)
        work.save()

    def _blocked(self, work: DistillationContext, error: Misconfigured) -> RequeueAfter:
        """An earlier attempt may have made the job, so what cannot be read is not called a refusal."""
        log.warning("%s cannot be looked for: %s", work.step.key, error.sentence)
        asked_for = work.progress.asked_for or work.spec.found_again is not None
        text = creation.cannot_look(work.plan.owner, error, asked_for=asked_for)
        work.say(creation.told_as(asked_for), DistillationMilestone(work.view, text))
        return RequeueAfter(creation.BLOCKED)

    # Following

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
            text = wording(
                Person(work.plan.owner),
                " I can't stop this, so it runs on and is billed: ",
                trouble.sentence,
            )
            work.say("unstoppable", DistillationMilestone(work.view, text))
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
        if work.spec.stop is None or work.progress.stop_sent or arn is None:
            return None
        work.step.ensure_time(_CALL)
        crash_point("before-stop")
        try:
            self._parts.batches.stop(work.plan.region, arn)
        except TunesmithError as error:
            return error
        crash_point("after-stop")
        work.progress.stop_sent = True
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
        text = wording(
            Person(work.plan.owner),
            f" I had lost track of `{work.plan.job_name}`, and follow it again. It ran on at Bedrock meanwhile.",
        )
        work.say(f"found:{work.spec.found_again.at.isoformat()}", DistillationMilestone(work.view, text))


def tell_who_stops_it(work: DistillationContext) -> None:
    """Say once who asked to stop it; the owner is mentioned when that is somebody else."""
    stop, owner = work.spec.stop, work.plan.owner
    if stop and work.progress.stop_sent:
        whose = (Person(owner), " ") if stop.by != owner else ()
        text = wording(*whose, Person(stop.by), " asked to stop. Answers that are there by then are billed.")
        work.say("stopping", DistillationMilestone(work.view, text))
