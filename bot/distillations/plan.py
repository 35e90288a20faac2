"""Plans to have prompts answered, what a file of prompts came to, and what Bedrock says of a batch job."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from bot.pricing.model import Quote
from bot.spending.digest import digest_of
from bot.spending.model import Offer

LEAST_RECORDS = 100
"""Records that a batch job must have: the default of the quota *Minimum number of records per batch inference job*,
which is set for each model and can be changed for some. Bedrock itself has the last word."""

MOST_RECORDS = 50_000
"""Records that a batch job may have: the default of the quota *Records per batch inference job*."""

MOST_BYTES = 1024**3
"""Bytes of a file of prompts as it is sent: the quota *Batch inference input file size*, which cannot be raised."""

ANSWER_TOKENS = 1024
"""Tokens that an answer may have when nobody says otherwise."""


class DistillationPhase(StrEnum):
    """Where it stands, from the request to the dataset. Transitions are in ``bot.distillations.transitions``."""

    READING = "reading the prompts"
    PLANNED = "planned"
    AWAITING_APPROVAL = "awaiting approval"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    STARTING = "starting"
    REFUSED = "refused"
    """The file or the request cannot be used, or Bedrock would not take it."""
    WAITING = "waiting in Bedrock's queue"
    RUNNING = "answering"
    STOPPING = "stopping"
    COLLECTING = "collecting the answers"
    COMPLETED = "completed"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class PromptSource:
    """Where the prompts are: a file in Slack, or a stored dataset whose answers are to be replaced."""

    name: str = ""
    file_id: str = ""
    dataset_id: str = ""


@dataclass(frozen=True, slots=True)
class DistillationPlan:
    """What was asked for, frozen. ``id`` is the request's: asking again is another job, with other answers.

    ``system`` is the system prompt for prompts that have none of their own; ``max_tokens`` what an answer may have.
    """

    id: str
    job_name: str
    teacher: str
    model_id: str
    region: str
    profile: str
    """The base model that the dataset is meant for: its format, and whose rules it is judged by."""
    source: PromptSource
    role_arn: str
    output_uri: str
    owner: str
    channel: str
    system: str | None = None
    max_tokens: int = ANSWER_TOKENS


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Prompts or answers that are not taken, for one reason; ``rows`` are the first ten, as in the file."""

    reason: str
    count: int
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tokens:
    """An estimate: no public tokenizer counts these models'."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that a teacher was billed for, as its answers tell them.

    ``untold`` is how many answers there are, or were by Bedrock's count, of which nobody says what was billed.
    """

    tokens_in: int
    tokens_out: int
    untold: int = 0


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the file of prompts came to: the input that Bedrock will read lies at ``input_uri`` already."""

    name: str
    prompts_sha256: str
    input_uri: str
    bytes: int
    records: int
    left_out: tuple[LeftOut, ...]
    input_tokens: Tokens
    output_tokens: Tokens
    """``least`` is what the answers that are replaced had, 0 when there were none; ``most`` what the plan allows."""


@dataclass(frozen=True, slots=True)
class DistillationTerms:
    """What it was offered for, frozen with the plan."""

    per_1m_input: Quote
    per_1m_output: Quote
    least: Decimal | None
    most: Decimal | None
    needs_approval: str
    """Why an approver has to agree; empty when nobody has to."""
    own_is_fine: bool = False

    @property
    def offer(self) -> Offer:
        """What it comes to: at most how much, and who has to agree."""
        return Offer(self.most, self.needs_approval, self.own_is_fine)


@dataclass(frozen=True, slots=True)
class BatchOrder:
    """Everything that is sent to Bedrock, frozen. Its digest is the ``clientRequestToken``."""

    name: str
    region: str
    model_id: str
    role_arn: str
    input_uri: str
    output_uri: str

    @property
    def digest(self) -> str:
        """The SHA-256 of the order as canonical JSON, in hexadecimal."""
        return digest_of(self)


def order_of(plan: DistillationPlan, prepared: Prepared) -> BatchOrder:
    """Return what is sent for a plan whose prompts were read."""
    return BatchOrder(
        plan.job_name, plan.region, plan.model_id, plan.role_arn, prepared.input_uri, plan.output_uri
    )


@dataclass(frozen=True, slots=True)
class BatchObservation:
    """What Bedrock says of a batch job. ``seen_at`` is Bedrock's own clock; counts are None until it tells them."""

    name: str
    arn: str
    status: str
    """Bedrock's word, one of the keys of ``PHASES``."""
    submitted: datetime
    seen_at: datetime
    ended: datetime | None = None
    message: str | None = None
    client_token: str | None = None
    total: int | None = None
    processed: int | None = None
    failed: int | None = None


@dataclass(frozen=True, slots=True)
class DescribedBatch:
    """How a batch job was made, as Bedrock tells it."""

    model_id: str
    role_arn: str
    input_uri: str
    output_uri: str


PHASES: Mapping[str, DistillationPhase] = {
    "Submitted": DistillationPhase.WAITING,
    "Validating": DistillationPhase.WAITING,
    "Scheduled": DistillationPhase.WAITING,
    "InProgress": DistillationPhase.RUNNING,
    "Stopping": DistillationPhase.STOPPING,
    "Stopped": DistillationPhase.COLLECTING,
    "Completed": DistillationPhase.COLLECTING,
    "PartiallyCompleted": DistillationPhase.COLLECTING,
    "Expired": DistillationPhase.COLLECTING,
    "Failed": DistillationPhase.FAILED,
}
"""Bedrock's words; what ended without being finished may have left answers, which are paid for and so are kept."""


OVER = frozenset(
    word
    for word, phase in PHASES.items()
    if phase in (DistillationPhase.COLLECTING, DistillationPhase.FAILED)
)
"""Bedrock's words for a batch job that does nothing any more."""


def phase_of(seen: BatchObservation) -> DistillationPhase:
    """Return the phase; a word of tomorrow counts as still running."""
    return PHASES.get(seen.status, DistillationPhase.RUNNING)
