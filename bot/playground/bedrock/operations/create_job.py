"""CreateModelCustomizationJob: every check the service makes before it takes a job, then how the job will go."""

from dataclasses import dataclass
from typing import Any

from bot.playground.bedrock import hyperparameters, progress, training_data
from bot.playground.bedrock.curves import Run, curves
from bot.playground.bedrock.errors import invalid, legacy_model, over_quota, unknown_model
from bot.playground.bedrock.foundation import Tuning, by_model_id, by_train_id
from bot.playground.bedrock.records import Curves, Exchange, Job, JobPlan
from bot.playground.bedrock.registry import Call, operation
from bot.playground.bedrock.tagging import checked_tags
from bot.playground.bedrock.world import World, foundation_arn

_OPERATION = "CreateModelCustomizationJob"
_KEPT = ("roleArn", "trainingDataConfig", "validationDataConfig", "outputDataConfig", "vpcConfig")


@dataclass(frozen=True)
class _Data:
    """The contents of a job's files, read when the job was made."""

    training: bytes
    validation: list[tuple[str, bytes]]


@operation("bedrock", _OPERATION)
def create(world: World, call: Call) -> dict[str, Any]:
    """Make a job, or answer a used token with the job that it made."""
    token = call.get("clientRequestToken")
    # Before any check: a repeat is no mistake, though the names are in use by then.
    if arn := world.remembered(call.region, _OPERATION, token):
        return {"jobArn": arn}
    tuning = _tuning(world, call)
    _check_names(world, call)
    _check_role(world, call)
    _check_quota(world, call)
    parameters = hyperparameters.resolve(tuning, call.get("hyperParameters", {}))
    data = _fetch(world, call, tuning)
    tags = [checked_tags(world, call.get(name, [])) for name in ("jobTags", "customModelTags")]
    job = _job(world, call, tuning, parameters, data)
    world.jobs.put(job)
    world.set_tags(job.arn, tags[0])
    world.set_tags(job.model_arn, tags[1])
    world.remember(call.region, _OPERATION, token, job.arn)
    return {"jobArn": job.arn}


def _tuning(world: World, call: Call) -> Tuning:
    """Return how to train what was named: a training ID, that ID's ARN, or a custom model made from it."""
    identifier = call["baseModelIdentifier"]
    if model := world.models.find(call.region, identifier):
        identifier = model.base_id
    named = identifier.removeprefix(foundation_arn(call.region, ""))
    # The bare ID is taken, too, and the answers then have the whole one: the Terraform provider's acceptance tests.
    base = by_train_id(named) or by_model_id(named)
    if base is None or base.tuning is None or base.tuning.region != call.region:
        raise unknown_model()
    if call.get("customizationType", "FINE_TUNING") != "FINE_TUNING":
        raise invalid(f"The playground fine-tunes only; {call['customizationType']} is not offered by it.")
    if world.dates(base).is_legacy(world.now()):
        raise legacy_model()
    return base.tuning


def _check_names(world: World, call: Call) -> None:
    if any(job.name == call["jobName"] for job in world.jobs.of(call.region)):
        raise invalid("The provided job name is currently in use.")
    taken = {model.name for model in world.models.of(call.region)}
    now = world.now()
    # A job that runs has its model's name already.
    for job in world.jobs.of(call.region):
        if progress.standing(job, now).status in {"InProgress", "Stopping"}:
            taken.add(job.model_name)
    if call["customModelName"] in taken:
        raise invalid("The provided model name is currently in use.")


def _check_role(world: World, call: Call) -> None:
    """A role of another account cannot be passed (own wording)."""
    if f":iam::{world.account}:role/" not in call["roleArn"]:
        raise invalid(f"The provided role {call['roleArn']} does not belong to the account {world.account}.")


def _check_quota(world: World, call: Call) -> None:
    now = world.now()
    busy = [
        job
        for job in world.jobs.of(call.region)
        if progress.standing(job, now).status in {"InProgress", "Stopping"}
    ]
    if len(busy) >= world.quotas.scheduled_jobs:
        raise over_quota(
            f"You have reached the limit of {world.quotas.scheduled_jobs} scheduled customization jobs. "
            "Wait for a job to end, or stop one, and try again."
        )


