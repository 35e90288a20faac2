"""What a deletion's reconciler works with."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.controller.outbox.messages import Outbox
from bot.controller.ports import Renderer, ResourceStore
from bot.jobs.ports import Customization
from bot.models.ports import ModelRepository
from bot.pricing.book import PriceBook


@dataclass(frozen=True, slots=True)
class DeletionDependencies:
    """Bedrock, where models and resources are kept, and Slack."""

    customization: Customization
    models: ModelRepository
    store: ResourceStore
    prices: PriceBook
    outbox: Outbox
    renderer: Renderer
    clock: Clock
