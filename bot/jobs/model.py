"""Plans, jobs and custom models."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from bot.profiles.model import Term
from bot.spending.digest import digest_of


@dataclass(frozen=True, slots=True)
class Described:
    """What Bedrock tells of how a job was made."""

    base_model: str
    """The ARN of what it trains: a foundation model, or a custom model."""
    model_name: str
    role_arn: str
    training_uri: str
    output_uri: str
    hyperparameters: Mapping[str, str]
    validation_uri: str | None = None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A job that was made elsewhere, as a list shows it."""

    region: str
    name: str
    status: str
    age: timedelta
    """Since it was made, when it was seen: both by Bedrock's clock."""
    trouble: str = ""
    """Why it cannot be followed."""


_LATER = frozenset({"validation_records", "base_model_name", "known_as"})
"""Members of a plan that were added after plans had been kept."""


@dataclass(frozen=True, slots=True)
class JobPlan:
    """Everything that will be sent to start a job, frozen. Its digest is the ``clientRequestToken``.

    The card, the approval, the audit line and the API call all use this one value, so that what was shown is what
    is started. ``hyperparameters`` are the strings that the API takes. ``tokens`` is the estimate for one epoch.
    """

    profile: str
    base_model_id: str
    region: str
    job_name: str
    model_name: str
    role_arn: str
    dataset_id: str
    dataset_name: str
    dataset_sha256: str
    training_uri: str
    output_uri: str
    hyperparameters: Mapping[str, str]
    records: int
    tokens: int
    owner: str
    """The Slack user who planned it."""
    channel: str
    system_prompt: str | None = None
    """The one that the dataset's records have in common; it is applied when the model is asked."""
    validation_dataset_id: str | None = None
    validation_uri: str | None = None
    validation_records: int | None = None
    base_model_name: str | None = None
    """The custom model that is trained further, by name; ``base_model_id`` is its ARN then."""
    known_as: str | None = None
    """The digest of the plan as it was, where that plan is lost and this one stands for it: what it is known by in
    Bedrock, in Slack and in the store stays the same."""

    @property
    def digest(self) -> str:
        """The SHA-256 of the plan as canonical JSON, in hexadecimal: the same plan has the same digest anywhere.

        Members that came later count only when they are set: a plan from before them keeps the digest that Bedrock
        and the store know it by.
        """
        if self.known_as:
            return self.known_as
        return digest_of(self, {each for each in _LATER if getattr(self, each) is None})

    @property
    def id(self) -> str:
        """The short form of the digest by which people and keys know the job."""
        return self.digest[:12]


class Phase(StrEnum):
    """Where a job stands, from the plan to the end. Transitions are in ``bot.jobs.transitions``."""

    PLANNED = "planned"
    AWAITING_APPROVAL = "awaiting approval"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    STARTING = "starting"
    REFUSED = "refused"
    """Bedrock would not create it, or it does not fit into a budget."""
    VALIDATING = "validating"
    PROCESSING = "processing data"
    TRAINING = "training"
    STOPPING = "stopping"
    COMPLETED = "completed"
    FAILED = "failed"
    STOPPED = "stopped"


class StageState(StrEnum):
    """Bedrock's words for a stage."""

    NOT_STARTED = "NotStarted"
    IN_PROGRESS = "InProgress"
    COMPLETED = "Completed"
    STOPPING = "Stopping"
    STOPPED = "Stopped"
    FAILED = "Failed"


@dataclass(frozen=True, slots=True)
class Stage:
    """One of the three stages: Validation, Data processing, Training."""

    name: str
    state: StageState
    started: datetime | None = None
    changed: datetime | None = None


@dataclass(frozen=True, slots=True)
class JobObservation:
    """What Bedrock says of a job. ``seen_at`` is Bedrock's own clock (the reply's Date header)."""

    name: str
    arn: str
    status: str
    """InProgress, Completed, Failed, Stopping or Stopped; an unknown word counts as still running."""
    stages: tuple[Stage, ...]
    created: datetime
    seen_at: datetime
    ended: datetime | None = None
    model_arn: str | None = None
    model_name: str | None = None
    failure: str | None = None
    training_loss: float | None = None
    validation_loss: float | None = None
    client_token: str | None = None


@dataclass(frozen=True, slots=True)
class JobSettings:
    """What the operator decides about jobs. ``buckets`` maps a region to the bucket that Bedrock reads and writes."""

    role_arn: str
    buckets: Mapping[str, str]
    approval_limit: Decimal
    """US dollars up to which nobody has to approve."""
    self_approval_limit: Decimal = Decimal(0)
    """US dollars up to which an approver may approve what they asked for themselves."""
    bot: str = ""
    """What this bot is called among several in one account; it is tagged on all that it makes."""
    terms: frozenset[Term] = frozenset()
    """For which throughput may be bought."""


@dataclass(frozen=True, slots=True)
class HyperparameterField:
    """One hyperparameter in the form: the API's name, what it is filled with, its range and meaning in words."""

    name: str
    value: str
    range_text: str
    meaning: str
    needs_validation: bool = False
    """Whether it does nothing without a validation set, so that there is no use in asking for it."""


@dataclass(frozen=True, slots=True)
class StartDefaults:
    """What the form of ``/tune start`` is filled with."""

    profile: str
    job_name: str
    model_name: str
    hyperparameters: tuple[HyperparameterField, ...]
    validation_allowed: bool
    notes: tuple[str, ...] = ()
    validation_dataset: str | None = None
    """The ID of the validation set that was split off from the dataset's own file, when there is just one."""
