"""The durable kind of models' deletions."""

from typing import Protocol

from bot.clock import Clock
from bot.controller.context import Reconciler
from bot.controller.kind import Called, Kind
from bot.controller.outbox.effects import OUTBOX
from bot.controller.outbox.messages import Outbox
from bot.controller.ports import Renderer, ResourceStore
from bot.deletions.context import DeletionDependencies
from bot.deletions.model import SCHEMA, DeletionSpec, DeletionStatus
from bot.deletions.reconciler import DELETE_MODEL, FORGET_MODEL, DeletionReconciler
from bot.jobs.ports import Customization
from bot.models.ports import ModelRepository
from bot.pricing.book import PriceBook


class Needs(Protocol):
    """What models are deleted with."""

    customization: Customization
    models: ModelRepository
    store: ResourceStore
    prices: PriceBook
    outbox: Outbox
    renderer: Renderer
    clock: Clock


def _deletion(ports: Needs) -> Reconciler[DeletionSpec, DeletionStatus]:
    return DeletionReconciler(
        DeletionDependencies(
            customization=ports.customization,
            models=ports.models,
            store=ports.store,
            prices=ports.prices,
            outbox=ports.outbox,
            renderer=ports.renderer,
            clock=ports.clock,
        )
    )


KINDS = (
    Kind(
        schema=SCHEMA,
        build=_deletion,
        called=Called("deletion", "deletions"),
        wanted="this model gone",
        done="look what uses it, delete it by ARN, read that back, forget it, tell it",
        effects=(*OUTBOX, DELETE_MODEL, FORGET_MODEL),
        billed="Its storage is billed until it is gone.",
        is_waited_for=True,
    ),
)
