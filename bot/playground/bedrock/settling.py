"""What comes of a job when its time is up: the model and the files in S3, written on the first look afterwards."""

import math

from bot.playground.bedrock import batches, progress
from bot.playground.bedrock.records import CustomModel, Job
from bot.playground.bedrock.world import World


def settle(world: World) -> None:
    """Write the results of every job that has completed since the last look."""
    now = world.now()
    batches.settle(world, now)
    for job in world.jobs:
        if job.settled:
            continue
        standing = progress.standing(job, now)
        if standing.ended is None:
            continue
        if standing.status == "Completed":
            # The job is written last: a kill in between has all of it written again.
            _write_files(world, job)
            world.models.put(_model_of(job, standing))
        world.jobs.put(job.model_copy(update={"settled": True}))


def artefact_prefix(job: Job) -> str:
    """Return the S3 URI under which a job's files are written."""
    output = str(job.request["outputDataConfig"]["s3Uri"]).rstrip("/")
    return f"{output}/model-customization-job-{job.arn.rsplit('/', 1)[-1]}"


def _model_of(job: Job, standing: progress.Standing) -> CustomModel:
    assert standing.ended is not None
    return CustomModel(
        arn=job.model_arn,
        name=job.model_name,
        region=job.region,
        created=standing.ended,
        job_arn=job.arn,
        job_name=job.name,
        base_id=job.base_id,
        base_arn=job.base_arn,
    )


def _write_files(world: World, job: Job) -> None:
    """Write both files where AWS's notebooks find them; readers should look for the name, not the folder."""
    prefix = artefact_prefix(job)
    world.buckets.write(
        f"{prefix}/training_artifacts/step_wise_training_metrics.csv", _training_csv(world, job)
    )
    if job.curves.validation:
        world.buckets.write(
            f"{prefix}/validation_artifacts/post_fine_tuning_validation/validation/validation_metrics.csv",
            _validation_csv(world, job),
        )


def _training_csv(world: World, job: Job) -> bytes:
    """Steps count from 0 and epochs from 1, as in a real file for Claude 3 Haiku."""
    per_epoch = job.curves.steps_per_epoch
    rows = [(step, step // per_epoch + 1, loss) for step, loss in enumerate(job.curves.training)]
    return _csv("training_loss", rows, perplexity=_has_perplexity(world, job))


def _validation_csv(world: World, job: Job) -> bytes:
    """One row an epoch; the step is the number of steps so far, so it counts from 1."""
    rows = [(row.step, row.epoch, row.loss) for row in job.curves.validation]
    return _csv("validation_loss", rows, perplexity=_has_perplexity(world, job))


def _csv(column: str, rows: list[tuple[int, int, float]], *, perplexity: bool) -> bytes:
    head = f"step_number,epoch_number,{column}" + (",perplexity" if perplexity else "")
    lines = [
        f"{step},{epoch},{loss}" + (f",{math.exp(loss):.6f}" if perplexity else "")
        for step, epoch, loss in rows
    ]
    return ("\n".join([head, *lines]) + "\n").encode()


def _has_perplexity(world: World, job: Job) -> bool:
    """The real file for Claude 3 Haiku has no perplexity; the documentation's, for the others, has."""
    base = world.base_in(job.region, job.base_id)
    return base is not None and base.tuning is not None and base.tuning.perplexity
