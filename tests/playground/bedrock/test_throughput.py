from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.playground.bedrock import HAIKU_PUBLISHED, BedrockStandIn, SimulatedClock
from tests.playground.bedrock.conftest import HAIKU, HAIKU_TRAIN, LLAMA_TRAIN, Bench, conversation_rows

if TYPE_CHECKING:
    from mypy_boto3_bedrock.client import BedrockClient

Refused = Callable[..., tuple[str, str]]


@pytest.fixture
def unfunded(clock: SimulatedClock) -> Iterator[BedrockStandIn]:
    with BedrockStandIn(clock=clock, model_units_quota=0) as running:
        yield running


def test_throughput_is_created_served_and_deleted(
    bench: Bench, bedrock: "BedrockClient", clock: SimulatedClock, refused: Refused
) -> None:
    model = bench.trained()
    made = clock.now()
    arn = bedrock.create_provisioned_model_throughput(
        modelUnits=2, provisionedModelName="pt_1", modelId="claims-1", tags=[{"key": "owner", "value": "U1"}]
    )["provisionedModelArn"]

    creating = bedrock.get_provisioned_model_throughput(provisionedModelId="pt_1")
    assert (creating["status"], creating["modelUnits"], creating["modelArn"]) == ("Creating", 2, model)
    code, _ = refused(bedrock.delete_provisioned_model_throughput, provisionedModelId=arn)
    assert code == "ConflictException"
    clock.advance(600)
    serving = bedrock.get_provisioned_model_throughput(provisionedModelId=arn)
    assert serving["status"] == "InService"
    assert (serving["lastModifiedTime"] - made).total_seconds() == 600
    assert serving["foundationModelArn"].endswith(HAIKU_TRAIN)
    assert bedrock.list_tags_for_resource(resourceARN=arn)["tags"] == [{"key": "owner", "value": "U1"}]
    assert refused(bedrock.delete_custom_model, modelIdentifier=model)[0] == "ConflictException"
    bedrock.delete_provisioned_model_throughput(provisionedModelId=arn)
    assert (
        refused(bedrock.get_provisioned_model_throughput, provisionedModelId=arn)[0]
        == "ResourceNotFoundException"
    )
    assert bedrock.get_custom_model(modelIdentifier=model)["modelName"] == "claims-1"


def test_a_used_token_provisions_nothing_more(bench: Bench, bedrock: "BedrockClient") -> None:
    model = bench.trained()
    arns = {
        bedrock.create_provisioned_model_throughput(
            modelUnits=1, provisionedModelName="pt", modelId=model, clientRequestToken="lease-1"
        )["provisionedModelArn"]
        for _ in range(3)
    }
    assert len(arns) == 1
    assert len(bedrock.list_provisioned_model_throughputs()["provisionedModelSummaries"]) == 1


def test_lists_filter_by_status_and_model(
    bench: Bench, bedrock: "BedrockClient", clock: SimulatedClock
) -> None:
    model = bench.trained()
    bench.provisioned(model, "first")
    bedrock.create_provisioned_model_throughput(
        modelUnits=1, provisionedModelName="second", modelId=HAIKU_TRAIN
    )

    def names(**filters: str) -> list[str]:
        answer = bedrock.list_provisioned_model_throughputs(**filters)  # type: ignore[arg-type]
        return [summary["provisionedModelName"] for summary in answer["provisionedModelSummaries"]]

    assert names() == ["second", "first"]
    assert names(statusEquals="Creating") == ["second"]
    assert names(modelArnEquals=model) == ["first"]
    assert names(nameContains="irs") == ["first"]


def test_a_swap_keeps_the_old_model_until_it_is_through(
    bench: Bench, bedrock: "BedrockClient", clock: SimulatedClock, refused: Refused
) -> None:
    old, new = bench.trained("old"), bench.trained("new")
    arn = bench.provisioned(old)
    bedrock.update_provisioned_model_throughput(
        provisionedModelId=arn, desiredModelId=new, desiredProvisionedModelName="renamed"
    )
    swapping = bedrock.get_provisioned_model_throughput(provisionedModelId="renamed")
    assert (swapping["status"], swapping["modelArn"], swapping["desiredModelArn"]) == ("Updating", old, new)
    assert (
        refused(bedrock.delete_provisioned_model_throughput, provisionedModelId=arn)[0] == "ConflictException"
    )
    assert (
        refused(bedrock.update_provisioned_model_throughput, provisionedModelId=arn, desiredModelId=old)[0]
        == "ValidationException"
    )
    clock.advance(181)
    swapped = bedrock.get_provisioned_model_throughput(provisionedModelId=arn)
    assert (swapped["status"], swapped["modelArn"]) == ("InService", new)
    bedrock.update_provisioned_model_throughput(provisionedModelId=arn, desiredProvisionedModelName="again")
    assert bedrock.get_provisioned_model_throughput(provisionedModelId="again")["modelArn"] == new


