"""Further jobs: one again with other hyperparameters, several that differ in one, and one that the console made."""

import contextlib

import boto3
import pytest

from tests.scenarios.house import CHANNEL, CLAIMS, HOUR, House, Json

pytestmark = [pytest.mark.scenario, pytest.mark.redis_server]

JOB = "CreateModelCustomizationJob"
REGION = "us-west-2"


def _jobs() -> dict[str, str]:
    """Return the jobs that Bedrock really has, with their epochs."""
    bedrock = boto3.client("bedrock", region_name=REGION)
    names = [
        each["jobName"] for each in bedrock.list_model_customization_jobs()["modelCustomizationJobSummaries"]
    ]
    jobs = {each: bedrock.get_model_customization_job(jobIdentifier=each) for each in names}
    return {name: str(job["hyperParameters"]["epochCount"]) for name, job in jobs.items()}


def _epochs() -> list[str]:
    return sorted(_jobs().values())


def _listed(house: House, job: str) -> Json:
    """Ask for all jobs until the account's own are there too: the first answer does not wait for AWS."""
    for _ in range(20):
        house.trainer.slash("/tune", "jobs all", CHANNEL)
        house.slack.wait_until_delivered()
        with contextlib.suppress(AssertionError):
            return house.waits(job, button="job.follow", patience=0.5)
    raise AssertionError(house.told(house.trainer))


def test_again_plans_the_same_job_with_what_was_changed(house: House) -> None:
    house.model()

    before = str(house.trainer.sees(CHANNEL)[-1]["ts"])
    house.trainer.slash("/tune", "again claims-router-job with epochCount=4", CHANNEL)
    plan = house.waits("claims-router-job-2", button="plan.start job", after=before)
    house.trainer.clicks(plan, "plan.start")
    house.waits("claims-router-job-2", "stages done", button="job.stop", after=before)
    house.passes(2 * HOUR)
    house.waits("claims-router-2", "is trained", button="model.serve", after=before)

    assert house.created(JOB) == 2
    assert _epochs() == ["2", "4"]


def test_again_without_a_change_opens_the_form_with_the_jobs_values(house: House) -> None:
    house.model()

    house.trainer.slash("/tune", "again claims-router-job", CHANNEL)
    answer = house.trainer.submits(house.form(), {"hyperparameter.claude-3-haiku.epochCount": "5"})
    assert not answer["errors"], answer["errors"]
    house.trainer.clicks(house.waits(button="plan.start job"), "plan.start")
    house.until(lambda: _epochs() == ["2", "5"], "the second job")


def test_a_sweep_is_one_press_and_as_many_jobs(house: House) -> None:
    house.dataset()

    house.trainer.slash("/tune", "sweep claims epochCount=1,3", CHANNEL)
    plan = house.waits("Epochs", button="plan.start sweep")
    assert house.created(JOB) == 0
    house.trainer.clicks(plan, "plan.start")
    house.until(lambda: _epochs() == ["1", "3"], "both jobs")
    house.passes(2 * HOUR)
    for name in _jobs():
        house.waits(name, "is trained", button="model.serve")
    house.waits_patiently("The sweep over", "2 of 2 models trained")
    assert house.created(JOB) == 2


def test_a_sweep_that_overlaps_another_starts_and_prices_the_rest(house: House) -> None:
    house.dataset()

    house.trainer.slash("/tune", "sweep claims epochCount=1,2", CHANNEL)
    two = house.waits("2 jobs", "Epochs", button="plan.start sweep")
    house.trainer.slash("/tune", "sweep claims epochCount=1,2,3", CHANNEL)
    three = house.waits("3 jobs", "Epochs", button="plan.start sweep")
    house.trainer.clicks(two, "plan.start")
    house.until(lambda: _epochs() == ["1", "2"], "the jobs of the first")
    house.trainer.clicks(three, "plan.start")
    house.until(lambda: _epochs() == ["1", "2", "3"], "the one that is left")
    rest = house.waits("of 1 job done", "2 values left out, since those jobs exist already")
    assert "Left out, since these jobs exist already" in house.details(rest)
    assert house.created(JOB) == 3


def test_a_job_of_the_console_is_followed_to_its_end(house: House) -> None:
    bucket = house.bedrock.buckets[REGION]
    boto3.client("s3", region_name=REGION).put_object(Bucket=bucket, Key="console/claims.jsonl", Body=CLAIMS)
    boto3.client("bedrock", region_name=REGION).create_model_customization_job(
        jobName="made-in-the-console",
        customModelName="console-router",
        roleArn=house.bedrock.role_arn,
        baseModelIdentifier="anthropic.claude-3-haiku-20240307-v1:0:200k",
        customizationType="FINE_TUNING",
        trainingDataConfig={"s3Uri": f"s3://{bucket}/console/claims.jsonl"},
        outputDataConfig={"s3Uri": f"s3://{bucket}/console/out/"},
        hyperParameters={"epochCount": "2", "batchSize": "32", "learningRateMultiplier": "1"},
    )

    listed = _listed(house, "made-in-the-console")
    house.trainer.selects(listed, "job.follow", f"{REGION} made-in-the-console")
    house.waits("made-in-the-console", "stages done", button="job.stop")
    house.passes(2 * HOUR)
    house.waits("console-router", "is trained", button="model.serve")
    assert house.created(JOB) == 1
