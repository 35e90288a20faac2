from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.adapters import bedrock_jobs
from bot.adapters.bedrock_jobs import BedrockJobs
from bot.errors import Misconfigured, Refused
from bot.jobs.model import StageState
from bot.jobs.tags import of_job
from tests.adapters.aws import StubbedClients
from tests.unit.jobs.samples import plan

SEEN = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
CREATED = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
JOB_ARN = (
    "arn:aws:bedrock:us-west-2:123456789012:model-customization-job/"
    "anthropic.claude-3-haiku-20240307-v1:0:200k/abcdefabcdef"
)
BASE_ARN = "arn:aws:bedrock:us-west-2::foundation-model/anthropic.claude-3-haiku-20240307-v1:0:200k"
WEST = "us-west-2"


@pytest.fixture
def clients() -> Iterator[StubbedClients]:
    made = StubbedClients()
    yield made
    made.all_made()


@pytest.fixture
def jobs(clients: StubbedClients) -> BedrockJobs:
    return BedrockJobs(clients)


def got(**changes: Any) -> dict[str, Any]:
    return {
        "jobArn": JOB_ARN,
        "jobName": plan().job_name,
        "outputModelName": plan().model_name,
        "clientRequestToken": plan().digest,
        "roleArn": plan().role_arn,
        "status": "InProgress",
        "creationTime": CREATED,
        "baseModelArn": BASE_ARN,
        "trainingDataConfig": {"s3Uri": plan().training_uri},
        "validationDataConfig": {"validators": []},
        "outputDataConfig": {"s3Uri": plan().output_uri},
        **changes,
    }


@pytest.mark.parametrize("key", ["", "arn:aws:kms:us-west-2:123456789012:key/1"])
def test_a_job_is_created_exactly_as_planned(clients: StubbedClients, key: str) -> None:
    jobs = BedrockJobs(clients, model_keys={"us-west-2": key, "us-east-1": "of another region"})
    encrypted = {"customModelKmsKeyId": key} if key else {}
    tags = of_job(plan(), "1.2")
    marked = [{"key": key, "value": value} for key, value in tags.items()]
    validation = "s3://tunesmith-west/datasets/v.jsonl"
    wanted = plan(validation_uri=validation)
    clients.expect(
        "bedrock",
        "create_model_customization_job",
        {"jobArn": JOB_ARN},
        {
            "jobName": wanted.job_name,
            "customModelName": wanted.model_name,
            "roleArn": wanted.role_arn,
            "clientRequestToken": wanted.digest,
            "baseModelIdentifier": wanted.base_model_id,
            "customizationType": "FINE_TUNING",
            "trainingDataConfig": {"s3Uri": wanted.training_uri},
            "validationDataConfig": {"validators": [{"s3Uri": validation}]},
            "outputDataConfig": {"s3Uri": wanted.output_uri},
            "hyperParameters": dict(wanted.hyperparameters),
            "jobTags": marked,
            "customModelTags": marked,
            **encrypted,
        },
    )

    assert jobs.create(wanted, tags) == JOB_ARN


@pytest.mark.parametrize(
    "bad",
    [
        {"job_name": "no_underscore"},
        {"model_name": "no.dots"},
        {"role_arn": "not-an-arn"},
        {"training_uri": "s3://bucket/with space.jsonl"},
        {"output_uri": "s3://Bucket/x/"},
        {"validation_uri": "s3://bucket/a=b.jsonl"},
    ],
)
def test_what_the_service_would_refuse_is_never_sent(jobs: BedrockJobs, bad: dict[str, str]) -> None:
    with pytest.raises(Refused):
        jobs.create(replace(plan(), **bad), {})  # type: ignore[arg-type]


def test_tags_that_the_service_would_refuse_are_never_sent(jobs: BedrockJobs) -> None:
    with pytest.raises(Refused):
        jobs.create(plan(), {"owner": "Zoë"})


