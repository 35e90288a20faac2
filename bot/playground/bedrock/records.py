"""What the stand-in remembers: jobs, models, throughput, deployments and batch jobs, as frozen values.

Nothing here has a status: a status follows from the record and the time (see ``progress``), so that no thread has to
move anything and a stand-in that was killed goes on as if it had been there.
"""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """A thing with an ARN, a name and a region."""

    model_config = ConfigDict(frozen=True)

    arn: str
    name: str
    region: str
    created: datetime


class JobPlan(BaseModel):
    """How a job will go if nobody stops it: lengths in simulated seconds, and the stage it fails in, if any."""

    model_config = ConfigDict(frozen=True)

    validation_seconds: float
    processing_seconds: float
    training_seconds: float
    stopping_seconds: float
    fails_in: str | None = None
    failure_message: str | None = None
    stalls: bool = False


class EpochLoss(BaseModel):
    """The validation loss after an epoch; ``step`` counts the steps taken so far, as AWS's file does."""

    model_config = ConfigDict(frozen=True)

    step: int
    epoch: int
    loss: float


class Curves(BaseModel):
    """The losses a job will report: one training loss a step, one validation loss an epoch (or none at all)."""

    model_config = ConfigDict(frozen=True)

    steps_per_epoch: int
    epochs: int
    training: list[float]
    validation: list[EpochLoss]


class Job(Record):
    """A customization job: what was asked for, how it will go, and whether its results are written."""

    model_name: str
    model_arn: str
    base_id: str
    base_arn: str
    request: dict[str, Any]
    hyper_parameters: dict[str, str]
    token: str | None
    plan: JobPlan
    curves: Curves
    stop_requested: datetime | None = None
    settled: bool = False


class CustomModel(Record):
    """The result of a completed job."""

    job_arn: str
    job_name: str
    base_id: str
    base_arn: str


class Throughput(Record):
    """Provisioned throughput for a custom or base model; ``pending_*`` is an update under way."""

    units: int
    model_arn: str
    base_id: str
    ready_at: datetime
    fails: bool = False
    commitment: str | None = None
    commitment_ends: datetime | None = None
    modified: datetime
    pending_model_arn: str | None = None
    pending_until: datetime | None = None


class Deployment(Record):
    """A custom model deployed for on-demand inference; ``pending_*`` is the last change of its model."""

    model_arn: str
    base_id: str
    description: str | None
    ready_at: datetime
    fails: bool = False
    pending_model_arn: str | None = None
    pending_until: datetime | None = None
    update_fails: bool = False


class BatchJob(Record):
    """A batch job: what was asked for, how long its phases take, and how many of its records fail.

    ``records`` and ``failing`` are counts; ``fails`` is why the whole job fails in validation, if it does.
    """

    model_id: str
    request: dict[str, Any]
    token: str | None
    records: int
    failing: int
    queue_seconds: float
    running_seconds: float
    stopping_seconds: float
    fails: str | None = None
    stop_requested: datetime | None = None
    settled: bool = False


class Exchange(BaseModel):
    """One turn of a training record: what was said to the model, under which system prompt, and its answer."""

    model_config = ConfigDict(frozen=True)

    system: str
    prompt: str
    answer: str
