"""A base model's lifecycle, and a custom model that was made."""

from dataclasses import dataclass
from datetime import datetime

MADE_BY = "job"
"""The kind of what makes custom models: customization jobs."""
_CUSTOM = ":custom-model/"


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
    made_as: str = ""
    """What Bedrock calls it, where people call it otherwise: Bedrock gives no model another name."""
    held_out: str | None = None
    """The ID of the dataset that it was held against, empty without one; None where that is its job's to say."""
    base_arn: str | None = None
    """What was trained: a base of a vendor's, or the ARN of the custom model that was trained further. None where that
    is its job's to say."""

    @property
    def at_bedrock(self) -> str:
        """What Bedrock calls it."""
        return self.made_as or self.name


def is_custom(arn: str) -> bool:
    """Return whether what is trained is a custom model, which is trained further, and no base of a vendor's."""
    return _CUSTOM in arn


@dataclass(frozen=True, slots=True)
class ModelLabel:
    """What people call a model that was made under another name, or that it was deleted.

    It goes by the model's ARN and not by its name: another that is made under the same name has nothing of it. It is
    kept apart from the model, so that whoever finds the model again at Bedrock brings neither the name nor the model
    back.
    """

    arn: str
    job_id: str
    made_as: str
    name: str
    by: str
    at: datetime
    former: tuple[str, ...] = ()
    """What people called it before, the oldest first: it is found by these names, too."""
    deleted: bool = False


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


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """How a model answers, where whoever owns it wants it otherwise than by default; None and empty are the defaults.

    ``arn`` is the model's. ``temperature`` goes from 0 to 1, ``max_tokens`` is the longest answer in tokens, ``stop``
    are the texts before which an answer ends, ``system_prompt`` is given in place of the one it was trained with.
    """

    arn: str
    by: str
    at: datetime
    temperature: float | None = None
    max_tokens: int | None = None
    stop: tuple[str, ...] = ()
    system_prompt: str | None = None


@dataclass(frozen=True, slots=True)
class Pointing:
    """That an alias stands for a model from then on, and who had it so. ``arn`` is the model's."""

    arn: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Alias:
    """A name in a channel that stands for a model, now for one and later for another.

    ``pointings`` are the last of them, the newest at the end: what it stood for before can be had back. ``edition``
    counts them all. It is no longer when ``on`` is False.
    """

    name: str
    channel: str
    pointings: tuple[Pointing, ...]
    edition: int
    on: bool = True

    @property
    def person(self) -> str:
        """Who is in the conversation, where it is a direct one."""
        return self.pointings[0].by

    @property
    def now(self) -> Pointing:
        """The newest."""
        return self.pointings[-1]
