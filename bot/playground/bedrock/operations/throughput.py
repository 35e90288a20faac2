"""Provisioned throughput: create, get, list, update, delete."""

from datetime import timedelta
from typing import Any

from bot.playground.bedrock import listing, progress
from bot.playground.bedrock.errors import (
    conflict,
    invalid,
    legacy_model,
    not_found,
    over_quota,
    unknown_model,
)
from bot.playground.bedrock.foundation import by_train_id
from bot.playground.bedrock.records import Throughput
from bot.playground.bedrock.registry import Call, operation
from bot.playground.bedrock.tagging import checked_tags
from bot.playground.bedrock.world import World, foundation_arn

_CREATE = "CreateProvisionedModelThroughput"
_DELETE = "DeleteProvisionedModelThroughput"
_TERMS = {"OneMonth": timedelta(days=30), "SixMonths": timedelta(days=182)}


@operation("bedrock", _CREATE)
def create(world: World, call: Call) -> dict[str, Any]:
    """Begin to provision, or answer a used token with what it provisioned."""
    token = call.get("clientRequestToken")
    if arn := world.remembered(call.region, _CREATE, token):
        return {"provisionedModelArn": arn}
    model_arn, base_id = _servable(world, call.region, call["modelId"])
    if any(t.name == call["provisionedModelName"] for t in world.throughputs.of(call.region)):
        raise invalid("The provided provisioned model name is currently in use.")
    _check_units(world, call, base_id)
    tags = checked_tags(world, call.get("tags", []))
    record = world.throughputs.put(_record(world, call, model_arn, base_id))
    world.set_tags(record.arn, tags)
    world.remember(call.region, _CREATE, token, record.arn)
    return {"provisionedModelArn": record.arn}


@operation("bedrock", "GetProvisionedModelThroughput")
def get(world: World, call: Call) -> dict[str, Any]:
    """Answer with one, by name or ARN; one that is deleted is simply not found."""
    record = _found(world, call)
    answer = _summary(world, record)
    if answer["status"] == "Failed":
        answer["failureMessage"] = progress.FAILURE
    return answer


@operation("bedrock", "ListProvisionedModelThroughputs")
def list_throughputs(world: World, call: Call) -> dict[str, Any]:
    """Answer with a page of them."""
    now = world.now()
    there = [_renewed(world, each) for each in world.throughputs.of(call.region)]
    found = listing.select(there, call, status=lambda t: progress.throughput_status(t, now))
    if wanted := call.get("modelArnEquals"):
        found = [record for record in found if progress.served_model(record, now) == wanted]
    return listing.page(found, call, "provisionedModelSummaries", lambda record: _summary(world, record))


@operation("bedrock", "UpdateProvisionedModelThroughput")
def update(world: World, call: Call) -> dict[str, Any]:
    """Rename, or begin to swap the model; the old one answers until the swap is through."""
    record = _settled(world, _found(world, call))
    status = progress.throughput_status(record, world.now())
    if status != "InService":
        # The service model lists no conflict among this operation's errors.
        raise invalid(f"The provisioned model {record.name} has the status {status} and can't be updated.")
    changes: dict[str, Any] = {"modified": world.now()}
    if name := call.get("desiredProvisionedModelName"):
        if any(t.name == name and t.arn != record.arn for t in world.throughputs.of(call.region)):
            raise invalid("The provided provisioned model name is currently in use.")
        changes["name"] = name
    if wanted := call.get("desiredModelId"):
        model_arn, base_id = _servable(world, call.region, wanted)
        if base_id != record.base_id:
            raise invalid("The desired model must have the same base model as the provisioned model.")
        spans = world.durations
        through = world.now() + timedelta(seconds=spans.scaled(spans.throughput_update))
        changes |= {"pending_model_arn": model_arn, "pending_until": through}
    world.throughputs.put(record.model_copy(update=changes))
    return {}


@operation("bedrock", _DELETE)
def delete(world: World, call: Call) -> dict[str, Any]:
    """Delete one at once; not while it is being created or changed, and not before its commitment ends."""
    record = _found(world, call)
    now = world.now()
    status = progress.throughput_status(record, now)
    if status in {"Creating", "Updating"}:
        raise conflict(
            f"The provisioned model {record.name} has the status {status} and can't be deleted yet."
        )
    ends = record.commitment_ends
    if ends is not None and (now < ends or world.faults.take_outcome(_DELETE, "hold_term")):
        raise conflict(f"The provisioned model {record.name} can't be deleted before its commitment ends.")
    world.throughputs.remove(record.arn)
    return {}


