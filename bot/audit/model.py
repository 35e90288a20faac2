"""What is kept of publishing the audit."""

from dataclasses import dataclass

from bot.controller.model import Registration
from bot.controller.schema import OfRegion, schema_of_region

KIND = "seal"


@dataclass(slots=True)
class SealStatus:
    """How far it is published. Times are the store's."""

    number: int = 0
    """Of the last entry that is."""
    code: str = ""
    at: float | None = None
    """When that was."""
    broken: str = ""
    """What was found wrong with the last segment: nothing is cut then."""


SCHEMA = schema_of_region(KIND, SealStatus)


def registration(region: str) -> Registration:
    """Return the publishing in a region's bucket, which stands for as long as a process runs."""
    return SCHEMA.wanted(region, OfRegion(region))
