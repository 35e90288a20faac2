"""A deployment in the hands of its reconciler: the context of its turn, with what it works with."""

from typing import Protocol

from bot.clock import Clock
from bot.controller.context import Context
from bot.controller.outbox.entries import thread_of
from bot.controller.outbox.messages import Outbox
from bot.controller.ports import Renderer, ResourceStore
from bot.deployments.cards import DeploymentCard, DeploymentEvent, DeploymentMilestone, DeploymentView
from bot.deployments.model import CARD, DeploymentPhase, DeploymentSpec, DeploymentStatus
from bot.deployments.ports import AccountQuotas, Deployments
from bot.deployments.transitions import advance
from bot.deployments.views import deployment_view
from bot.jobs.dependencies import Cadence
from bot.jobs.model import JobSettings
from bot.models.ports import ModelRepository
from bot.pricing.book import PriceBook
from bot.spending.budget_service import BudgetService

_SOON = 15.0


class DeploymentDependencies(Protocol):
    """All that a deployment's reconciler works with, among the ports."""

    deployments: Deployments
    account_quotas: AccountQuotas
    prices: PriceBook
    budget_service: BudgetService
    outbox: Outbox
    renderer: Renderer
    clock: Clock
    settings: JobSettings
    store: ResourceStore
    cadence: Cadence
    models: ModelRepository


class DeploymentContext:
    """One turn at one deployment."""

    def __init__(
        self, context: Context[DeploymentSpec, DeploymentStatus], dependencies: DeploymentDependencies
    ) -> None:
        self.context = context
        self.spec, self.status = context.spec, context.status
        self._dependencies = dependencies

    @property
    def view(self) -> DeploymentView:
        """The deployment as people see it."""
        return deployment_view(self.spec, self.status, self._dependencies.prices)

    @property
    def thread(self) -> str | None:
        """The thread in which it is told: the one it was asked in, or its card's own."""
        return self.spec.thread_ts or thread_of(self.context, CARD)

    def save(self) -> None:
        """Write down what was done."""
        self.context.save()

    def end(self, phase: DeploymentPhase) -> None:
        """Write down that nothing of it is there any more."""
        if not advance(self.status, phase):
            return
        self.status.trouble = ""
        self.status.ended_at = self._dependencies.clock.now()
        self.save()

    @property
    def soon(self) -> float:
        """Seconds between two looks at one that is on its way: making one takes some eight minutes."""
        return min(_SOON, self._dependencies.cadence.poll)

    @property
    def names(self) -> set[str]:
        """All that the models are or were called that answer there or did: what they answered counts by these."""
        arns = {each.arn for each in self.spec.versions}
        labels = [each for each in self._dependencies.models.labels() if each.arn in arns]
        called = {name for each in labels for name in (each.name, each.made_as, *each.former)}
        return called | {each.name for each in self.spec.versions}

    # Messages

    def show_card(self) -> None:
        """Post the card, or put there what is true now."""
        message = self._dependencies.renderer.render(DeploymentCard(self.view))
        self._dependencies.outbox.post_once(
            self.context,
            CARD,
            message,
            channel=self.spec.channel,
            thread_ts=self.spec.thread_ts,
            since=self.spec.asked_at,
            owner=self.spec.holder,
        )
        self._dependencies.outbox.show(self.context, CARD, message, may_wait=True)

    def say(self, name: str, event: DeploymentEvent, *, mention_owner: bool = False) -> None:
        """Tell what happened in its thread, once for each name."""
        card = DeploymentMilestone(self.view, event, mention_owner)
        self._dependencies.outbox.post_once(
            self.context,
            name,
            self._dependencies.renderer.render(card),
            channel=self.spec.channel,
            thread_ts=self.thread,
            since=self.spec.asked_at,
            owner=self.spec.holder,
        )
