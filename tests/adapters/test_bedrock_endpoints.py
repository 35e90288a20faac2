from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.adapters.bedrock_endpoints import BedrockEndpoints
from bot.errors import Refused, Throttled
from bot.leases.drafting import freeze
from bot.leases.endpoint import EndpointStatus, LeasePlan
from bot.profiles.model import Serving
from tests.adapters.aws import StubbedClients
from tests.unit.jobs.samples import model

SEEN = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
CREATED = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PT, DEPLOYMENT = Serving.PROVISIONED_THROUGHPUT, Serving.ON_DEMAND_DEPLOYMENT
PT_ARN = "arn:aws:bedrock:us-west-2:123456789012:provisioned-model/abcdefabcdef"
DEPLOYMENT_ARN = "arn:aws:bedrock:us-east-1:123456789012:custom-model-deployment/abcdefabcdef"
BASE_ARN = "arn:aws:bedrock:us-west-2::foundation-model/anthropic.claude-3-haiku-20240307-v1:0:200k"


@pytest.fixture
def clients() -> Iterator[StubbedClients]:
    made = StubbedClients()
    yield made
    made.all_made()


@pytest.fixture
def endpoints(clients: StubbedClients) -> BedrockEndpoints:
    return BedrockEndpoints(clients)


def plan(profile: str = "claude-3-haiku") -> LeasePlan:
    return freeze(
        model(profile=profile), minutes=60, longest=480, owner="U1", channel="C1", request="trigger-1"
    )


def throughput(status: str = "InService", **changes: Any) -> dict[str, Any]:
    return {
        "modelUnits": 1,
        "desiredModelUnits": 1,
        "provisionedModelName": plan().endpoint_name,
        "provisionedModelArn": PT_ARN,
        "modelArn": plan().model_arn,
        "desiredModelArn": plan().model_arn,
        "foundationModelArn": BASE_ARN,
        "status": status,
        "creationTime": CREATED,
        "lastModifiedTime": CREATED,
        **changes,
    }


def test_throughput_is_created_by_the_hour_with_the_plans_token(
    clients: StubbedClients, endpoints: BedrockEndpoints
) -> None:
    clients.expect(
        "bedrock",
        "create_provisioned_model_throughput",
        {"provisionedModelArn": PT_ARN},
        {
            "provisionedModelName": plan().endpoint_name,
            "modelId": plan().model_arn,
            "modelUnits": 1,
            "clientRequestToken": plan().digest,
            "tags": [{"key": "managed-by", "value": "tunesmith"}],
        },
    )

    assert endpoints.create(plan(), {"managed-by": "tunesmith"}) == PT_ARN


def test_a_nova_model_is_deployed_instead(clients: StubbedClients, endpoints: BedrockEndpoints) -> None:
    wanted = plan("nova-lite")
    clients.expect(
        "bedrock",
        "create_custom_model_deployment",
        {"customModelDeploymentArn": DEPLOYMENT_ARN},
        {
            "modelDeploymentName": wanted.endpoint_name,
            "modelArn": wanted.model_arn,
            "clientRequestToken": wanted.digest,
            "tags": [],
        },
    )

    assert endpoints.create(wanted, {}) == DEPLOYMENT_ARN


@pytest.mark.parametrize("profile", ["claude-3-haiku", "nova-lite"])
def test_a_name_that_the_service_would_refuse_is_never_sent(
    endpoints: BedrockEndpoints, profile: str
) -> None:
    with pytest.raises(Refused):
        endpoints.create(replace(plan(profile), endpoint_name="no dots. no spaces"), {})


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Creating", EndpointStatus.CREATING),
        ("InService", EndpointStatus.IN_SERVICE),
        ("Updating", EndpointStatus.UPDATING),
        ("Failed", EndpointStatus.FAILED),
        ("Pondering", EndpointStatus.UPDATING),
    ],
)
def test_throughput_is_told_in_our_words(
    clients: StubbedClients, endpoints: BedrockEndpoints, word: str, status: EndpointStatus
) -> None:
    clients.expect(
        "bedrock",
        "get_provisioned_model_throughput",
        throughput(word, failureMessage="why"),
        {"provisionedModelId": PT_ARN},
    )

    seen = endpoints.get("us-west-2", PT, PT_ARN)

    assert seen is not None
    assert (seen.status, seen.seen_at, seen.created, seen.failure) == (status, SEEN, CREATED, "why")


