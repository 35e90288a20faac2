"""A lease in the hands of its reconciler: the context of its turn, with spec and status as values."""

from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Protocol

from bot.access import Access
from bot.controller.context import Context
from bot.controller.model import Key, Message
from bot.controller.outbox.entries import thread_of
from bot.errors import Unreadable
from bot.jobs.dependencies import PurchaseDependencies
from bot.jobs.ports import Customization
from bot.leases.cards import LeaseCard, LeaseView, ModelUnits
from bot.leases.endpoint import LeasePhase, LeasePlan
from bot.leases.model import CARD, RELEASE, RELEASE_SCHEMA, Extension, LeaseSpec, LeaseStatus, ReleaseStatus
from bot.leases.ports import Endpoints, Invocations, ThroughputQuotas
from bot.leases.purchase import LeasePurchase, extension_question
from bot.leases.versions import answering, newer_in, on_its_way
from bot.leases.views import lease_view
from bot.models.model import CustomModel
from bot.models.ports import ModelRepository
from bot.profiles.model import Serving
from bot.spending.archive import PlanKeeper
from bot.spending.asking import with_glass
from bot.spending.cards import ApprovalCard
from bot.spending.deciding import PlanContext, concerned
from bot.spending.model import Decision
from bot.spending.votes import askers

APPROVAL = "approval"
"""With the card, the notices of a lease that are shown for ever; milestones have names of their own."""


class LeaseDependencies(PurchaseDependencies, Protocol):
    """All that a lease's reconciler works with, among the ports."""

    endpoints: Endpoints
    account_quotas: ThroughputQuotas
    invocations: Invocations
    models: ModelRepository
    customization: Customization
    plans: PlanKeeper


class LeaseContext(PlanContext[LeaseSpec, LeaseStatus]):
    """One turn at one lease."""

    def __init__(self, context: Context[LeaseSpec, LeaseStatus], dependencies: LeaseDependencies) -> None:
        super().__init__(context)
        self._dependencies = dependencies
        self.began = dependencies.clock.now()
        """By this machine's clock: whatever this turn sees is of then or later."""

    @property
    def plan(self) -> LeasePlan:
        """The frozen plan."""
        return self.spec.plan

    @property
    def purchase(self) -> LeasePurchase:
        """What leases tell of themselves as something that is bought."""
        return LeasePurchase(self._dependencies.prices, self._dependencies.settings)

    @property
    def access(self) -> Access:
        """Who may do what."""
        return self._dependencies.access

    def question_about(self, extension: Extension) -> ApprovalCard:
        """Return the question about more time, as things stand now; once it is decided nobody has to be looked up."""
        is_open = extension.decision is Decision.REQUESTED
        by = askers(extension.votes, self.plan.owner)
        people = self.access.deciders_for(self.plan.channel, but=by) if is_open else ()
        return with_glass(extension_question(self.it, extension, people), self.access)

    @property
    def release(self) -> ReleaseStatus | None:
        """What has been done about the release, as its own reconciler wrote it down."""
        return None if isinstance(self._release, Unreadable) else self._release

    @property
    def has_unreadable_release(self) -> bool:
        """Whether its release is there and nobody can read it, so that no word comes from it."""
        return isinstance(self._release, Unreadable)

    @cached_property
    def _release(self) -> ReleaseStatus | Unreadable | None:
        # As this turn first finds it, so that all that is told agrees: what changes meanwhile wakes the lease again.
        try:
            resource = self._dependencies.store.get(Key(RELEASE, self.plan.id))
        except Unreadable as damaged:  # it is ended by its tags, and its end is seen at AWS
            return damaged
        return RELEASE_SCHEMA.status_of(resource) if resource else None

    @property
    def view(self) -> LeaseView:
        """The lease as people see it."""
        view = lease_view(self.spec, self.status, self._dependencies.prices, self.release)
        return replace(view, newer=self._newer)

    @property
    def _newer(self) -> str:
        """What a newer version is called that everybody in its channel may see, while it may take its place."""
        if self.status.phase is not LeasePhase.IN_SERVICE or self.spec.release or self.spec.over:
            return ""
        serves = answering(self.spec, self.status).arn
        if on_its_way(self.spec, self.status) or self.plan.serving is not Serving.PROVISIONED_THROUGHPUT:
            return ""
        found = newer_in(self.plan.channel, serves, self._models)
        return found.name if found else ""

    @cached_property
    def _models(self) -> list[CustomModel]:
        return self._dependencies.models.all()

    @property
    def card(self) -> LeaseCard:
        """The one live message."""
        agreement = self.agreement
        return LeaseCard(
            self.view,
            self.spec.usd,
            agreement.decision,
            agreement.needs_approval,
            agreement.decided_by,
            self.status.budget,
            agreement.deciders,
            is_blocked=bool(self.status.blocked),
            is_undoable=agreement.is_undoable,
            made_way=agreement.made_way,
            units=self._units,
        )

    @property
    def _units(self) -> ModelUnits | None:
        by_hour = self.plan.serving is Serving.PROVISIONED_THROUGHPUT
        return ModelUnits(self.plan.model_units, self.status.units_quota) if by_hour else None

    @property
    def names(self) -> set[str]:
        """All that its models are or were called: what it answered counts by these."""
        versions = self.spec.versions
        arns = {self.plan.model_arn, *(each.arn for each in versions)}
        labels = [each for each in self._dependencies.models.labels() if each.arn in arns]
        return {
            self.plan.model_name,
            *(each.name for each in versions),
            *(name for each in labels for name in (each.name, each.made_as, *each.former)),
        }

    # Messages

    @property
    def thread(self) -> str | None:
        """The thread in which the lease is told: the one it was asked in, or its card's own."""
        return self.spec.thread_ts or thread_of(self.context, CARD)

    def render(self, card: object) -> Message:
        """Return the card as a message."""
        return self._dependencies.renderer.render(card)

    def say(
        self, name: str, card: object, *, live: bool = False, since: datetime | None = None, gist: str = ""
    ) -> None:
        """Post the card in the lease's thread, once; keep a ``live`` one up to date.

        ``gist`` is what of it is more than the time that passes.
        """
        message = self.render(card)
        self._dependencies.outbox.post_once(
            self.context,
            name,
            message,
            channel=self.plan.channel,
            thread_ts=self.thread,
            since=since or self.spec.asked_at,
            owner=concerned(card, self.spec.owner),
        )
        if live:
            often = name == CARD
            self._dependencies.outbox.show(self.context, name, message, may_wait=True, often=often, gist=gist)
