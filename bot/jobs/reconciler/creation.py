"""A job that is bought: one job for one plan."""

from datetime import datetime

from bot.controller import journal
from bot.controller.effects import Effect, Proof
from bot.errors import QuotaReached
from bot.jobs import poll
from bot.jobs.cards import JobMilestone
from bot.jobs.context import JobContext
from bot.jobs.dependencies import CreationDependencies
from bot.jobs.model import JobObservation, Phase
from bot.jobs.phases import phase_of
from bot.jobs.preflight import SCHEDULED_JOBS, name_in_use
from bot.jobs.purchase import FORM
from bot.jobs.reconciler import budget
from bot.jobs.tags import of_job
from bot.jobs.transitions import advance
from bot.spending.budgets import Shortfall
from bot.spending.cards import CreationEvent, Queued
from bot.spending.creation import CALL
from bot.spending.creator import Creator
from bot.spending.tags import DIGEST

CREATE = Effect("create", "creating the job", "a job that its name finds", Proof.LOOK, longest=CALL)


class JobCreator(Creator[JobContext, JobObservation]):
    """Phase STARTING. One that was made elsewhere, or forgotten, is only followed."""

    effect = CREATE

    def __init__(self, dependencies: CreationDependencies) -> None:
        self._dependencies = dependencies

    def say(self, c: JobContext, name: str, event: CreationEvent) -> None:
        c.say(name, JobMilestone(c.view, event))

    def stopped_at(self, c: JobContext) -> datetime | None:
        return c.spec.ending.at if c.spec.ending else None

    def is_held(self, c: JobContext) -> bool:
        return c.spec.stop is not None and c.spec.ending is None

    def reserve(self, c: JobContext) -> Shortfall | None:
        return budget.reserve(c, self._dependencies)

    def keep_plan(self, c: JobContext) -> None:
        self._dependencies.plans.keep(c.context, c.plan.region, FORM, c.spec)

    def look(self, c: JobContext) -> JobObservation | None:
        return self._dependencies.customization.get(c.plan.region, c.spec.adopted or c.plan.job_name)

    def is_ours(self, c: JobContext, found: JobObservation) -> bool:
        # The answer may leave the token out; the tag has the same digest, for one more call.
        if found.client_token is not None:
            return found.client_token == c.plan.digest
        return self._dependencies.customization.tags(c.plan.region, found.arn).get(DIGEST) == c.plan.digest

    def taken(self, c: JobContext, found: JobObservation) -> tuple[str, str]:
        check = name_in_use(self._dependencies.customization, c.plan)
        return check.sentence, check.mend

    def create(self, c: JobContext) -> str:
        opened = c.spec.thread_ts is None
        tags = of_job(c.plan, c.thread, self._dependencies.settings.bot, opened=opened)
        return self._dependencies.customization.create(c.plan, tags)

    def full(self, c: JobContext, error: QuotaReached) -> Queued | None:
        """Wait for a job to end when all are taken; any other quota is a refusal."""
        # Counted and not read off AWS's words, which are the same for quotas that no waiting mends.
        busy = self._dependencies.customization.under_way(c.plan.region)
        if busy < SCHEDULED_JOBS:
            return None
        return Queued(busy, c.plan.region)

    def begun(self, c: JobContext, arn: str, found: JobObservation | None) -> None:
        c.status.arn, c.status.observation = arn, found
        advance(c.status, phase_of(found) if found else Phase.VALIDATING)
        plan = c.plan
        line = f"{plan.job_name} in {plan.region}, asked for by {plan.owner} in {plan.channel}: {arn}"
        journal.note(c.context, journal.START, line)
        # In one write with the ARN, so that no job runs in a region that nobody lists.
        c.save(also=[poll.registration(plan.region)])

    def refused(self, c: JobContext, who: str) -> None:
        c.status.who = who
        advance(c.status, Phase.REFUSED)
        c.status.ended_at = self._dependencies.clock.now()
        c.save()

    def cancelled(self, c: JobContext) -> None:
        advance(c.status, Phase.CANCELLED)

    def recovered(self, c: JobContext) -> bool:
        return c.spec.adopted is not None

    def enter(self, c: JobContext) -> None:
        budget.keep(c, self._dependencies)

    def lost(self) -> tuple[str, str]:
        return "Bedrock does not know this job any more.", ""
