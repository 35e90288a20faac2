"""Custom models deployed for on-demand inference: create, get, list, delete."""

from datetime import timedelta
from typing import Any

from bot.playground.bedrock import listing, progress
from bot.playground.bedrock.errors import conflict, invalid, not_found, over_quota
from bot.playground.bedrock.foundation import by_train_id
from bot.playground.bedrock.records import CustomModel, Deployment
from bot.playground.bedrock.registry import Call, operation
from bot.playground.bedrock.tagging import checked_tags
from bot.playground.bedrock.world import World

_CREATE = "CreateCustomModelDeployment"
_UPDATE = "UpdateCustomModelDeployment"


@operation("bedrock", _CREATE)
def create(world: World, call: Call) -> dict[str, Any]:
    """Begin to deploy, or answer a used token with what it deployed. A Legacy base is no hindrance here."""
    token = call.get("clientRequestToken")
    if arn := world.remembered(call.region, _CREATE, token):
        return {"customModelDeploymentArn": arn}
    model = _deployable(world, call)
    if any(d.name == call["modelDeploymentName"] for d in world.deployments.of(call.region)):
        raise invalid("The provided deployment name is currently in use.")
    _check_quota(world, call)
    tags = checked_tags(world, call.get("tags", []))
    now = world.now()
    record = Deployment(
        arn=world.arn(call.region, "custom-model-deployment"),
        name=call["modelDeploymentName"],
        region=call.region,
        created=now,
        model_arn=model.arn,
        base_id=model.base_id,
        description=call.get("description"),
        ready_at=now + timedelta(seconds=world.durations.scaled(world.durations.deployment)),
        fails=world.faults.take_outcome(_CREATE, "fail_deployment") is not None,
    )
    world.deployments.put(record)
    world.set_tags(record.arn, tags)
    world.remember(call.region, _CREATE, token, record.arn)
    return {"customModelDeploymentArn": record.arn}


@operation("bedrock", _UPDATE)
def update(world: World, call: Call) -> dict[str, Any]:
    """Begin to change the model; the old one answers until that is through, and goes on when it fails.

    A token there is none, so a repeat is a change of its own; and no conflict among this operation's errors.
    """
    record, now = _found(world, call), world.now()
    status = progress.deployment_status(record, now)
    if status != "Active" or progress.update_status(record, now) == "Updating":
        raise invalid(f"The deployment {record.name} has the status {status} and can't be updated now.")
    model = _deployable(world, call)
    if model.base_id != record.base_id:
        raise invalid("The model must have the same base model as the one that is deployed.")
    through = now + timedelta(seconds=world.durations.scaled(world.durations.deployment_update))
    changes = {
        "model_arn": progress.deployed_model(record, now),
        "pending_model_arn": model.arn,
        "pending_until": through,
        "update_fails": world.faults.take_outcome(_UPDATE, "fail_update") is not None,
    }
    world.deployments.put(record.model_copy(update=changes))
    return {"customModelDeploymentArn": record.arn}


@operation("bedrock", "GetCustomModelDeployment")
def get(world: World, call: Call) -> dict[str, Any]:
    """Answer with one, by name or ARN."""
    record = _found(world, call)
    return {
        "customModelDeploymentArn": record.arn,
        "modelDeploymentName": record.name,
        "modelArn": progress.deployed_model(record, world.now()),
        "createdAt": record.created,
        "description": record.description,
        "updateDetails": _change(world, record),
        **_state(world, record),
    }


@operation("bedrock", "ListCustomModelDeployments")
def list_deployments(world: World, call: Call) -> dict[str, Any]:
    """Answer with a page of them."""
    now = world.now()
    found = listing.select(
        list(world.deployments.of(call.region)),
        call,
        status=lambda d: progress.deployment_status(d, now),
        times="created",
    )
    if wanted := call.get("modelArnEquals"):
        found = [record for record in found if progress.deployed_model(record, now) == wanted]

    def show(record: Deployment) -> dict[str, Any]:
        return {
            "customModelDeploymentArn": record.arn,
            # In a listing it is called otherwise than in Get: botocore's model has both names.
            "customModelDeploymentName": record.name,
            "modelArn": progress.deployed_model(record, now),
            "createdAt": record.created,
            **_state(world, record),
        }

    return listing.page(found, call, "modelDeploymentSummaries", show)


@operation("bedrock", "DeleteCustomModelDeployment")
def delete(world: World, call: Call) -> dict[str, Any]:
    """Delete one for good; its model stays."""
    record = _found(world, call)
    now = world.now()
    if progress.deployment_status(record, now) == "Creating":
        raise conflict(f"The deployment {record.name} has the status Creating and can't be deleted yet.")
    if progress.update_status(record, now) == "Updating":
        raise conflict(f"The deployment {record.name} is being updated and can't be deleted yet.")
    world.deployments.remove(record.arn)
    return {}


def _change(world: World, record: Deployment) -> dict[str, Any] | None:
    status = progress.update_status(record, world.now())
    return {"modelArn": record.pending_model_arn, "updateStatus": status} if status else None


def _deployable(world: World, call: Call) -> CustomModel:
    model = world.models.find(call.region, call["modelArn"])
    if model is None:
        raise not_found("The provided model identifier does not exist in your account.")
    base = by_train_id(model.base_id)
    if base is None or base.tuning is None or not base.tuning.deployable:
        raise invalid(f"On-demand deployment is not supported for custom models of {model.base_id}.")
    return model


def _check_quota(world: World, call: Call) -> None:
    now = world.now()
    under_way = [
        d for d in world.deployments.of(call.region) if progress.deployment_status(d, now) == "Creating"
    ]
    if len(under_way) >= world.quotas.deployments_in_progress:
        raise over_quota(
            f"You have reached the limit of {world.quotas.deployments_in_progress} "
            "custom model deployments in progress."
        )


def _state(world: World, record: Deployment) -> dict[str, Any]:
    status = progress.deployment_status(record, world.now())
    return {
        "status": status,
        "lastUpdatedAt": record.created if status == "Creating" else record.ready_at,
        "failureMessage": progress.FAILURE if status == "Failed" else None,
    }


def _found(world: World, call: Call) -> Deployment:
    record = world.deployments.find(call.region, call["customModelDeploymentIdentifier"])
    if record is None:
        raise not_found("The provided custom model deployment identifier does not exist in your account.")
    return record
