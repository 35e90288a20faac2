"""Which model answers to a ``modelId``, and whether it may be asked at all."""

import re
from dataclasses import dataclass

from bot.playground.bedrock import progress
from bot.playground.bedrock.errors import ServiceFault, invalid, not_found, unknown_model
from bot.playground.bedrock.foundation import BaseModel, by_model_id, by_train_id
from bot.playground.bedrock.world import World, foundation_arn

_PROFILE = re.compile(r"(?:arn:aws:bedrock:[a-z0-9-]+:\d{12}:inference-profile/)?(?:us|global)\.(.+)")
_PROFILE_REGIONS = {"us-east-1", "us-west-2"}


@dataclass(frozen=True)
class Target:
    """The base whose request format applies, and the job whose training answers (None: the base itself)."""

    base: BaseModel
    job_arn: str | None = None


def target(world: World, region: str, model_id: str) -> Target:
    """Return what ``model_id`` means in ``region``. Raises ServiceFault when it cannot be invoked."""
    found = _tuned(world, region, model_id) or Target(_base(region, model_id))
    if world.dates(found.base).is_over(world.now()):
        # As users report it; the facts count the exact text as unconfirmed.
        raise not_found(
            "This model version has reached the end of its life. "
            "Please refer to the AWS documentation for more details."
        )
    return found


def _tuned(world: World, region: str, model_id: str) -> Target | None:
    """Return what throughput or a deployment serves; a custom model itself is never invocable."""
    now = world.now()
    if throughput := next((t for t in world.throughputs.of(region) if t.arn == model_id), None):
        status = progress.throughput_status(throughput, now)
        if status == "Creating":
            raise ServiceFault(
                "ModelNotReadyException", "The model is not ready for inference. Try again later."
            )
        if status == "Failed":
            raise invalid(f"The provisioned model {throughput.name} has the status Failed.")
        return _serving(world, region, progress.served_model(throughput, now), throughput.base_id)
    if deployment := next((d for d in world.deployments.of(region) if d.arn == model_id), None):
        status = progress.deployment_status(deployment, now)
        if status != "Active":
            raise invalid(f"The custom model deployment {deployment.name} has the status {status}.")
        if not world.has_room_for_a_request(region, deployment.base_id):
            raise ServiceFault("ThrottlingException", "Too many requests, please wait before trying again.")
        return _serving(world, region, progress.deployed_model(deployment, now), deployment.base_id)
    if world.models.find(region, model_id):
        raise _needs_more(model_id)
    if ":provisioned-model/" in model_id or ":custom-model-deployment/" in model_id:
        raise not_found("Model not found.")
    return None


def _serving(world: World, region: str, model_arn: str, base_id: str) -> Target:
    base = by_train_id(base_id)
    assert base is not None
    model = world.models.find(region, model_arn)
    return Target(base, model.job_arn if model is not None else None)


def _base(region: str, model_id: str) -> BaseModel:
    plain = model_id.removeprefix(foundation_arn(region, ""))
    if by_train_id(plain):
        raise not_found(
            "Model not found."
        )  # an ID with a context suffix is for training and provisioning only
    if matched := _PROFILE.fullmatch(plain):
        base = by_model_id(matched[1])
        if base is None or region not in _PROFILE_REGIONS:
            raise unknown_model()
        return base
    base = by_model_id(plain)
    if base is None or region not in base.regions:
        raise unknown_model()
    if base.profile_only:
        raise _needs_more(model_id)
    return base


def _needs_more(model_id: str) -> ServiceFault:
    return invalid(
        f"Invocation of model ID {model_id} with on-demand throughput isn’t supported. Retry your request with the "  # noqa: RUF001
        "ID or ARN of an inference profile that contains this model."
    )
