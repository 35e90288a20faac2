"""A series: the same job several times, with one hyperparameter varied; agreed to, or not, as a whole.

(A *sweep* in the words of ``/tune sweep``; the kind of thing of that name looks for what was left running.)
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from bot.errors import Refused
from bot.jobs.model import JobPlan
from bot.models.model import Lifecycle
from bot.names import next_free
from bot.profiles import registry
from bot.profiles.hyperparameters import parse
from bot.spending.model import Check
from bot.spending.votes import Votes
from bot.wording import Said

KIND = "sweep"
"""The kind of thing in the due-set; its ID is the series'."""

MOST = 20
"""Jobs in one series. What is over the account's quota waits its turn."""


class SweepPhase(StrEnum):
    """Where a series stands. Its jobs have phases of their own."""

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
    """One job of a series: its value of the hyperparameter, its names and what it costs at most."""

    value: str
    job_name: str
    model_name: str
    cost: str


@dataclass(frozen=True, slots=True)
class SweepSpec:
    """What people want: the plans, what they cost together, and the presses that counted."""

    hyperparameter: str
    plans: tuple[JobPlan, ...]
    asked_at: datetime
    usd: Decimal | None
    """What all of them cost at most, when it was proposed; None: nobody knows."""
    needs_approval: str
    own_is_fine: bool
    thread_ts: str | None = None
    presses: Votes = field(default_factory=Votes)
    recheck: datetime | None = None
    round: int = 1
    v: int = 1

    @property
    def id(self) -> str:
        """The short digest of the plans together."""
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
    checked_at: datetime | None = None
    recheck_in: float | None = None
    explanation: Said = ""

    @property
    def blocked(self) -> Check | None:
        """The first check that fails, or None when the jobs can start."""
        return next((each for each in self.preflight if not each.ok), None)


def advance(progress: SweepStatus, to: SweepPhase) -> bool:
    """Move the series to ``to`` and return whether that changed anything; a forbidden move changes nothing."""
    if to not in TABLE.get(progress.phase, frozenset()):
        return False
    progress.phase = to
    return True


def varied(
    plan: JobPlan, hyperparameter: str, values: Sequence[str], jobs: Collection[str], models: Collection[str]
) -> tuple[JobPlan, ...]:
    """Return the plan once for each value, under names that are free.

    Args:
        plan: what all have in common.
        hyperparameter: the API's own name.
        values: as people wrote them.
        jobs: job names that are taken.
        models: model names that are taken.

    Raises:
        Refused: a value is wrong or stands there twice, or there are too few or too many.
    """
    parameter = registry.get(plan.profile).hyperparameter(hyperparameter)
    assert parameter is not None, hyperparameter
    wanted = [parse(parameter, each) for each in values]
    twice = next((each for each in wanted if wanted.count(each) > 1), None)
    if twice is not None:
        raise Refused(
            f"{hyperparameter} = {twice} stands there twice.", hint="Each value is one job: once is enough."
        )
    if not 2 <= len(wanted) <= MOST:
        raise Refused(
            f"A sweep has 2 to {MOST} values, and there are {len(wanted)}.",
            hint="Write them as `epochCount=2,4,6`; for one value use `/tune again`.",
        )
    made: list[JobPlan] = []
    for value in wanted:
        job = next_free(plan.job_name, {*jobs, *(each.job_name for each in made)})
        model = next_free(plan.model_name, {*models, *(each.model_name for each in made)})
        values_of = {**plan.hyperparameters, hyperparameter: value}
        made.append(replace(plan, job_name=job, model_name=model, hyperparameters=values_of))
    return tuple(made)
