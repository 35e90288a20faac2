"""A model's deletion."""

from dataclasses import replace
from decimal import Decimal

from bot.deletions.cards import DeletionQuestion, DeletionRefused, ModelDeleted
from bot.pricing.model import Quote
from bot.profiles.model import PriceKind
from handlers.ui.example_values import CHANNEL, COLLEAGUE, OTHER_CHANNEL, TRAINER
from handlers.ui.examples import Examples

_STORAGE = Quote(PriceKind.STORAGE, Decimal("1.95"), "aws.amazon.com/bedrock/pricing, as of 2026-11-22")
_FREE = DeletionQuestion("claims-router", "claims-router", "0" * 20, _STORAGE)

EXAMPLES: Examples = {
    "deletion, nothing hangs on it": _FREE,
    "deletion, shared and renamed": replace(
        _FREE,
        at_bedrock="claims-20261129",
        channels=(CHANNEL, OTHER_CHANNEL),
        former=("claims-20261129",),
        aliases=(("support", "claims-v3"),),
        planned=1,
        made_from_it=("claims-router-2",),
    ),
    "deletion, in use": replace(_FREE, leases=(COLLEAGUE,), jobs=("claims-further",), hidden_jobs=2),
    "deletion, done": ModelDeleted("claims-router", TRAINER, _STORAGE),
    "deletion, refused": DeletionRefused(
        "claims-router",
        TRAINER,
        "Something at Bedrock still uses this model: throughput, a deployment, or a job. End that first.",
    ),
}
