"""What people see of a hyperparameter sweep, as values."""

from dataclasses import dataclass, field
from decimal import Decimal

from bot.jobs.cards import CurvePicture
from bot.jobs.model import JobPlan
from bot.models.model import Lifecycle
from bot.pricing.model import Quote
from bot.spending.model import Check, Decision
from bot.spending.votes import MadeWay
from bot.sweeps.model import LeftOut, SweepRow
from bot.wording import Said


@dataclass(frozen=True, slots=True)
class SweepCard:
    """A sweep: jobs with one hyperparameter varied, from its plan to the end of the last of them.

    ``plan`` is the first; ``cost`` is that of all together.
    """

    id: str
    plan: JobPlan
    hyperparameter: str
    rows: tuple[SweepRow, ...]
    cost: str
    usd: Decimal | None
    """What all of them are offered for: *Start* agrees to no more."""
    lifecycle: Lifecycle
    preflight: tuple[Check, ...]
    needs_approval: str
    decision: Decision
    decided_by: str | None = None
    is_undoable: bool = False
    """Whether it was called off just now, which *Keep* takes back."""
    refused: str = ""
    """Why none of them was started, although that was decided."""
    approvers: tuple[str, ...] = ()
    """Who may agree, once that was asked for."""
    left_out: tuple[LeftOut, ...] = ()
    """Values that were wanted, and for which a job exists already: they start nothing and cost nothing here."""
    can_be_changed: bool = True
    """Whether it is known what it was made from."""
    instead: str = ""
    """The base that it is being planned on in its place, once its dataset is converted; empty: none."""
    is_planned_anew: bool = False
    """Whether that sweep is there."""
    made_way: MadeWay = MadeWay.NONE
    """What has taken its place, where it was called off for that."""
    storage: tuple[Quote, ...] = field(kw_only=True)
    """What storing each of the models costs a month."""


@dataclass(frozen=True, slots=True)
class SweepEnded:
    """The end of all jobs, as a new message that mentions the owner, with the next steps as buttons."""

    owner: str
    hyperparameter: str
    rows: tuple[SweepRow, ...]
    best: SweepRow | None
    """The lowest validation loss; None: there is none to compare by."""
    cost: str
    """What all of them cost, beside what was agreed to."""
    ping: bool
    curve: CurvePicture | None = None
    """Of the best."""
    why: str = ""
    """Why one person is told directly; empty in the channel."""
    base: str = ""
    """What all of them are tuned from."""
    held_out: int | None = None
    """By how many records they are compared; None: there are none, or nobody knows how many."""


@dataclass(frozen=True, slots=True)
class SweepRefused:
    """Why none of its jobs was started, for whoever planned it."""

    owner: str
    why: Said


@dataclass(frozen=True, slots=True)
class JobsLost:
    """For the operators: a sweep has ended without jobs of which nothing can be told. ``jobs`` are their names.

    In a channel in which others read along, whose and where it was is empty, and ``jobs`` are their IDs.
    """

    hyperparameter: str
    channel: str
    owner: str
    jobs: tuple[str, ...]
