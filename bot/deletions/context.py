"""What a deletion's reconciler works with."""

from typing import Protocol

from bot.clock import Clock
from bot.controller.outbox.messages import Outbox
from bot.controller.ports import Renderer, ResourceStore
from bot.jobs.ports import Customization
from bot.models.ports import ModelRepository
from bot.pricing.book import PriceBook


class DeletionDependencies(Protocol):
    """Among the ports: Bedrock, where models and resources are kept, and Slack."""

    customization: Customization
    models: ModelRepository
    store: ResourceStore
    prices: PriceBook
    outbox: Outbox
    renderer: Renderer
    clock: Clock