def test_an_observation_tells_all_and_by_bedrocks_clock(clients: StubbedClients, jobs: BedrockJobs) -> None:
    later = CREATED + timedelta(minutes=3)
    details = {
        "validationDetails": {"status": "Completed", "creationTime": CREATED, "lastModifiedTime": later},
        "trainingDetails": {"status": "InProgress", "creationTime": later, "lastModifiedTime": later},
    }
    clients.expect(
        "bedrock",
        "get_model_customization_job",
        got(
            statusDetails=details,
            trainingMetrics={"trainingLoss": 0.5},
            validationMetrics=[{"validationLoss": 0.75}],
        ),
        {"jobIdentifier": JOB_ARN},
    )

    seen = jobs.get(WEST, JOB_ARN)

    assert seen is not None
    assert seen.seen_at == SEEN
    assert (seen.training_loss, seen.validation_loss, seen.client_token) == (0.5, 0.75, plan().digest)
    assert [(each.name, each.state, each.started) for each in seen.stages] == [
        ("Validation", StageState.COMPLETED, CREATED),
        ("Training", StageState.IN_PROGRESS, later),
    ]


@pytest.mark.parametrize("said", [float("nan"), float("inf"), "NaN", "Infinity"])
def test_a_loss_that_is_no_number_is_none(said: object) -> None:
    losses = {"trainingMetrics": {"trainingLoss": said}, "validationMetrics": [{"validationLoss": said}]}
    assert bedrock_jobs._losses(got() | losses) == {"training_loss": None, "validation_loss": None}


def test_a_status_of_tomorrow_is_passed_on(clients: StubbedClients, jobs: BedrockJobs) -> None:
    clients.expect(
        "bedrock",
        "get_model_customization_job",
        got(status="Pondering", statusDetails={"validationDetails": {"status": "Musing"}}),
    )

    seen = jobs.get(WEST, "x")

    assert seen is not None
    assert seen.status == "Pondering"
    assert seen.stages[0].state is StageState.IN_PROGRESS


def test_no_job_is_none_and_a_permission_is_not(clients: StubbedClients, jobs: BedrockJobs) -> None:
    clients.refuse("bedrock", "get_model_customization_job", "ResourceNotFoundException", status=404)
    clients.refuse("bedrock", "get_model_customization_job", "AccessDeniedException", status=403)

    assert jobs.get(WEST, "x") is None
    with pytest.raises(Misconfigured, match="does not allow"):
        jobs.get(WEST, "x")


def test_a_listing_goes_through_all_pages(clients: StubbedClients, jobs: BedrockJobs) -> None:
    def summary(name: str) -> dict[str, Any]:
        return {
            "jobArn": JOB_ARN,
            "baseModelArn": BASE_ARN,
            "jobName": name,
            "status": "Completed",
            "creationTime": CREATED,
            "endTime": SEEN,
        }

    common = {
        "creationTimeAfter": CREATED,
        "sortBy": "CreationTime",
        "sortOrder": "Descending",
        "maxResults": 1000,
    }
    method = "list_model_customization_jobs"
    first = {"modelCustomizationJobSummaries": [summary("a")], "nextToken": "more"}
    clients.expect("bedrock", method, first, common)
    second = {"modelCustomizationJobSummaries": [summary("b")]}
    clients.expect("bedrock", method, second, {**common, "nextToken": "more"})

    found = jobs.list_since(WEST, CREATED)

    assert [(each.name, each.ended, each.seen_at) for each in found] == [("a", SEEN, SEEN), ("b", SEEN, SEEN)]


def test_stopping_what_has_ended_is_no_error(clients: StubbedClients, jobs: BedrockJobs) -> None:
    clients.refuse("bedrock", "stop_model_customization_job", "ConflictException", "not running")
    clients.expect("bedrock", "get_model_customization_job", got(status="Completed"))

    jobs.stop(WEST, JOB_ARN)


def test_a_stop_that_is_refused_while_it_runs_is_an_error(clients: StubbedClients, jobs: BedrockJobs) -> None:
    clients.refuse("bedrock", "stop_model_customization_job", "ValidationException", "no")
    clients.expect("bedrock", "get_model_customization_job", got())

    with pytest.raises(Refused):
        jobs.stop(WEST, JOB_ARN)


def base(model_id: str, **life: Any) -> dict[str, Any]:
    return {
        "modelDetails": {
            "modelArn": BASE_ARN,
            "modelId": model_id,
            "customizationsSupported": ["FINE_TUNING"],
            "modelLifecycle": {"status": "ACTIVE", **life},
        }
    }


