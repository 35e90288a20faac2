"""GetCustomModel, ListCustomModels and DeleteCustomModel."""

from typing import Any

from bot.playground.bedrock import listing, progress
from bot.playground.bedrock.errors import conflict, not_found
from bot.playground.bedrock.operations.jobs import metrics
from bot.playground.bedrock.records import CustomModel
from bot.playground.bedrock.registry import Call, operation
from bot.playground.bedrock.world import World


@operation("bedrock", "GetCustomModel")
def get(world: World, call: Call) -> dict[str, Any]:
    """Answer with a model and what it was made from."""
    model = _found(world, call)
    job = world.jobs.find(call.region, model.job_arn)
    assert job is not None, "jobs are never deleted"
    kept = ("trainingDataConfig", "validationDataConfig", "outputDataConfig")
    return {
        "modelArn": model.arn,
        "modelName": model.name,
        "jobName": model.job_name,
        "jobArn": model.job_arn,
        "baseModelArn": model.base_arn,
        "customizationType": "FINE_TUNING",
        "hyperParameters": job.hyper_parameters,
        "creationTime": model.created,
        "modelStatus": "Active",
        **{name: job.request[name] for name in kept if name in job.request},
        **({"modelKmsKeyArn": key} if (key := job.request.get("outputModelKmsKeyArn")) else {}),
        **metrics(job),
    }


@operation("bedrock", "ListCustomModels")
def list_models(world: World, call: Call) -> dict[str, Any]:
    """Answer with a page of models."""
    found = listing.select(list(world.models.of(call.region)), call, status=lambda _: "Active")
    for name in ("baseModelArnEquals", "foundationModelArnEquals"):
        if wanted := call.get(name):
            found = [model for model in found if model.base_arn == wanted]
    if call.get("modelStatus", "Active") != "Active" or call.get("isOwned") is False:
        found = []

    def show(model: CustomModel) -> dict[str, Any]:
        return {
            "modelArn": model.arn,
            "modelName": model.name,
            "creationTime": model.created,
            "baseModelArn": model.base_arn,
            "baseModelName": model.base_id.partition(":")[0],
            "customizationType": "FINE_TUNING",
            "ownerAccountId": world.account,
            "modelStatus": "Active",
        }

    return listing.page(found, call, "modelSummaries", show)


@operation("bedrock", "DeleteCustomModel")
def delete(world: World, call: Call) -> dict[str, Any]:
    """Delete a model that nothing serves (own wording for one in use)."""
    model = _found(world, call)
    serving = [
        *(t.name for t in world.throughputs if model.arn in {t.model_arn, t.pending_model_arn}),
        *(d.name for d in world.deployments if model.arn in progress.models_in_use(d, world.now())),
    ]
    if serving:
        raise conflict(f"The model {model.name} is in use by {', '.join(serving)}. Delete that first.")
    world.models.remove(model.arn)
    return {}


def _found(world: World, call: Call) -> CustomModel:
    model = world.models.find(call.region, call["modelIdentifier"])
    if model is None:
        raise not_found("The provided model identifier does not exist in your account.")
    return model