def _fetch(world: World, call: Call, tuning: Tuning) -> _Data:
    uri = call["trainingDataConfig"].get("s3Uri")
    if uri is None:
        raise invalid("trainingDataConfig.s3Uri is required for fine-tuning.")
    validators = call.get("validationDataConfig", {}).get("validators", [])
    if validators and not tuning.takes_validation:
        raise invalid(f"Validation data is not supported for the base model {tuning.train_id}.")
    training_data.check_output(world.buckets, call["outputDataConfig"]["s3Uri"], call.region)
    training = training_data.fetch(world.buckets, uri, call.region)
    uris = [str(validator["s3Uri"]) for validator in validators]
    return _Data(training, [(uri, training_data.fetch(world.buckets, uri, call.region)) for uri in uris])


def _job(world: World, call: Call, tuning: Tuning, parameters: dict[str, str], data: _Data) -> Job:
    arn = world.arn(call.region, "model-customization-job", tuning.train_id)
    request = {name: call[name] for name in _KEPT if call.get(name) is not None}
    if key := call.get("customModelKmsKeyId"):
        request["outputModelKmsKeyArn"] = key
    try:
        exchanges, losses = _learn(call, tuning, parameters, data, arn)
        plan = _plan(world, losses, world.faults.take_outcome(_OPERATION, *_OUTCOMES))
    # Bad data is no refusal: the service takes the job, and fails it while it validates.
    except training_data.BadData as bad:
        exchanges, losses = [], Curves(steps_per_epoch=1, epochs=0, training=[], validation=[])
        plan = _failing(world, "validation", str(bad))
    world.keep_exchanges(arn, exchanges)
    return Job(
        arn=arn,
        name=call["jobName"],
        region=call.region,
        created=world.now(),
        model_name=call["customModelName"],
        model_arn=world.arn(call.region, "custom-model", tuning.train_id),
        base_id=tuning.train_id,
        base_arn=foundation_arn(call.region, tuning.train_id),
        request=request,
        hyper_parameters=parameters,
        token=call.get("clientRequestToken"),
        plan=plan,
        curves=losses,
    )


def _learn(
    call: Call, tuning: Tuning, parameters: dict[str, str], data: _Data, arn: str
) -> tuple[list[Exchange], Curves]:
    """Return what the data teaches and the losses on the way. Raises BadData when the service would refuse it."""
    training = training_data.records(data.training, call["trainingDataConfig"]["s3Uri"], tuning)
    checks = [record for uri, raw in data.validation for record in training_data.records(raw, uri, tuning)]
    training_data.check_counts(tuning, len(training), len(checks) if data.validation else None)
    early = None
    if "earlyStoppingPatience" in parameters:
        early = (float(parameters["earlyStoppingThreshold"]), int(parameters["earlyStoppingPatience"]))
    run = Run(
        seed=arn,
        records=len(training),
        validation_records=len(checks),
        batch=int(parameters.get("batchSize", tuning.batch)),
        epochs=int(parameters["epochCount"]),
        early_stop=early,
    )
    return [exchange for record in training for exchange in record], curves(run)


_OUTCOMES = ("fail_validation", "fail_training", "stall_training")


def _plan(world: World, losses: Curves, outcome: str | None) -> JobPlan:
    if outcome == "fail_validation":
        return _failing(world, "validation", progress.FAILURE)
    spans = world.durations
    plan = JobPlan(
        validation_seconds=spans.scaled(spans.validation),
        processing_seconds=spans.scaled(spans.processing),
        training_seconds=spans.training(len(losses.training)),
        stopping_seconds=spans.scaled(spans.stopping),
    )
    if outcome == "stall_training":
        return plan.model_copy(update={"stalls": True})
    if outcome == "fail_training":
        return plan.model_copy(update={"fails_in": "training", "failure_message": progress.FAILURE})
    return plan


def _failing(world: World, stage: str, message: str) -> JobPlan:
    spans = world.durations
    return JobPlan(
        validation_seconds=spans.scaled(spans.validation),
        processing_seconds=0,
        training_seconds=0,
        stopping_seconds=spans.scaled(spans.stopping),
        fails_in=stage,
        failure_message=message,
    )
