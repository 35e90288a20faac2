from collections.abc import Callable

from bot.playground.bedrock import SimulatedClock
from tests.playground.bedrock.conftest import Bench, client

Refused = Callable[..., tuple[str, str]]


def test_a_deployment_becomes_active_and_answers(
    east: Bench, clock: SimulatedClock, refused: Refused
) -> None:
    model = east.trained()
    bedrock, runtime = east.bedrock, client(east.stand_in, "bedrock-runtime", east.region)
    ask = {"messages": [{"role": "user", "content": [{"text": "Who handles a claim from Oslo?"}]}]}
    arn = bedrock.create_custom_model_deployment(
        modelDeploymentName="claims_dep", modelArn=model, description="For the claims channel"
    )["customModelDeploymentArn"]

    creating = bedrock.get_custom_model_deployment(customModelDeploymentIdentifier=arn)
    assert (creating["status"], creating["modelArn"]) == ("Creating", model)
    assert refused(runtime.converse, modelId=arn, **ask)[0] == "ValidationException"
    assert (
        refused(bedrock.delete_custom_model_deployment, customModelDeploymentIdentifier=arn)[0]
        == "ConflictException"
    )
    clock.advance(480)
    assert (
        bedrock.get_custom_model_deployment(customModelDeploymentIdentifier="claims_dep")["status"]
        == "Active"
    )
    text = runtime.converse(modelId=arn, **ask)["output"]["message"]["content"][0]["text"]
    assert text.startswith("Desk 7 handles claims from Oslo.")
    bedrock.delete_custom_model_deployment(customModelDeploymentIdentifier=arn)
    assert refused(runtime.converse, modelId=arn, **ask)[0] == "ResourceNotFoundException"
    code, _ = refused(bedrock.get_custom_model_deployment, customModelDeploymentIdentifier=arn)
    assert code == "ResourceNotFoundException"


def test_tokens_names_lists_and_the_quota(east: Bench, clock: SimulatedClock, refused: Refused) -> None:
    model = east.trained()
    bedrock = east.bedrock
    create = bedrock.create_custom_model_deployment
    arns = {
        create(modelDeploymentName="one", modelArn=model, clientRequestToken="t")["customModelDeploymentArn"]
        for _ in range(2)
    }
    assert len(arns) == 1
    assert refused(create, modelDeploymentName="one", modelArn=model)[0] == "ValidationException"
    clock.advance(1)
    create(modelDeploymentName="two", modelArn=model)
    assert refused(create, modelDeploymentName="three", modelArn=model)[0] == "ServiceQuotaExceededException"
    listed = bedrock.list_custom_model_deployments(statusEquals="Creating", modelArnEquals=model)
    assert [d["customModelDeploymentName"] for d in listed["modelDeploymentSummaries"]] == ["two", "one"]
    earlier = bedrock.list_custom_model_deployments(createdBefore=clock.now())
    assert [d["customModelDeploymentName"] for d in earlier["modelDeploymentSummaries"]] == ["one"]


def test_claude_is_not_deployed_on_demand(bench: Bench, refused: Refused) -> None:
    model = bench.trained()
    code, message = refused(
        bench.bedrock.create_custom_model_deployment, modelDeploymentName="d", modelArn=model
    )
    assert code == "ValidationException"
    assert "not supported" in message


def test_a_deployment_can_fail(east: Bench, clock: SimulatedClock) -> None:
    model = east.trained()
    east.stand_in.faults.order("fail_deployment")
    east.bedrock.create_custom_model_deployment(modelDeploymentName="d", modelArn=model)
    clock.advance(500)
    failed = east.bedrock.get_custom_model_deployment(customModelDeploymentIdentifier="d")
    assert failed["status"] == "Failed"
    assert failed["failureMessage"]
