"""What a teacher's module says, and the pages that it says it by."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.profiles.model import Price, PriceKind

BATCH_SUPPORTED = "https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-supported.html"
"""Which models take batch jobs in which regions, and under which ID: read on 2026-11-22."""

EAST, WEST = "us-east-1", "us-west-2"


@dataclass(frozen=True, slots=True)
class Teacher:
    """One model that answers in batch.

    Attributes:
        name: What people call it in commands and in TUNESMITH_PRICES.
        label: Its full name.
        provider: Whose terms are to be read before a model is trained on what it says.
        foundation_id: The model itself, whose life Bedrock tells.
        regions: The ID that a batch job is given, by the region in which the job runs. Some models are reached
            through an inference profile only, whose ID begins with ``us.``.
        source: The page that says so.
        prices: On demand, for one million tokens. A batch costs a part of it (``bot.distillations.estimates``).
    """

    name: str
    label: str
    provider: str
    foundation_id: str
    regions: Mapping[str, str]
    source: str = BATCH_SUPPORTED
    prices: tuple[Price, ...] = ()

    def price(self, kind: PriceKind) -> Price | None:
        """Return the published price of that kind, or None: unknown prices are never invented."""
        return next((each for each in self.prices if each.kind == kind), None)
