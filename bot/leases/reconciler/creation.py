"""A lease that is bought: one endpoint for one plan, and its release registered before it exists."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.controller import journal
from bot.controller.effects import Effect, Proof, passing
from bot.controller.model import Registration
from bot.errors import Misconfigured
from bot.leases import adoption, release_resource, tags, terms
from bot.leases.cards import LeaseMilestone
from bot.leases.context import LeaseContext, LeaseDependencies
from bot.leases.deadlines import STARTUP, at_the_latest
from bot.leases.endpoint import EndpointObservation, LeasePhase
from bot.leases.purchase import FORM
from bot.leases.reconciler import budget
from bot.leases.transitions import advance
from bot.spending.budgets import Shortfall
from bot.spending.cards import CreationEvent
from bot.spending.creation import CALL
from bot.spending.creator import Creator
from bot.spending.tags import DIGEST

_LAST_TRY = STARTUP - timedelta(minutes=2)
"""How long after the intent a creation may still be tried: its release stops waiting for it soon after."""


CREATE = Effect(
    "create-endpoint",
    "creating the endpoint",
    "an endpoint that its name finds; its release, registered with the intent, ends it anyway",
    Proof.LOOK,
    longest=CALL,
)


ADOPT = Effect(
    "adopt-endpoint",
    "tagging throughput that was made elsewhere as this lease's",
    "throughput whose tags name the lease: the look finds it, and tagging it again changes nothing",
    longest=CALL,
)


class LeaseCreator(Creator[LeaseContext, EndpointObservation]):
    """Phase REQUESTING. What was recovered is looked for by its name, too, and is never created."""

    effect = CREATE

    def __init__(self, dependencies: LeaseDependencies) -> None:
        self._dependencies = dependencies

    def say(self, c: LeaseContext, name: str, event: CreationEvent) -> None:
        c.say(name, LeaseMilestone(c.view, event))

    def stopped_at(self, c: LeaseContext) -> datetime | None:
        return c.spec.ending.at if c.spec.ending else None

    def is_held(self, c: LeaseContext) -> bool:
        return c.spec.release is not None and c.spec.ending is None

    def reserve(self, c: LeaseContext) -> Shortfall | None:
        return budget.reserve(c, self._dependencies)

    def keep_plan(self, c: LeaseContext) -> None:
        if not c.spec.found_again:
            self._dependencies.plans.keep(c.context, c.plan.region, FORM, c.spec)

    def with_intent(self, c: LeaseContext) -> Sequence[Registration]:
        c.status.intent_store = c.context.now()
        # One that was found again is there, whoever asked for it: its release must not take it for never bought.
        c.status.asked_for = c.spec.found_again is not None
        return [release_resource.registration(c.spec, c.context.now())]

    def gave_up(self, c: LeaseContext) -> bool:
        """What may be there is released; what was never asked for is just over, though nobody may look."""
        status = c.status
        if not (c.spec.ending or self._has_tried_long(c)):
            is_read_back = c.release is not None and c.release.released_at is not None
            return is_read_back and advance(status, LeasePhase.RELEASING)
        if status.asked_for:
            return advance(status, LeasePhase.RELEASING)
        # Without an intent the ledger frees what was reserved; with one it would settle a purchase that never was.
        status.intent_at = status.intent_store = None
        if c.spec.ending:
            self.cancelled(c)
            return True
        status.explanation = status.explanation or "I could not start it in time."
        status.mend = status.mend or "Ask for the lease again."
        return advance(status, LeasePhase.REFUSED)

    def _has_tried_long(self, c: LeaseContext) -> bool:
        """Nothing is there that costs anything, so that the clock on which less has passed counts."""
        status, intent_at = c.status, c.status.intent_at
        assert intent_at is not None
        passed = self._dependencies.clock.now() - intent_at
        if status.intent_store is not None:
            passed = min(passed, timedelta(seconds=c.context.now() - status.intent_store))
        return passed > _LAST_TRY

    def look(self, c: LeaseContext) -> EndpointObservation | None:
        """What is to be adopted is found by this lease's tags alone: before those it is not the lease's yet."""
        if c.spec.adopts:
            found = self._there(c)
            return found if found and self.is_ours(c, found) else None
        return self._dependencies.endpoints.get(c.plan.region, c.plan.serving, c.plan.endpoint_name)

    def _there(self, c: LeaseContext) -> EndpointObservation | None:
        return self._dependencies.endpoints.get(c.plan.region, c.plan.serving, c.spec.adopts)

    def is_ours(self, c: LeaseContext, found: EndpointObservation) -> bool:
        """By its tags; the name alone, which no other lease has, is enough only where tags may not be read."""
        try:
            marked = self._dependencies.endpoints.tags(c.plan.region, found.arn)
        # An account may let us create and not read tags. The name is made of the request, so that another of that name
        # would have to be made on purpose.
        except Misconfigured:
            if c.spec.adopts:
                raise
            return True
        return marked.get(DIGEST) == c.plan.digest

    def taken(self, c: LeaseContext, found: EndpointObservation) -> tuple[str, str]:
        wrong = f"Something else is called `{c.plan.endpoint_name}` in this account."
        return wrong, "Ask for the lease again: it gets another name."

    def was_there(self, c: LeaseContext) -> bool:
        """It was found again, or its release has seen it."""
        return c.spec.found_again is not None or (c.release is not None and c.release.arn is not None)

    def gone(self, c: LeaseContext) -> None:
        advance(c.status, LeasePhase.RELEASING)

    def create(self, c: LeaseContext) -> str:
        # Tagged with the creation itself, in one call: an endpoint without its deadline would be nobody's if we died
        # here.
        until = at_the_latest(c.spec, c.status)
        assert until is not None, "the intent is written down"
        opened = c.spec.thread_ts is None
        marks = tags.of_lease(
            c.plan, c.spec.owner, c.thread, until, self._dependencies.settings.bot, opened=opened
        )
        if c.plan.term and c.plan.term not in self._dependencies.settings.terms:
            raise terms.switched_off(c.plan.term)
        if not c.spec.adopts:
            return self._dependencies.endpoints.create(c.plan, marks)
        there = self._there(c)
        if there is None:
            raise adoption.gone(c.plan.endpoint_name)
        adoption.check_same(c.plan, there)
        marked = self._dependencies.endpoints.tags(c.plan.region, there.arn)
        if tags.is_looked_after(marked, self._dependencies.settings.bot):
            raise adoption.taken(c.plan.endpoint_name)
        with passing(ADOPT):
            self._dependencies.endpoints.tag(c.plan.region, there.arn, marks)
        return there.arn

    def begun(self, c: LeaseContext, arn: str, found: EndpointObservation | None) -> None:
        c.status.arn = arn
        advance(c.status, LeasePhase.CREATING)
        plan = c.plan
        line = f"{plan.model_name} for {plan.minutes} minutes, asked for by {c.spec.owner} in {plan.channel}: {arn}"
        journal.note(c.context, journal.START, line)
        c.save()

    def refused(self, c: LeaseContext, who: str) -> None:
        advance(c.status, LeasePhase.REFUSED)
        c.save()

    def cancelled(self, c: LeaseContext) -> None:
        advance(c.status, LeasePhase.RELEASED)
        c.status.explanation, c.status.mend = "It was released before anything was bought.", ""