def _servable(world: World, region: str, identifier: str) -> tuple[str, str]:
    """Return the ARN to serve and its base's training ID. Raises ServiceFault when it cannot be provisioned."""
    if model := world.models.find(region, identifier):
        arn, base_id = model.arn, model.base_id
    else:
        base_id = identifier.removeprefix(foundation_arn(region, ""))
        arn = foundation_arn(region, base_id)
    base = by_train_id(base_id)
    if base is None or base.tuning is None or region not in base.regions:
        raise unknown_model()
    if not base.tuning.provisionable:
        raise invalid(f"Provisioned Throughput is not supported for the model {base_id}.")
    if world.dates(base).is_legacy(world.now()):
        raise legacy_model()
    return arn, base_id


def _check_units(world: World, call: Call, base_id: str) -> None:
    """Hold the sum of units without commitment to the account's quota; the text for a quota of 0 is AWS's own."""
    if call.get("commitmentDuration"):
        return
    quota = world.quotas.model_units
    used = sum(t.units for t in world.throughputs.of(call.region) if t.commitment is None)
    if quota == 0:
        raise over_quota(
            f"Your account does not currently have any no commitment model units reserved for {base_id}."
        )
    if used + call["modelUnits"] > quota:
        raise over_quota(
            f"Your account has {quota} no commitment model units, of which {used} are in use; "
            f"{call['modelUnits']} more are not available."
        )


def _record(world: World, call: Call, model_arn: str, base_id: str) -> Throughput:
    now = world.now()
    ready = now + timedelta(seconds=world.durations.scaled(world.durations.throughput))
    term = call.get("commitmentDuration")
    return Throughput(
        arn=world.arn(call.region, "provisioned-model"),
        name=call["provisionedModelName"],
        region=call.region,
        created=now,
        modified=now,
        units=call["modelUnits"],
        model_arn=model_arn,
        base_id=base_id,
        ready_at=ready,
        fails=world.faults.take_outcome(_CREATE, "fail_throughput") is not None,
        commitment=term,
        commitment_ends=now + _TERMS[term] if term else None,
    )


def _summary(world: World, record: Throughput) -> dict[str, Any]:
    now = world.now()
    status = progress.throughput_status(record, now)
    served = progress.served_model(record, now)
    turning_points = (record.modified, record.ready_at, record.pending_until)
    return {
        "provisionedModelName": record.name,
        "provisionedModelArn": record.arn,
        "modelArn": served,
        "desiredModelArn": record.pending_model_arn or record.model_arn,
        "foundationModelArn": foundation_arn(record.region, record.base_id),
        "modelUnits": record.units,
        "desiredModelUnits": record.units,
        "status": status,
        "commitmentDuration": record.commitment,
        "commitmentExpirationTime": record.commitment_ends,
        "creationTime": record.created,
        "lastModifiedTime": max(t for t in turning_points if t is not None and t <= now),
    }


def _settled(world: World, record: Throughput) -> Throughput:
    """Return the record with an update that is through made plain."""
    served = progress.served_model(record, world.now())
    return record.model_copy(
        update={"model_arn": served}
        | ({"pending_model_arn": None} if served == record.pending_model_arn else {})
    )


def _found(world: World, call: Call) -> Throughput:
    record = world.throughputs.find(call.region, call["provisionedModelId"])
    if record is None:
        raise not_found("The provided provisioned model identifier does not exist in your account.")
    return _renewed(world, record)


def _renewed(world: World, record: Throughput) -> Throughput:
    """Return the record with its term renewed, where it has ended and that was ordered: nobody can delete it before."""
    ends, term = record.commitment_ends, record.commitment
    if (
        ends is None
        or term is None
        or world.now() < ends
        or not world.faults.take_outcome(_DELETE, "renew_term")
    ):
        return record
    return world.throughputs.put(record.model_copy(update={"commitment_ends": ends + _TERMS[term]}))