def test_an_account_without_units_is_told_so_in_awss_words(
    unfunded: BedrockStandIn, refused: Refused
) -> None:
    bench = Bench(unfunded)
    model = bench.trained()
    assert refused(
        bench.bedrock.create_provisioned_model_throughput,
        modelUnits=1,
        provisionedModelName="pt",
        modelId=model,
    ) == (
        "ServiceQuotaExceededException",
        f"Your account does not currently have any no commitment model units reserved for {HAIKU_TRAIN}.",
    )


def test_units_are_summed_and_a_commitment_needs_none(
    bench: Bench, bedrock: "BedrockClient", clock: SimulatedClock, refused: Refused
) -> None:
    model = bench.trained()
    create = bedrock.create_provisioned_model_throughput
    create(modelUnits=8, provisionedModelName="eight", modelId=model)
    code, _ = refused(create, modelUnits=3, provisionedModelName="three", modelId=model)
    assert code == "ServiceQuotaExceededException"
    create(modelUnits=3, provisionedModelName="bound", modelId=model, commitmentDuration="OneMonth")
    clock.advance(700)
    bound = bedrock.get_provisioned_model_throughput(provisionedModelId="bound")
    assert (bound["commitmentExpirationTime"] - bound["creationTime"]).days == 30
    assert (
        refused(bedrock.delete_provisioned_model_throughput, provisionedModelId="bound")[0]
        == "ConflictException"
    )
    clock.advance(31 * 86_400)
    bedrock.delete_provisioned_model_throughput(provisionedModelId="bound")


def test_a_term_is_renewed_or_held_at_its_end_where_that_is_ordered(
    bench: Bench, stand_in: BedrockStandIn, bedrock: "BedrockClient", clock: SimulatedClock, refused: Refused
) -> None:
    model = bench.trained()
    bedrock.create_provisioned_model_throughput(
        modelUnits=1, provisionedModelName="bound", modelId=model, commitmentDuration="SixMonths"
    )
    first = bedrock.get_provisioned_model_throughput(provisionedModelId="bound")
    assert first["commitmentDuration"] == "SixMonths"
    stand_in.faults.order("renew_term")
    stand_in.faults.order("hold_term")
    clock.advance(183 * 86_400)
    [listed] = bedrock.list_provisioned_model_throughputs()["provisionedModelSummaries"]
    assert listed["commitmentExpirationTime"] - first["commitmentExpirationTime"] == timedelta(days=182)
    delete = bedrock.delete_provisioned_model_throughput
    assert refused(delete, provisionedModelId="bound")[0] == "ConflictException", "it runs again"
    clock.advance(183 * 86_400)
    assert refused(delete, provisionedModelId="bound")[0] == "ConflictException", "it is over, and is held"
    delete(provisionedModelId="bound")


def test_what_may_not_be_provisioned(
    bench: Bench, stand_in: BedrockStandIn, bedrock: "BedrockClient", refused: Refused
) -> None:
    llama = bench.trained(
        "llama",
        baseModelIdentifier=LLAMA_TRAIN,
        trainingDataConfig={"s3Uri": bench.put("llama.jsonl", conversation_rows(100))},
    )
    create = bedrock.create_provisioned_model_throughput
    code, message = refused(create, modelUnits=1, provisionedModelName="a", modelId=llama)
    assert code == "ValidationException"
    assert "not supported" in message
    assert (
        refused(create, modelUnits=1, provisionedModelName="a", modelId="nobody")[0] == "ValidationException"
    )
    stand_in.set_lifecycle({HAIKU: HAIKU_PUBLISHED})
    code, message = refused(create, modelUnits=1, provisionedModelName="a", modelId=HAIKU_TRAIN)
    assert code == "ResourceNotFoundException"
    assert "Legacy" in message


def test_throughput_can_fail_to_start(bench: Bench, bedrock: "BedrockClient", clock: SimulatedClock) -> None:
    model = bench.trained()
    bench.stand_in.faults.order("fail_throughput")
    arn = bench.provisioned(model)
    failed = bedrock.get_provisioned_model_throughput(provisionedModelId=arn)
    assert failed["status"] == "Failed"
    assert failed["failureMessage"]
    bedrock.delete_provisioned_model_throughput(provisionedModelId=arn)


def test_one_name_is_given_once(bench: Bench, bedrock: "BedrockClient", refused: Refused) -> None:
    model = bench.trained()
    bench.provisioned(model)
    code, message = refused(
        bedrock.create_provisioned_model_throughput,
        modelUnits=1,
        provisionedModelName="claims-pt",
        modelId=model,
    )
    assert (code, message) == (
        "ValidationException",
        "The provided provisioned model name is currently in use.",
    )
