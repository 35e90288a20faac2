"""GetModelCustomizationJob, ListModelCustomizationJobs and StopModelCustomizationJob."""

from typing import Any

from bot.playground.bedrock import listing, progress
from bot.playground.bedrock.errors import conflict, not_found
from bot.playground.bedrock.records import Job
from bot.playground.bedrock.registry import Call, operation
from bot.playground.bedrock.world import World


@operation("bedrock", "GetModelCustomizationJob")
def get(world: World, call: Call) -> dict[str, Any]:
    """Answer with all about one job, by name or ARN."""
    job = _found(world, call)
    standing = progress.standing(job, world.now())
    answer = {
        "jobArn": job.arn,
        "jobName": job.name,
        "outputModelName": job.model_name,
        "clientRequestToken": job.token,
        "status": standing.status,
        "statusDetails": standing.details(),
        "creationTime": job.created,
        "lastModifiedTime": standing.changed,
        "endTime": standing.ended,
        "baseModelArn": job.base_arn,
        "hyperParameters": job.hyper_parameters,
        "customizationType": "FINE_TUNING",
        **job.request,
    }
    # A required member of the answer, by botocore's model.
    answer.setdefault("validationDataConfig", {"validators": []})
    if standing.status == "Failed":
        answer["failureMessage"] = job.plan.failure_message
    if standing.status == "Completed":
        answer |= {"outputModelArn": job.model_arn, **metrics(job)}
    return answer


@operation("bedrock", "ListModelCustomizationJobs")
def list_jobs(world: World, call: Call) -> dict[str, Any]:
    """Answer with a page of jobs."""
    now = world.now()
    found = listing.select(
        list(world.jobs.of(call.region)), call, status=lambda job: progress.standing(job, now).status
    )

    def show(job: Job) -> dict[str, Any]:
        standing = progress.standing(job, now)
        done = standing.status == "Completed"
        return {
            "jobArn": job.arn,
            "jobName": job.name,
            "baseModelArn": job.base_arn,
            "status": standing.status,
            "statusDetails": standing.details(),
            "creationTime": job.created,
            "lastModifiedTime": standing.changed,
            "endTime": standing.ended,
            "customModelArn": job.model_arn if done else None,
            "customModelName": job.model_name if done else None,
            "customizationType": "FINE_TUNING",
        }

    return listing.page(found, call, "modelCustomizationJobSummaries", show)


@operation("bedrock", "StopModelCustomizationJob")
def stop(world: World, call: Call) -> dict[str, Any]:
    """Begin to stop a job; once it is stopping, a repeat changes nothing (own wording for one that has ended)."""
    job = _found(world, call)
    status = progress.standing(job, world.now()).status
    if status == "Stopping":
        return {}
    if status != "InProgress":
        raise conflict(f"The job {job.name} has already ended with the status {status} and can't be stopped.")
    world.jobs.put(job.model_copy(update={"stop_requested": world.now()}))
    return {}


def metrics(job: Job) -> dict[str, Any]:
    """Return the final losses as the service model has them."""
    answer: dict[str, Any] = {"trainingMetrics": {"trainingLoss": job.curves.training[-1]}}
    if job.curves.validation:
        answer["validationMetrics"] = [{"validationLoss": job.curves.validation[-1].loss}]
    return answer


def _found(world: World, call: Call) -> Job:
    job = world.jobs.find(call.region, call["jobIdentifier"])
    if job is None:
        raise not_found("The provided job identifier does not exist in your account.")
    return job
