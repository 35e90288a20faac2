"""A sweep: the same job several times, with one hyperparameter varied; agreed to, or not, as a whole.

(A *sweep* in the words of ``/tune sweep``, and as a kind of resource.)
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from bot.jobs.model import JobPlan, Phase
from bot.jobs.record import SWEEP, Instead
from bot.jobs.terms import Terms
from bot.models.model import Lifecycle
from bot.spending.model import Check
from bot.spending.record import PurchaseSchema, PurchaseSpec
from bot.wording import Said

KIND = SWEEP
"""The kind of resource in the work queue; its ID is the sweep's."""

MOST = 20
"""Jobs in one sweep. What is over the account's quota waits its turn."""


class SweepPhase(StrEnum):
    """Where a sweep stands. Its jobs have phases of their own."""

    PLANNED = "planned"
    AWAITING_APPROVAL = "awaiting approval"
    APPROVED = "started"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    """All of them together do not fit into a budget."""


TABLE: dict[SweepPhase, frozenset[SweepPhase]] = {
    SweepPhase.PLANNED: frozenset(
        {SweepPhase.AWAITING_APPROVAL, SweepPhase.APPROVED, SweepPhase.CANCELLED, SweepPhase.REFUSED}
    ),
    SweepPhase.AWAITING_APPROVAL: frozenset(
        {SweepPhase.APPROVED, SweepPhase.DECLINED, SweepPhase.CANCELLED, SweepPhase.REFUSED}
    ),
}


@dataclass(frozen=True, slots=True)
class SweepRow:
    """One job of a sweep: its value of the hyperparameter, its names and what it costs at most."""

    value: str
    job_name: str
    model_name: str
    cost: str
    job_id: str = ""
    phase: Phase | None = None
    """Where it stands; None: it is not there yet."""
    training_loss: float | None = None
    validation_loss: float | None = None
    is_lost: bool = False
    """Whether nothing can be told of it: what is kept of it cannot be read, or is gone."""


@dataclass(frozen=True, slots=True)
class Result:
    """How a job of a sweep ended. The store keeps what is over for a week, and a sweep may take longer."""

    phase: Phase
    training_loss: float | None = None
    validation_loss: float | None = None
    spent: Decimal | None = None
    """What it cost in US dollars; None: that is not known."""
    curve: str = ""
    """The picture of its losses, by the ID that Slack has it by, and what it shows in words; empty: there is none."""
    in_words: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A value that is not trained with, since a job exists already that is."""

    value: str
    job_name: str


@dataclass(frozen=True, slots=True)
class SweepSpec(PurchaseSpec):
    """What people want: the plans, and what they cost together."""

    hyperparameter: str
    plans: tuple[JobPlan, ...]
    """Those that start: fewer than were proposed, when one of them was started otherwise since."""
    usd: Decimal | None
    """What all of them cost at most, when it was proposed; None: nobody knows."""
    needs_approval: str
    own_is_fine: bool
    terms: tuple[Terms, ...] = ()
    """What each of the plans was offered for, in their order; none for a sweep from before that was kept."""
    left_out: tuple[LeftOut, ...] = ()
    source: str = ""
    """The job or dataset that it was made from, as it was asked for; empty in one from before that was kept."""
    instead: Instead | None = None
    """On which base it is to be planned in its place; None: it is wanted as it is."""

    @property
    def id(self) -> str:
        """The short digest of the plans together, as they are proposed: the sweep keeps it."""
        return hashlib.sha256("".join(each.digest for each in self.plans).encode()).hexdigest()[:12]

    @property
    def first(self) -> JobPlan:
        """The plan that stands for all: they differ in names and one value."""
        return self.plans[0]


@dataclass(slots=True)
class SweepStatus:
    """What has been done. ``phase`` is written by ``advance`` alone."""

    round: int = 1
    phase: SweepPhase = SweepPhase.PLANNED
    lifecycle: Lifecycle | None = None
    preflight: tuple[Check, ...] = ()
    overlap: Check | None = None
    """What the validation set has in common with the training set, once they were compared."""
    checked_at: datetime | None = None
    rechecked: datetime | None = None
    """Somebody's wish to have it checked again that was answered last, by its time."""
    recheck_in: float | None = None
    asked: tuple[str, ...] = ()
    """Who was asked last to approve it, by ID (``bot.spending.asking``)."""
    asked_at_usd: str | None = None
    """At what figure, as text; empty: one that nobody knows. None: nobody was asked."""
    explanation: Said = ""
    is_whole: bool = False
    """Whether what another had started in the moment of its start was left out: from then on its jobs are its own."""
    ended_at: datetime | None = None
    """When the last of its jobs was seen to be over, by our clock."""
    ping: bool | None = None
    """Whether its end mentions the owner, once that is decided."""
    results: dict[str, Result] = field(default_factory=dict)
    """How those of its jobs ended that have, by their IDs."""
    lost_since: datetime | None = None
    """Since when nothing can be told of some of its jobs, by our clock; None: all can be read."""
    planned_anew: str = ""
    """The sweep on another base that has come in its place, by its ID; empty: none has."""

    @property
    def blocked(self) -> Check | None:
        """The first check that fails, or None when the jobs can start."""
        return next((each for each in self.preflight if not each.ok), None)


def advance(status: SweepStatus, to: SweepPhase) -> bool:
    """Move the sweep to ``to`` and return whether that changed anything; a forbidden move changes nothing."""
    if to not in TABLE.get(status.phase, frozenset()):
        return False
    status.phase = to
    return True


SCHEMA = PurchaseSchema(KIND, SweepSpec, SweepStatus)
