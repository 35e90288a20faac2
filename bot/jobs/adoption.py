"""A job that was made elsewhere, adopted: what is followed as if it had been planned here."""

from dataclasses import dataclass

from bot.jobs.model import Described, JobObservation, JobPlan
from bot.profiles.model import Profile


@dataclass(frozen=True, slots=True)
class FollowWish:
    """Somebody wants a job followed, and told of in a channel."""

    name: str
    by: str
    channel: str


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
