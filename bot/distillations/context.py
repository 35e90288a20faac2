"""A distillation in the hands of its reconciler: the context of its turn, with spec and status as values."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Protocol

from bot.access import Access
from bot.controller.context import Context
from bot.controller.model import Message
from bot.controller.outbox.entries import ABSENT, entry_of, thread_of
from bot.datasets.ports import DatasetFiles
from bot.derivations.reconciler.workshop import StoredDatasets
from bot.distillations.cards import DistillationView
from bot.distillations.model import CARD, DistillationSpec, DistillationStatus
from bot.distillations.plan import DistillationPlan
from bot.distillations.ports import Batches, BatchResults
from bot.distillations.purchase import DistillationPurchase
from bot.distillations.transitions import PLANNING
from bot.distillations.views import distill_view
from bot.jobs.dependencies import Cadence, PreflightDependencies, PurchaseDependencies
from bot.jobs.model import JobSettings
from bot.jobs.ports import JobHistory
from bot.pricing.book import PriceBook
from bot.spending.archive import PlanKeeper
from bot.spending.deciding import PlanContext, concerned
from bot.uploads.context import WithUploads

APPROVAL, END = "approval", "end"
"""With the card, the messages that are shown for ever; what happens is told under names of its own."""
_SECOND_CARD = "card"
"""The live message of one that was started when its plan was another message: it keeps both."""


class OrderingDependencies(PurchaseDependencies, PreflightDependencies, Protocol):
    """What answers are ordered, paid for and followed with, as jobs are.

    ``stall_after`` is how long nothing may move before there is a history of our own.
    """

    history: JobHistory
    stall_after: timedelta


@dataclass(frozen=True, slots=True)
class DistillationDependencies(WithUploads):
    """All that the reconciler works with; ``ordering`` is what it does as reconcilers of jobs do.

    ``inputs`` is where the input of batch jobs is kept, content-addressed as datasets are. ``jitter`` spreads looks.
    ``plans`` keeps what is ordered outside of the store.
    """

    batches: Batches
    results: BatchResults
    inputs: DatasetFiles
    stored: StoredDatasets
    ordering: OrderingDependencies
    jitter: Random
    plans: PlanKeeper

    @property
    def access(self) -> Access:
        """Who may do what."""
        return self.ordering.access

    @property
    def prices(self) -> PriceBook:
        """What things cost."""
        return self.ordering.prices

    @property
    def settings(self) -> JobSettings:
        """What the operator decides."""
        return self.ordering.settings

    @property
    def cadence(self) -> Cadence:
        """How often things are looked at."""
        return self.ordering.cadence


class DistillationContext(PlanContext[DistillationSpec, DistillationStatus]):
    """One turn at one distillation."""

    def __init__(
        self, context: Context[DistillationSpec, DistillationStatus], dependencies: DistillationDependencies
    ) -> None:
        super().__init__(context)
        if context.is_new:
            context.status = DistillationStatus.of(context.spec)
        self._dependencies = dependencies

    @property
    def plan(self) -> DistillationPlan:
        """What was asked for, frozen."""
        return self.spec.plan

    @property
    def purchase(self) -> DistillationPurchase:
        """What distillations tell of themselves as something that is bought."""
        return DistillationPurchase(self._dependencies.prices, self._dependencies.settings)

    @property
    def access(self) -> Access:
        """Who may do what."""
        return self._dependencies.access

    @property
    def view(self) -> DistillationView:
        """The distillation as people see it."""
        return distill_view(self.spec, self.status)

    # Messages

    @property
    def thread(self) -> str | None:
        """The thread in which it is told: the one it was asked in, or its card's own."""
        return self.spec.thread_ts or thread_of(self.context, CARD)

    def render(self, card: object) -> Message:
        """Return the card as a message."""
        return self._dependencies.renderer.render(card)

    @property
    def is_started(self) -> bool:
        """Whether its card shows what is done, and no longer a plan that people decide on, or decided against."""
        return self.status.phase not in PLANNING

    @property
    def live(self) -> str:
        """The name of the message that shows it while it runs."""
        return _SECOND_CARD if entry_of(self.context, _SECOND_CARD).state != ABSENT else CARD

    def say(self, name: str, card: object, *, live: bool = False) -> str | None:
        """Post the card in the thread, once, and return its timestamp; keep a ``live`` one up to date."""
        message = self.render(card)
        ts = self._dependencies.outbox.post_once(
            self.context,
            name,
            message,
            channel=self.plan.channel,
            thread_ts=self.thread,
            since=self.spec.asked_at,
            owner=concerned(card, self.plan.owner),
        )
        if live:
            status = self.status
            is_card = name == self.live and self.is_started
            stop = f"{self.spec.stop is not None}|{self.spec.ending is not None}"
            gist = f"{status.phase}|{stop}|{status.explanation}|{status.mend}" if is_card else ""
            self._dependencies.outbox.show(
                self.context, name, message, may_wait=True, often=is_card, gist=gist
            )
        return ts
