"""A distillation as it is kept: ``DistillSpec`` is what is wanted, ``DistillProgress`` what has been done about it."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.distilling.model import (
    BatchObservation,
    BatchOrder,
    DistillPhase,
    DistillPlan,
    DistillTerms,
    LeftOut,
    Prepared,
    Usage,
    order_of,
)
from bot.jobs.model import Check
from bot.jobs.record import Wish
from bot.pricing.decisions import Presses

KIND = "distill"
"""The kind of thing in the due-set; its ID is the plan's."""


@dataclass(frozen=True, slots=True)
class DistillSpec:
    """What people want: the plan, and the presses that counted. Written by the desk only."""

    plan: DistillPlan
    asked_at: datetime
    thread_ts: str | None = None
    presses: Presses = field(default_factory=Presses)
    stop: Wish | None = None
    recheck: datetime | None = None
    """Somebody wants the checks done again, since something was mended."""
    v: int = 1


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
class DistillProgress:
    """What has been done. Written by whoever holds the lease; ``phase`` only by ``transitions.advance``."""

    phase: DistillPhase = DistillPhase.READING
    prepared: Prepared | None = None
    terms: DistillTerms | None = None
    checks: tuple[Check, ...] = ()
    checked_at: datetime | None = None
    intent_at: datetime | None = None
    """When it was written down that the job is about to be created."""
    arn: str | None = None
    observation: BatchObservation | None = None
    missing_since: datetime | None = None
    """Since when Bedrock has not known the job, without a break; None while it does."""
    stop_sent: bool = False
    collected: Collected | None = None
    accounted: bool = False
    """Whether the ledger knows what it cost in the end."""
    explanation: str = ""
    mend: str = ""
    raw_failure: str = ""

    @property
    def blocked(self) -> Check | None:
        """The first check that fails, or None when it can start."""
        return next((each for each in self.checks if not each.ok), None)

    def order(self, plan: DistillPlan) -> BatchOrder:
        """Return what is sent to Bedrock; the prompts have been read by then."""
        assert self.prepared is not None
        return order_of(plan, self.prepared)
