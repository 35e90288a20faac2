"""Answers that are bought: one batch job for one order."""

from datetime import datetime

from bot.controller.effects import Effect, Proof
from bot.distillations.cards import DistillationMilestone
from bot.distillations.context import DistillationContext, DistillationDependencies
from bot.distillations.model import Offered
from bot.distillations.plan import BatchObservation, DistillationPhase, phase_of
from bot.distillations.purchase import FORM, Ordered
from bot.distillations.reconciler import budget, stall_watch
from bot.distillations.tags import BASE, TEACHER
from bot.distillations.transitions import advance
from bot.profiles.service_patterns import tag_text
from bot.spending.budgets import Shortfall
from bot.spending.cards import CreationEvent
from bot.spending.creation import CALL
from bot.spending.creator import Creator
from bot.spending.tags import common

CREATE = Effect(
    "create", "creating the batch job", "a batch job that its name finds", Proof.LOOK, longest=CALL
)


class DistillationCreator(Creator[DistillationContext, BatchObservation]):
    """Phase STARTING. One that was forgotten is only followed."""

    effect = CREATE

    def __init__(self, dependencies: DistillationDependencies) -> None:
        self._dependencies = dependencies

    def say(self, c: DistillationContext, name: str, event: CreationEvent) -> None:
        c.say(name, DistillationMilestone(c.view, event))

    def stopped_at(self, c: DistillationContext) -> datetime | None:
        return c.spec.ending.at if c.spec.ending else None

    def is_held(self, c: DistillationContext) -> bool:
        return c.spec.stop is not None and c.spec.ending is None

    def reserve(self, c: DistillationContext) -> Shortfall | None:
        return budget.reserve(c, self._dependencies)

    def keep_plan(self, c: DistillationContext) -> None:
        status = c.status
        assert status.prepared is not None
        ordered = Ordered(c.spec, Offered(status.prepared, status.terms, status.checks))
        self._dependencies.plans.keep(c.context, c.plan.region, FORM, ordered)

    def look(self, c: DistillationContext) -> BatchObservation | None:
        if c.spec.found_again:
            # By the ARN that was found: a name may have been used again since.
            return self._dependencies.batches.get(c.plan.region, c.spec.found_again.arn)
        return self._dependencies.batches.find(c.plan.region, c.plan.job_name)

    def is_ours(self, c: DistillationContext, found: BatchObservation) -> bool:
        """A name has the request's own ID in it, so that one without a token is ours all the same."""
        return found.client_token in (None, c.status.order(c.plan).digest)

    def taken(self, c: DistillationContext, found: BatchObservation) -> tuple[str, str]:
        return f"A batch job called `{found.name}` is there already, and is another.", "Ask again."

    def create(self, c: DistillationContext) -> str:
        order = c.status.order(c.plan)
        return self._dependencies.batches.create(order, self._tags(c, order.digest))

    def _tags(self, c: DistillationContext, digest: str) -> dict[str, str]:
        plan = c.plan
        tags = common(
            owner=plan.owner,
            channel=plan.channel,
            thread_ts=c.thread,
            digest=digest,
            bot=self._dependencies.settings.bot,
            opened=c.spec.thread_ts is None,
        )
        return tags | {TEACHER: tag_text(plan.teacher), BASE: tag_text(plan.profile)}

    def begun(self, c: DistillationContext, arn: str, found: BatchObservation | None) -> None:
        c.status.arn = arn
        if found:
            stall_watch.note_movement(c.status, found)
        advance(c.status, phase_of(found) if found else DistillationPhase.WAITING)
        c.save()

    def refused(self, c: DistillationContext, who: str) -> None:
        advance(c.status, DistillationPhase.REFUSED)
        c.save()

    def cancelled(self, c: DistillationContext) -> None:
        advance(c.status, DistillationPhase.CANCELLED)

    def recovered(self, c: DistillationContext) -> bool:
        return c.spec.found_again is not None

    def enter(self, c: DistillationContext) -> None:
        budget.keep(c, self._dependencies)

    def lost(self) -> tuple[str, str]:
        return "Bedrock does not know this batch job any more.", "Ask again."
