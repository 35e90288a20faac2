"""Bases of two regions side by side: what is made keeps its region, also when the settings have it no longer."""

import boto3
import pytest

from bot.playground.bedrock import BedrockStandIn
from tests.scenarios.conftest import addresses, slack_for
from tests.scenarios.doors import by_socket
from tests.scenarios.house import CHANNEL, HOUR, House, nova_rows

pytestmark = [pytest.mark.scenario, pytest.mark.redis_server]

WEST, EAST = "us-west-2", "us-east-1"


def jobs(region: str) -> dict[str, str]:
    """Return what Bedrock really has there: each job's bucket by its name."""
    bedrock = boto3.client("bedrock", region_name=region)
    found = bedrock.list_model_customization_jobs()["modelCustomizationJobSummaries"]
    made = {
        each["jobName"]: bedrock.get_model_customization_job(jobIdentifier=each["jobArn"]) for each in found
    }
    return {name: each["trainingDataConfig"]["s3Uri"].split("/")[2] for name, each in made.items()}


def test_each_in_its_own_region_from_its_file_to_its_end(
    bedrock: BedrockStandIn, settings: dict[str, str]
) -> None:
    with slack_for(bedrock=bedrock) as slack:
        environment = settings | addresses(slack) | {"TUNESMITH_APPROVAL_LIMIT_USD": "100"}
        house = House(slack, bedrock, environment)
        with by_socket(environment, slack):
            house.job("claims-router")
            file = house.trainer.uploads(CHANNEL, "routes.jsonl", nova_rows(20))
            house.trainer.slash("/tune", f"validate {file['id']} for nova-micro", CHANNEL)
            house.trainer.clicks(
                house.waits("`routes.jsonl` is ready", button="dataset.start"), "dataset.start"
            )
            answer = house.trainer.submits(house.form(), {"model_name": "routes", "job_name": "routes-job"})
            assert not answer["errors"], answer["errors"]
            house.trainer.clicks(house.waits("routes-job", button="plan.start job"), "plan.start")
            house.waits("routes-job", "stages done", button="job.stop")
            assert jobs(WEST) == {"claims-router-job": bedrock.buckets[WEST]}
            assert jobs(EAST) == {"routes-job": bedrock.buckets[EAST]}

        # Nothing new is to be made in the east, and the western bucket is another one.
        bedrock.world.buckets.create("northwind-new", WEST)
        with by_socket(environment | {"TUNESMITH_BUCKETS": f"{WEST}=northwind-new"}, slack):
            house.passes(2 * HOUR)
            for model in ("routes", "claims-router"):
                house.waits(f"`{model}` is trained", button="model.serve")
            asked = {call.region for call in bedrock.log.of("GetModelCustomizationJob", outcome="ok")}
            assert asked == {WEST, EAST}
            house.trainer.slash("/tune", "serve routes", CHANNEL)
            house.waits("`routes`", "being made", button="deployment.remove")
            house.until(lambda: bedrock.log.of("CreateCustomModelDeployment", outcome="ok"), "the deployment")
            [made] = bedrock.log.of("CreateCustomModelDeployment", outcome="ok")
            assert made.region == EAST
