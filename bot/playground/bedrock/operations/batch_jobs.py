"""CreateModelInvocationJob, GetModelInvocationJob, ListModelInvocationJobs and StopModelInvocationJob.

Of the two forms of records the playground takes Converse's. Where AWS's words for a refusal are not known, they are
the stand-in's own.
"""

import json
from typing import Any

from bot.playground.bedrock import batch_progress, listing, training_data
from bot.playground.bedrock.batch_progress import ENDED
from bot.playground.bedrock.errors import conflict, invalid, not_found
from bot.playground.bedrock.records import BatchJob
from bot.playground.bedrock.registry import Call, operation
from bot.playground.bedrock.tagging import checked_tags
from bot.playground.bedrock.targets import target
from bot.playground.bedrock.world import World

_OPERATION = "CreateModelInvocationJob"
_KEPT = (
    "roleArn",
    "inputDataConfig",
    "outputDataConfig",
    "vpcConfig",
    "timeoutDurationInHours",
    "modelInvocationType",
)
_NO_BATCH = (":provisioned-model/", ":custom-model-deployment/")
_FAILING = 3
"""Records that an ordered failure of records is about."""


@operation("bedrock", _OPERATION)
def create(world: World, call: Call) -> dict[str, Any]:
    """Make a batch job, or answer a used token with the job that it made."""
    token = call.get("clientRequestToken")
    # Before any check: a repeat is no mistake, though the name is in use by then.
    if arn := world.remembered(call.region, _OPERATION, token):
        return {"jobArn": arn}
    _check(world, call)
    tags = checked_tags(world, call.get("tags", []))
    job = _job(world, call)
    world.batches.put(job)
    world.set_tags(job.arn, tags)
    world.remember(call.region, _OPERATION, token, job.arn)
    return {"jobArn": job.arn}


def _check(world: World, call: Call) -> None:
    """Refuse what the service refuses before it takes a job; what is in the file is judged later."""
    if any(part in call["modelId"] for part in _NO_BATCH):
        raise invalid("Batch inference isn't supported for provisioned models.")
    target(world, call.region, call["modelId"])
    if call.get("modelInvocationType", "InvokeModel") != "Converse":
        raise invalid("The playground runs batch jobs with the modelInvocationType Converse only.")
    if any(job.name == call["jobName"] for job in world.batches.of(call.region)):
        raise conflict(f"A model invocation job with the name {call['jobName']} already exists.")
    if f":iam::{world.account}:role/" not in call["roleArn"]:
        raise invalid(f"The provided role {call['roleArn']} does not belong to the account {world.account}.")
    training_data.check_output(
        world.buckets, _uri(call, "outputDataConfig", "s3OutputDataConfig"), call.region
    )


def _job(world: World, call: Call) -> BatchJob:
    records, wrong = _judged(world, call)
    spans = world.durations
    outcome = world.faults.take_outcome(_OPERATION, "fail_batch", "fail_records")
    return BatchJob(
        arn=world.arn(call.region, "model-invocation-job"),
        name=call["jobName"],
        region=call.region,
        created=world.now(),
        model_id=call["modelId"],
        request={name: call[name] for name in _KEPT if call.get(name) is not None},
        token=call.get("clientRequestToken"),
        records=records,
        failing=_FAILING if outcome == "fail_records" else 0,
        queue_seconds=spans.scaled(spans.batch_queue),
        running_seconds=spans.batch(records),
        stopping_seconds=spans.scaled(spans.stopping),
        fails="Encountered an internal error while processing the job." if outcome == "fail_batch" else wrong,
    )


def _judged(world: World, call: Call) -> tuple[int, str | None]:
    """Return how many records the input has, and why the job will fail in validation, if it will."""
    uri = _uri(call, "inputDataConfig", "s3InputDataConfig")
    data = training_data.fetch(world.buckets, uri, call.region)
    if not uri.endswith(".jsonl"):
        return 0, "Input files must have the extension .jsonl."
    lines = data.splitlines()
    for number, line in enumerate(lines, start=1):
        if not _is_record(line):
            return 0, f"Line {number} of the input is not a JSON object with recordId and modelInput."
    least, most = world.quotas.least_batch_records, world.quotas.most_batch_records
    if not least <= len(lines) <= most:
        return len(lines), (
            f"Batch job contains {len(lines)} records; the number must be at least {least} and at most {most}."
        )
    return len(lines), None


def _is_record(line: bytes) -> bool:
    try:
        record = json.loads(line)
    except ValueError:
        return False
    if not isinstance(record, dict) or not isinstance(record.get("modelInput"), dict):
        return False
    return str(record.get("recordId", "")).isalnum()


def _uri(call: Call, config: str, member: str) -> str:
    """Return an S3 address; the service model leaves the only member of its union open."""
    if member not in call[config]:
        raise invalid(f"{config} must set {member}.")
    return str(call[config][member]["s3Uri"])


@operation("bedrock", "GetModelInvocationJob")
def get(world: World, call: Call) -> dict[str, Any]:
    """Answer with all about one job, by ARN or by the last part of it."""
    return _shown(world, _found(world, call))


@operation("bedrock", "ListModelInvocationJobs")
def list_jobs(world: World, call: Call) -> dict[str, Any]:
    """Answer with a page of jobs."""
    now = world.now()
    found = listing.select(
        list(world.batches.of(call.region)),
        call,
        status=lambda job: batch_progress.standing(job, now).status,
        times="submitTime",
    )
    return listing.page(found, call, "invocationJobSummaries", lambda job: _shown(world, job))


@operation("bedrock", "StopModelInvocationJob")
def stop(world: World, call: Call) -> dict[str, Any]:
    """Begin to stop a job; once it is stopping, a repeat changes nothing (own wording for one that has ended)."""
    job = _found(world, call)
    status = batch_progress.standing(job, world.now()).status
    if status in ENDED:
        raise conflict(f"The job has already ended with the status {status} and can't be stopped.")
    if status != "Stopping":
        world.batches.put(job.model_copy(update={"stop_requested": world.now()}))
    return {}


def _shown(world: World, job: BatchJob) -> dict[str, Any]:
    at = batch_progress.standing(job, world.now())
    failed = min(job.failing, at.processed)
    shown = {
        "jobArn": job.arn,
        "jobName": job.name,
        "modelId": job.model_id,
        "clientRequestToken": job.token,
        "status": at.status,
        "message": job.fails if at.status == "Failed" else None,
        "submitTime": job.created,
        "lastModifiedTime": at.ended or job.stop_requested or job.created,
        "endTime": at.ended,
        "totalRecordCount": job.records,
        "processedRecordCount": at.processed,
        "successRecordCount": at.processed - failed,
        "errorRecordCount": failed,
        **job.request,
    }
    return {name: value for name, value in shown.items() if value is not None}


def _found(world: World, call: Call) -> BatchJob:
    wanted = str(call["jobIdentifier"]).rsplit("/", 1)[-1]
    job = next((each for each in world.batches.of(call.region) if each.arn.endswith(f"/{wanted}")), None)
    if job is None:
        raise not_found("Could not find the model invocation job.")
    return job
