"""Jobs that were made elsewhere, in the console for instance: listed beside ours, and followed when somebody asks."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.jobs.model import JobObservation, JobPlan
from bot.profiles.model import Profile
from bot.profiles.registry import PROFILES

KIND = "census"
"""The kind of thing that looks for them; its ID is the region's name."""

MOST = 100
"""Jobs that are kept of one look, the newest."""


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
class FollowWish:
    """Somebody wants a job followed, and told of in a channel."""

    name: str
    by: str
    channel: str


@dataclass(frozen=True, slots=True)
class CensusSpec:
    """The region to look at, when somebody last wanted to see it, and what is to be followed."""

    region: str
    asked_at: datetime
    follow: tuple[FollowWish, ...] = ()
    v: int = 1


@dataclass(slots=True)
class CensusProgress:
    """What was seen, and which wishes were dealt with: by name, why not (empty: it is followed)."""

    at: datetime | None = None
    jobs: tuple[JobObservation, ...] = ()
    settled: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A job that was made elsewhere, as a list shows it."""

    region: str
    name: str
    status: str
    created: datetime
    trouble: str = ""
    """Why it cannot be followed."""


def profile_of(base_model: str) -> Profile | None:
    """Return the profile of what a job trains, or None when it is none that we know.

    A custom model's ARN has the base's ID before its last part. What was sent without the ID's last parts, which name
    a size of context, is the same base: the service takes both (the Terraform provider's acceptance tests).
    """
    candidates = [each for each in base_model.split("/") if "." in each]
    return next((each for each in PROFILES.values() if _is_of(each, candidates)), None)


def _is_of(profile: Profile, candidates: Collection[str]) -> bool:
    return any(
        each == profile.training_id or profile.training_id.startswith(f"{each}:") for each in candidates
    )


def plan_of(seen: JobObservation, how: Described, profile: Profile, wish: FollowWish) -> JobPlan:
    """Return the plan that stands for a job made elsewhere. What nobody knows of its data is empty or 0."""
    return JobPlan(
        profile=profile.name,
        base_model_id=how.base_model,
        region=profile.region,
        job_name=seen.name,
        model_name=how.model_name,
        role_arn=how.role_arn,
        dataset_id="",
        dataset_name=how.training_uri.rpartition("/")[2] or "unknown",
        dataset_sha256="",
        training_uri=how.training_uri,
        output_uri=how.output_uri,
        hyperparameters=dict(how.hyperparameters),
        records=0,
        tokens=0,
        owner=wish.by,
        channel=wish.channel,
        validation_uri=how.validation_uri,
    )
