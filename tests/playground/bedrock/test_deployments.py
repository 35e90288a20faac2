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


def _deployed(east: Bench, clock: SimulatedClock) -> tuple[str, str]:
    """Return the ARNs of a deployment that is active and of the model that it serves."""
    model = east.trained()
    arn = east.bedrock.create_custom_model_deployment(modelDeploymentName="d", modelArn=model)
    clock.advance(500)
    return arn["customModelDeploymentArn"], model


def test_a_newer_model_takes_the_place_behind_the_same_arn(
    east: Bench, clock: SimulatedClock, refused: Refused
) -> None:
    (arn, old), bedrock = _deployed(east, clock), east.bedrock
    new = east.trained("second")
    update, get = bedrock.update_custom_model_deployment, bedrock.get_custom_model_deployment
    assert "updateDetails" not in get(customModelDeploymentIdentifier=arn)
    assert update(customModelDeploymentIdentifier=arn, modelArn=new)["customModelDeploymentArn"] == arn

    under_way = get(customModelDeploymentIdentifier=arn)
    assert (under_way["status"], under_way["modelArn"]) == ("Active", old), "the old one answers until then"
    assert under_way["updateDetails"] == {"modelArn": new, "updateStatus": "Updating"}
    code, _ = refused(update, customModelDeploymentIdentifier=arn, modelArn=old)
    assert code == "ValidationException", "the service model has no conflict here"
    delete = bedrock.delete_custom_model_deployment
    assert refused(delete, customModelDeploymentIdentifier=arn)[0] == "ConflictException"
    clock.advance(300)
    done = get(customModelDeploymentIdentifier=arn)
    assert (done["modelArn"], done["updateDetails"]["updateStatus"]) == (new, "UpdateCompleted")


def test_a_change_of_the_model_can_fail_and_the_old_one_goes_on(east: Bench, clock: SimulatedClock) -> None:
    (arn, old), new = _deployed(east, clock), east.trained("second")
    east.stand_in.faults.order("fail_update")
    east.bedrock.update_custom_model_deployment(customModelDeploymentIdentifier=arn, modelArn=new)
    clock.advance(300)
    after = east.bedrock.get_custom_model_deployment(customModelDeploymentIdentifier=arn)
    assert (after["status"], after["modelArn"]) == ("Active", old)
    assert after["updateDetails"] == {"modelArn": new, "updateStatus": "UpdateFailed"}


def test_requests_a_minute_are_bounded_and_service_quotas_tells_by_how_much(
    east: Bench, clock: SimulatedClock, refused: Refused
) -> None:
    arn, _ = _deployed(east, clock)
    east.stand_in.world.quotas.deployment_requests = 2
    quotas = client(east.stand_in, "service-quotas", east.region)
    named = {
        each["QuotaName"]: each["Value"]
        for page in quotas.get_paginator("list_service_quotas").paginate(
            ServiceCode="bedrock", PaginationConfig={"PageSize": 3}
        )
        for each in page["Quotas"]
    }
    of_lite = "(Model customization) Sum of on demand custom model deployment requests per minute for Amazon Nova Lite"
    assert named[of_lite] == 2.0
    assert named["(Model customization) In-progress custom model deployments"] == 2.0
    assert refused(quotas.list_service_quotas, ServiceCode="ec2")[0] == "NoSuchResourceException"

    runtime = client(east.stand_in, "bedrock-runtime", east.region)
    ask = {"modelId": arn, "messages": [{"role": "user", "content": [{"text": "Who?"}]}]}
    for _ in range(2):
        runtime.converse(**ask)
    assert refused(runtime.converse, **ask)[0] == "ThrottlingException"
    clock.advance(60)
    assert runtime.converse(**ask)["stopReason"]
