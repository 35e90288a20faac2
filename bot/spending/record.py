"""What is kept of anything that is bought: what the specs and statuses of all kinds have."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from bot.controller.model import Resource
from bot.controller.schema import Schema
from bot.spending.votes import Votes
from bot.wording import Said


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseSpec:
    """What people want, whatever is bought: the votes that counted, and another look. Written by services only."""

    asked_at: datetime
    thread_ts: str | None = None
    round: int = 1
    """Counts how often the same plan was proposed: one that came to nothing may be proposed again."""
    votes: Votes = field(default_factory=Votes)
    recheck: datetime | None = None
    """Somebody wants its checks done again: something was mended, or it has become dearer."""
    v: int = 1


@dataclass(slots=True, kw_only=True)
class PurchaseStatus:
    """What has been done about anything that is made at AWS. Written by whoever holds the resource's lease."""

    round: int = 1
    intent_at: datetime | None = None
    """When it was written down that it is about to be created."""
    asked_for: bool = False
    """Whether AWS was asked to create it, and it may be there: until then nothing was bought."""
    missing_since: datetime | None = None
    """Since when AWS has not known what was made, without a break; None while it does (``bot.spending.missing``)."""
    role_refused_at: datetime | None = None
    """When AWS could first not take the role, which may pass by itself."""
    asked: tuple[str, ...] = ()
    """Who was asked last to approve it, by ID (``bot.spending.asking``)."""
    asked_at_usd: str | None = None
    """At what figure, as text; empty: one that nobody knows. None: nobody was asked."""
    explanation: Said = ""
    mend: str = ""
    raw_failure: str = ""
    """The service's own words."""
    accounted: bool = False
    """Whether the ledger knows what it cost in the end."""


class PlanStatus(Protocol):
    """What has been done about a plan."""

    round: int
    explanation: Said
    asked: tuple[str, ...]
    asked_at_usd: str | None

    @property
    def phase(self) -> StrEnum:
        """Where it stands."""


S = TypeVar("S", bound=PurchaseSpec)
T = TypeVar("T", bound=PlanStatus)


class PurchaseSchema(Schema[S, T]):
    """How a kind that is bought is read: of a new round nothing has been done, whatever was before it."""

    __slots__ = ()

    def status_of(self, resource: Resource) -> T:
        """Return what was done about one in its round."""
        found, wanted = super().status_of(resource), int(resource.spec.get("round", 1))
        if found.round != wanted:
            found = self.status()
            found.round = wanted
        return found