def test_a_deployment_is_told_in_the_same_words(clients: StubbedClients, endpoints: BedrockEndpoints) -> None:
    said = {
        "customModelDeploymentArn": DEPLOYMENT_ARN,
        "modelDeploymentName": "router-1",
        "modelArn": plan("nova-lite").model_arn,
        "createdAt": CREATED,
        "status": "Active",
    }
    clients.expect("bedrock", "get_custom_model_deployment", said)

    seen = endpoints.get("us-east-1", DEPLOYMENT, "router-1")

    assert seen is not None
    assert (seen.name, seen.arn, seen.status) == ("router-1", DEPLOYMENT_ARN, EndpointStatus.IN_SERVICE)


@pytest.mark.parametrize(
    ("serving", "method"),
    [(PT, "get_provisioned_model_throughput"), (DEPLOYMENT, "get_custom_model_deployment")],
)
def test_what_is_gone_is_none(
    clients: StubbedClients, endpoints: BedrockEndpoints, serving: Serving, method: str
) -> None:
    clients.refuse("bedrock", method, "ResourceNotFoundException", status=404)

    assert endpoints.get("us-west-2", serving, "x") is None


def test_all_pages_of_both_kinds_are_listed(clients: StubbedClients, endpoints: BedrockEndpoints) -> None:
    method = "list_provisioned_model_throughputs"
    first = {"provisionedModelSummaries": [throughput()], "nextToken": "more"}
    clients.expect("bedrock", method, first, {"maxResults": 100})
    clients.expect(
        "bedrock",
        method,
        {"provisionedModelSummaries": [throughput()]},
        {"maxResults": 100, "nextToken": "more"},
    )
    summary = {
        "customModelDeploymentArn": DEPLOYMENT_ARN,
        "customModelDeploymentName": "router-1",
        "modelArn": plan("nova-lite").model_arn,
        "createdAt": CREATED,
        "status": "Creating",
    }
    clients.expect("bedrock", "list_custom_model_deployments", {"modelDeploymentSummaries": [summary]})

    assert len(endpoints.list_all("us-west-2", PT)) == 2
    assert [each.name for each in endpoints.list_all("us-east-1", DEPLOYMENT)] == ["router-1"]


@pytest.mark.parametrize(
    ("serving", "method"),
    [(PT, "delete_provisioned_model_throughput"), (DEPLOYMENT, "delete_custom_model_deployment")],
)
def test_deleting_what_is_gone_is_no_error_and_what_is_being_made_waits(
    clients: StubbedClients, endpoints: BedrockEndpoints, serving: Serving, method: str
) -> None:
    clients.expect("bedrock", method, {})
    clients.refuse("bedrock", method, "ResourceNotFoundException", status=404)
    clients.refuse("bedrock", method, "ConflictException", status=400)

    endpoints.delete("us-west-2", serving, PT_ARN)
    endpoints.delete("us-west-2", serving, PT_ARN)
    with pytest.raises(Throttled):
        endpoints.delete("us-west-2", serving, PT_ARN)


def test_tags_are_read_and_set(clients: StubbedClients, endpoints: BedrockEndpoints) -> None:
    clients.expect("bedrock", "list_tags_for_resource", {"tags": [{"key": "a", "value": "b"}]})
    wanted = {"resourceARN": PT_ARN, "tags": [{"key": "release-by", "value": "2026-11-22T10:00:00+00:00"}]}
    clients.expect("bedrock", "tag_resource", {}, wanted)

    assert endpoints.tags("us-west-2", PT_ARN) == {"a": "b"}
    endpoints.tag("us-west-2", PT_ARN, {"release-by": "2026-11-22T10:00:00+00:00"})
