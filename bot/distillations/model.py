"""A distillation as it is kept: ``DistillationSpec`` is what is wanted, ``DistillationStatus`` what has been done."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.distillations.plan import (
    BatchObservation,
    BatchOrder,
    DistillationPhase,
    DistillationPlan,
    DistillationTerms,
    LeftOut,
    Prepared,
    Usage,
    order_of,
)
from bot.jobs.stalls import Stall
from bot.spending.model import Check, Request
from bot.spending.record import PurchaseSchema, PurchaseSpec, PurchaseStatus
from bot.spending.undo import Kept, Wishes
from bot.uploads.model import ScreeningStatus

KIND = "distillation"
"""The kind of resource in the work queue; its ID is the plan's."""
CARD = "plan"
"""The one message, from the plan to the end. Its thread is the distillation's, unless it was asked for in one."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What was shown when the answers were ordered. ``terms`` is None where the plan is lost."""

    prepared: Prepared
    terms: DistillationTerms | None = None
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True, slots=True)
class Recovered:
    """A batch job that the store had forgotten: when a look at the account found it, and what its start knew."""

    at: datetime
    arn: str
    offered: Offered


@dataclass(frozen=True, slots=True)
class DistillationSpec(PurchaseSpec):
    """What people want: the plan, and what becomes of it."""

    plan: DistillationPlan
    stop: Request | None = None
    kept: Kept | None = None
    """Who took a wish to stop it back."""
    waiting: Request | None = None
    """Somebody was told of a stall and keeps waiting."""
    found_again: Recovered | None = None
    """Set for one that was forgotten: its answers are never ordered again."""

    @property
    def ending(self) -> Request | None:
        """Who had it stopped, once nobody can take that back."""
        return self.stop if self.stop and self.stop.is_final else None


@dataclass(frozen=True, slots=True)
class Collected:
    """What came of the answers. ``file_name`` is the dataset's file, ``dataset_id`` empty when it was not kept."""

    file_name: str
    records: int
    left_out: tuple[LeftOut, ...]
    usage: Usage
    errors: int
    """Causes in the dataset that keep a job from starting; the upload that judges it names them."""
    dataset_id: str = ""
    unkept: str = ""
    """Why a good file was not kept, as a sentence."""


@dataclass(slots=True)
class DistillationStatus(PurchaseStatus):
    """What has been done. Written by whoever holds the lease; ``phase`` only by ``transitions.advance``."""

    phase: DistillationPhase = DistillationPhase.READING
    prepared: Prepared | None = None
    terms: DistillationTerms | None = None
    checks: tuple[Check, ...] = ()
    checked_at: datetime | None = None
    rechecked: datetime | None = None
    """Somebody's wish to have it checked again that was answered last, by its time."""
    arn: str | None = None
    observation: BatchObservation | None = None
    began: datetime | None = None
    """When it was first seen to answer, by Bedrock's clock."""
    moved: datetime | None = None
    """When it was last seen to get on, by Bedrock's clock: another state, or more records."""
    stalls: tuple[Stall, ...] = ()
    """The states of which it was told that nothing moves, at most once each."""
    ended_at: datetime | None = None
    """When its end was written down, by our clock."""
    collected: Collected | None = None
    looks: int = 0
    """How often it was looked whether Slack shows the file that is handed in."""
    screening: ScreeningStatus = field(default_factory=ScreeningStatus)

    @classmethod
    def of(cls, spec: DistillationSpec) -> "DistillationStatus":
        """Return where one begins: with reading the prompts, or, found again, with a job that Bedrock has."""
        found = spec.found_again
        if found is None:
            return cls()
        offered = found.offered
        return cls(
            phase=DistillationPhase.STARTING,
            prepared=offered.prepared,
            terms=offered.terms,
            checks=offered.checks,
            intent_at=found.at,
        )

    @property
    def blocked(self) -> Check | None:
        """The first check that fails, or None when it can start."""
        return next((each for each in self.checks if not each.ok), None)

    def order(self, plan: DistillationPlan) -> BatchOrder:
        """Return what is sent to Bedrock; the prompts have been read by then."""
        assert self.prepared is not None
        return order_of(plan, self.prepared)


SCHEMA = PurchaseSchema(KIND, DistillationSpec, DistillationStatus)
STOPS: Wishes[DistillationSpec] = Wishes(
    wish=lambda spec: spec.stop,
    put=lambda spec, wish: replace(spec, stop=wish),
    kept=lambda spec: spec.kept,
    note=lambda spec, kept: replace(spec, kept=kept),
)
"""Where its spec has the wish to stop it."""
