"""What is shown about jobs. A card is a frozen value; ``handlers.ui`` draws it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.jobs.history import TimeRange
from bot.jobs.model import Elsewhere, JobPlan, Phase, Stage
from bot.jobs.stalls import Settled, Stall
from bot.models.model import Lifecycle
from bot.pricing.model import Quote, TrainingEstimate
from bot.spending import undo
from bot.spending.cards import CannotStop, Care, Declined, PlanEvent, StopAsked
from bot.spending.model import Check, Decision
from bot.spending.votes import MadeWay
from bot.wording import Said

Which = Literal["mine", "all", "running"]


@dataclass(frozen=True, slots=True)
class PlanCard:
    """The frozen plan with its price, before anything is spent. Has *Start* and *Cancel* while it is open.

    ``needs_approval`` is why an approver has to agree (empty when nobody has to).
    """

    plan: JobPlan
    training: TrainingEstimate
    storage_month: Quote
    serving_hour: Quote | None
    lifecycle: Lifecycle
    preflight: tuple[Check, ...]
    needs_approval: str
    decision: Decision
    decided_by: str | None = None
    is_undoable: bool = False
    """Whether it was called off just now, which *Keep* takes back."""
    steps: tuple[int, int] | None = None
    """Training steps in an epoch and in all, for a base that tells its batch size."""
    takes: TimeRange | None = None
    """How long it takes from its start to its end, by this account's own history."""
    advice: tuple[str, ...] = ()
    approvers: tuple[str, ...] = ()
    """Who may agree, once that was asked for."""
    instead: str = ""
    """The base that it is being planned on in its place, once its dataset is converted; empty: none."""
    is_planned_anew: bool = False
    """Whether that plan is there."""
    made_way: MadeWay = MadeWay.NONE
    """What has taken its place, where it was called off for that."""


@dataclass(frozen=True, slots=True)
class JobHandedOver:
    """A job is in another's care now. ``has_ended``: how it ended was told before, and its model is what is left."""

    name: str
    care: Care
    has_ended: bool = False


@dataclass(frozen=True, slots=True)
class JobView:
    """A job as a person sees it. ``explanation`` and ``mend`` are for a failure.

    ``created``, ``ended``, ``seen_at`` and those of the stages are Bedrock's times, of which only how far they are
    apart is shown; ``as_of`` is when the bot saw it, by the clock of its readers.
    """

    id: str
    name: str
    model_name: str
    base: str
    dataset: str
    owner: str
    phase: Phase
    stages: tuple[Stage, ...] = ()
    hyperparameters: tuple[tuple[str, str], ...] = ()
    created: datetime | None = None
    ended: datetime | None = None
    seen_at: datetime | None = None
    as_of: datetime | None = None
    cost: str = ""
    training_loss: float | None = None
    validation_loss: float | None = None
    explanation: str = ""
    mend: str = ""
    raw_failure: str = ""
    who: str = ""
    """Who can act on a failure, in words."""
    left: TimeRange | None = None
    """How long it may still take; None while there is too little history to say."""
    started_by: str = ""
    """Who pressed *Start*, and ``approved_by`` who agreed to it; empty: nobody had to."""
    approved_by: str = ""
    stopped_by: str = ""
    """Who asked to stop it; empty: nobody did."""
    is_undoable: bool = False
    """Whether that can still be taken back."""
    ends_in: float = undo.SECONDS
    """For whoever asked to end it: seconds for which that can be taken back; 0: it is being carried out."""
    is_of_sweep: bool = False
    """Whether its thread is that of a sweep, where other jobs are told of as well."""
    may_end: bool = True
    """Whether whoever reads it may stop it. Where a channel reads it, somebody there may."""
    channel: str = ""
    thread_ts: str = ""
    """Where it is told: the first message of its thread; empty while nobody knows it."""
    link: str = ""
    """To that thread, where somebody reads of it elsewhere."""

    @property
    def elapsed(self) -> timedelta | None:
        """How long it has run by Bedrock's clock, or None before it was created."""
        if self.created is None:
            return None
        until = self.ended or self.seen_at or self.created
        return max(until - self.created, timedelta())


@dataclass(frozen=True, slots=True)
class JobCard:
    """The one message of a job from its start on: stages with their state, elapsed time, cost. *Stop* while it runs."""

    view: JobView
    is_live: bool = False
    """Whether it is its live message, which leaves the end to the message that tells it."""


@dataclass(frozen=True, slots=True)
class PictureNotShown:
    """The picture of the losses could not be shared, and why."""

    why: Said


JobEvent = PictureNotShown | Declined | StopAsked | CannotStop | PlanEvent


@dataclass(frozen=True, slots=True)
class JobMilestone:
    """A short reply in the job's thread: what happened."""

    view: JobView
    event: JobEvent


@dataclass(frozen=True, slots=True)
class CurvePicture:
    """The curve of the losses as a picture that Slack has, by its ID, and what it shows in words."""

    file: str
    in_words: str


@dataclass(frozen=True, slots=True)
class JobEnded:
    """The end, as a new message that mentions the owner, with the next steps as buttons.

    ``verdict`` is what the losses say and ``rule`` why; ``note`` is what of them is missing. ``cost`` is what training
    cost beside the estimate. ``again`` is how many epochs another run should have, None when there is no reason.
    """

    view: JobView
    verdict: str = ""
    rule: str = ""
    note: str = ""
    cost: str = ""
    again: int | None = None
    ping: bool = True
    """Whether the owner is mentioned: not while they want quiet."""
    curve: CurvePicture | None = None


@dataclass(frozen=True, slots=True)
class JobNews:
    """The end of a job, told to one person directly: ``why`` says why to them."""

    view: JobView
    channel: str
    verdict: str
    why: str


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What is to be known of a model for as long as it is used: pinned in the job's thread.

    ``dataset_sha256`` is the digest of the records it was trained on, ``plan_digest`` that of the whole plan.
    ``started_by`` and ``approved_by`` are Slack users; nobody had to approve when the latter is None.
    """

    view: JobView
    dataset_sha256: str
    records: int
    plan_digest: str
    started_by: str
    approved_by: str | None
    verdict: str
    best_epoch: int | None
    cost: str
    validation_dataset: str | None = None


@dataclass(frozen=True, slots=True)
class JobStalled:
    """A stage has not moved for longer than usual: *Keep waiting* and *Stop* until it is ``settled``.

    ``trains``: training has begun, which is billed.
    """

    view: JobView
    stall: Stall
    trains: bool
    settled: Settled | None = None


@dataclass(frozen=True, slots=True)
class JobsStalled:
    """Several jobs of one person have not moved for longer than usual since the same minutes: their ``names``."""

    owner: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JobList:
    """``/tune jobs``."""

    views: tuple[JobView, ...]
    filter: str
    elsewhere: tuple[Elsewhere, ...] = ()
    """Jobs of the account that were made elsewhere, and are not followed."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class JobRecovered:
    """The store had forgotten a job, which is followed again in its channel; with its plan, or without."""

    name: str
    region: str
    channel: str
    with_plan: bool


@dataclass(frozen=True, slots=True)
class ModelRecovered:
    """The store had forgotten a model, which can be served and asked again; with its plan, or without."""

    name: str
    region: str
    with_plan: bool
