"""The durable kind that holds the account against what is known."""

from random import Random
from typing import Protocol

from bot.account.reconciler import KIND, AccountDependencies, AccountReconciler, registration
from bot.clock import Clock
from bot.controller.context import Reconciler
from bot.controller.kind import Called, Kind
from bot.controller.outbox.messages import Outbox
from bot.controller.ports import Messages, ResourceStore
from bot.controller.schema import schema_of_region
from bot.distillations.ports import Batches
from bot.jobs.model import JobSettings
from bot.jobs.ports import Customization
from bot.leases.ports import Endpoints
from bot.models.ports import ModelRepository
from bot.pricing.book import PriceBook
from bot.spending.archive import PlanKeeper


class Needs(Protocol):
    """What the account is looked at with."""

    customization: Customization
    endpoints: Endpoints
    batches: Batches
    models: ModelRepository
    plans: PlanKeeper
    messages: Messages
    store: ResourceStore
    prices: PriceBook
    settings: JobSettings
    outbox: Outbox
    clock: Clock
    random: Random
    hears: tuple[str, ...]


def _account(ports: Needs) -> Reconciler:
    return AccountReconciler(
        AccountDependencies(
            customization=ports.customization,
            endpoints=ports.endpoints,
            batches=ports.batches,
            models=ports.models,
            plans=ports.plans,
            messages=ports.messages,
            store=ports.store,
            prices=ports.prices,
            settings=ports.settings,
            outbox=ports.outbox,
            clock=ports.clock,
            random=ports.random,
            hears=ports.hears,
        )
    )


KINDS = (
    Kind(
        schema=schema_of_region(KIND),
        build=_account,
        called=Called("look at the AWS account", "looks at the AWS account"),
        wanted="nothing left running, or forgotten, by accident",
        done=(
            "list by tags; follow again what Redis forgot, by the plan that S3 has of it; release what is overdue, "
            "tell it"
        ),
        billed=(
            "What was forgotten and still runs in the AWS account is not found meanwhile, and is billed: look for it "
            "in the Bedrock console."
        ),
        ends_spending=lambda _spec, _status: True,
        standing=lambda regions: [registration(region) for region in regions],
    ),
)
