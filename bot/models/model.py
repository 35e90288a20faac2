"""A base model's lifecycle, and a custom model that was made."""

from dataclasses import dataclass
from datetime import datetime

MADE_BY = "job"
"""The kind of what makes custom models: customization jobs."""


@dataclass(frozen=True, slots=True)
class MadeModel:
    """What Bedrock tells of a custom model. ``created`` is Bedrock's time; a listing leaves the last three empty."""

    name: str
    arn: str
    base_model: str
    """The ARN of what was trained: a foundation model, or a custom model."""
    created: datetime
    training_uri: str = ""
    training_loss: float | None = None
    validation_loss: float | None = None


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """What Bedrock says of a base model's life."""

    status: str
    """ACTIVE or LEGACY, or ENDED when its end of life has passed, or GONE when Bedrock does not know it."""
    legacy_from: datetime | None = None
    end_of_life: datetime | None = None
    customizable: bool = True


@dataclass(frozen=True, slots=True)
class CustomModel:
    """A model that came out of a job. ``name`` is what people call it."""

    name: str
    arn: str
    profile: str
    region: str
    job_id: str
    dataset_id: str
    dataset_name: str
    owner: str
    channel: str
    created: datetime
    system_prompt: str | None = None
    training_loss: float | None = None
    validation_loss: float | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """A model shared with a channel by its owner; no longer when ``on`` is False.

    ``arn`` is the model's: another of the same name, made later, is shared with nobody.
    """

    model: str
    arn: str
    channel: str
    by: str
    at: datetime
    on: bool = True
