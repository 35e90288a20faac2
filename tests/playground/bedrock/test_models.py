"""Foundation models and their lifecycle, custom models, tags."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.playground.bedrock import HAIKU_PUBLISHED, BedrockStandIn, LifecycleDates
from tests.playground.bedrock.conftest import HAIKU, HAIKU_TRAIN, NOVA, NOVA_TRAIN, Bench, client

if TYPE_CHECKING:
    from mypy_boto3_bedrock.client import BedrockClient

Refused = Callable[..., tuple[str, str]]


def _ids(bedrock: Any, **filters: str) -> list[str]:
    return [model["modelId"] for model in bedrock.list_foundation_models(**filters)["modelSummaries"]]


def test_each_region_lists_its_own_models(bench: Bench, east: Bench) -> None:
    assert _ids(bench.bedrock, byCustomizationType="FINE_TUNING") == [
        HAIKU_TRAIN,
        "meta.llama3-3-70b-instruct-v1:0:128k",
    ]
    assert _ids(east.bedrock, byCustomizationType="FINE_TUNING") == [
        "amazon.nova-micro-v1:0:128k",
        NOVA_TRAIN,
        "amazon.nova-pro-v1:0:300k",
        "amazon.nova-2-lite-v1:0:256k",
    ]
    assert HAIKU in _ids(bench.bedrock, byInferenceType="ON_DEMAND", byProvider="anthropic")
    assert HAIKU_TRAIN in _ids(bench.bedrock, byInferenceType="PROVISIONED")
    assert "anthropic.claude-haiku-4-5-20251001-v1:0" in _ids(east.bedrock, byOutputModality="TEXT")


def test_a_model_of_another_region_is_not_found(bedrock: "BedrockClient", refused: Refused) -> None:
    arn = f"arn:aws:bedrock:us-west-2::foundation-model/{HAIKU_TRAIN}"
    assert bedrock.get_foundation_model(modelIdentifier=arn)["modelDetails"]["modelId"] == HAIKU_TRAIN
    assert refused(bedrock.get_foundation_model, modelIdentifier=NOVA)[0] == "ResourceNotFoundException"


def test_lifecycle_follows_the_dates_and_the_clock(
    stand_in: BedrockStandIn, bedrock: "BedrockClient"
) -> None:
    def lifecycle() -> Any:
        return bedrock.get_foundation_model(modelIdentifier=HAIKU_TRAIN)["modelDetails"]["modelLifecycle"]

    assert lifecycle()["status"] == "ACTIVE"
    assert "endOfLifeTime" not in lifecycle()
    stand_in.set_lifecycle({HAIKU: HAIKU_PUBLISHED})
    assert lifecycle() == {
        "status": "LEGACY",
        "startOfLifeTime": datetime(2024, 3, 13, tzinfo=UTC),
        "legacyTime": datetime(2026, 3, 10, tzinfo=UTC),
        "publicExtendedAccessTime": datetime(2026, 6, 10, tzinfo=UTC),
        "endOfLifeTime": datetime(2026, 9, 10, tzinfo=UTC),
    }
    soon = stand_in.clock.now() + timedelta(days=1)
    stand_in.set_lifecycle({HAIKU: LifecycleDates(datetime(2024, 3, 13, tzinfo=UTC), legacy=soon)})
    assert lifecycle()["status"] == "ACTIVE"
    stand_in.clock.advance(86_401)
    assert lifecycle()["status"] == "LEGACY"


def test_a_custom_model_tells_what_it_was_made_from(
    bench: Bench, bedrock: "BedrockClient", refused: Refused
) -> None:
    arn = bench.trained(customModelTags=[{"key": "dataset", "value": "claims"}])
    model = bedrock.get_custom_model(modelIdentifier="claims-1")
    assert model["modelArn"] == arn
    assert model["jobName"] == "claims-1"
    assert model["trainingDataConfig"]["s3Uri"] == f"s3://{bench.bucket}/data/train.jsonl"
    assert model["trainingMetrics"]["trainingLoss"] > 0
    [listed] = bedrock.list_custom_models(
        nameContains="claims", foundationModelArnEquals=model["baseModelArn"]
    )["modelSummaries"]
    assert (listed["modelArn"], listed["ownerAccountId"]) == (arn, "123456789012")
    assert bedrock.list_custom_models(modelStatus="Failed")["modelSummaries"] == []
    assert bedrock.list_tags_for_resource(resourceARN=arn)["tags"] == [{"key": "dataset", "value": "claims"}]
    bedrock.delete_custom_model(modelIdentifier=arn)
    assert refused(bedrock.get_custom_model, modelIdentifier=arn)[0] == "ResourceNotFoundException"
    assert bedrock.get_model_customization_job(jobIdentifier="claims-1")["status"] == "Completed"


def test_tags_are_added_replaced_and_taken_away(
    bench: Bench, bedrock: "BedrockClient", refused: Refused
) -> None:
    arn = bench.start(jobTags=[{"key": "slack:user", "value": "U1"}])
    bedrock.tag_resource(
        resourceARN=arn, tags=[{"key": "slack:user", "value": "U2"}, {"key": "team", "value": "claims"}]
    )
    assert bedrock.list_tags_for_resource(resourceARN=arn)["tags"] == [
        {"key": "slack:user", "value": "U2"},
        {"key": "team", "value": "claims"},
    ]
    bedrock.untag_resource(resourceARN=arn, tagKeys=["team", "nothing"])
    assert len(bedrock.list_tags_for_resource(resourceARN=arn)["tags"]) == 1
    many = [{"key": f"k{n}", "value": ""} for n in range(50)]
    assert refused(bedrock.tag_resource, resourceARN=arn, tags=many)[0] == "TooManyTagsException"
    unknown = arn[:-12] + "0" * 12
    assert refused(bedrock.list_tags_for_resource, resourceARN=unknown)[0] == "ResourceNotFoundException"


def test_an_operation_that_is_not_offered_says_so(stand_in: BedrockStandIn, refused: Refused) -> None:
    code, message = refused(client(stand_in, "bedrock").list_guardrails)
    assert (code, message) == ("UnknownOperationException", "The playground does not offer ListGuardrails.")