def test_a_life_is_told_with_its_dates(clients: StubbedClients, jobs: BedrockJobs) -> None:
    legacy, end = datetime(2026, 3, 10, tzinfo=UTC), datetime(2027, 9, 10, tzinfo=UTC)
    life = {"status": "LEGACY", "legacyTime": legacy, "endOfLifeTime": end}
    clients.expect(
        "bedrock", "get_foundation_model", base("x:0:200k", **life), {"modelIdentifier": "x:0:200k"}
    )

    found = jobs.lifecycle(WEST, "x:0:200k")

    assert (found.status, found.legacy_from, found.end_of_life, found.customizable) == (
        "LEGACY",
        legacy,
        end,
        True,
    )


def test_a_life_that_is_over_by_bedrocks_clock_has_ended(clients: StubbedClients, jobs: BedrockJobs) -> None:
    clients.expect("bedrock", "get_foundation_model", base("x", endOfLifeTime=SEEN - timedelta(days=1)))

    assert jobs.lifecycle(WEST, "x").status == "ENDED"


def test_a_training_id_that_is_gone_is_looked_up_as_its_base(
    clients: StubbedClients, jobs: BedrockJobs
) -> None:
    clients.refuse("bedrock", "get_foundation_model", "ResourceNotFoundException")
    ended = base("x:0", status="LEGACY", endOfLifeTime=CREATED)
    clients.expect("bedrock", "get_foundation_model", ended, {"modelIdentifier": "x:0"})

    found = jobs.lifecycle(WEST, "x:0:200k")

    assert (found.status, found.customizable) == ("ENDED", False)


def test_a_base_that_is_not_known_at_all_is_gone(clients: StubbedClients, jobs: BedrockJobs) -> None:
    clients.refuse("bedrock", "get_foundation_model", "ValidationException", "invalid identifier")
    clients.refuse("bedrock", "get_foundation_model", "ResourceNotFoundException")

    assert jobs.lifecycle(WEST, "x:0:200k").status == "GONE"


def test_only_bases_that_live_are_open(clients: StubbedClients, jobs: BedrockJobs) -> None:
    def each(model_id: str, **life: Any) -> dict[str, Any]:
        return {"modelArn": BASE_ARN, "modelId": model_id, "modelLifecycle": {"status": "ACTIVE", **life}}

    clients.expect(
        "bedrock",
        "list_foundation_models",
        {
            "modelSummaries": [
                each("open"),
                each("legacy", status="LEGACY"),
                each("over", endOfLifeTime=CREATED),
                {"modelArn": BASE_ARN, "modelId": "silent"},
            ]
        },
        {"byCustomizationType": "FINE_TUNING"},
    )

    assert jobs.open_bases(WEST) == ["open", "silent"]


def test_a_custom_model_is_found_by_name_or_not(clients: StubbedClients, jobs: BedrockJobs) -> None:
    arn = "arn:aws:bedrock:us-west-2:123456789012:custom-model/anthropic.claude-3-haiku-20240307-v1:0:200k/abcdefabcdef"
    reply = {"modelArn": arn, "modelName": "claims-router", "creationTime": CREATED}
    clients.expect("bedrock", "get_custom_model", reply, {"modelIdentifier": "claims-router"})
    clients.refuse("bedrock", "get_custom_model", "ResourceNotFoundException")

    assert jobs.model_arn(WEST, "claims-router") == arn
    assert jobs.model_arn(WEST, "other") is None


def test_tags_are_a_mapping(clients: StubbedClients, jobs: BedrockJobs) -> None:
    reply = {"tags": [{"key": "owner", "value": "U1"}]}
    clients.expect("bedrock", "list_tags_for_resource", reply, {"resourceARN": JOB_ARN})

    assert jobs.tags(WEST, JOB_ARN) == {"owner": "U1"}


def test_a_model_that_is_gone_is_deleted_and_one_in_use_is_not(
    clients: StubbedClients, jobs: BedrockJobs
) -> None:
    clients.refuse("bedrock", "delete_custom_model", "ResourceNotFoundException", "no such model")
    jobs.delete_model("us-west-2", "arn:aws:bedrock:us-west-2:1:custom-model/x")

    clients.refuse("bedrock", "delete_custom_model", "ConflictException", "in use by claims")
    with pytest.raises(Refused, match="still uses this model"):
        jobs.delete_model("us-west-2", "arn:aws:bedrock:us-west-2:1:custom-model/x")
