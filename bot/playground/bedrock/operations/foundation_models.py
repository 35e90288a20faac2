"""ListFoundationModels and GetFoundationModel, with each base's lifecycle as of now."""

from collections.abc import Callable
from typing import Any

from bot.playground.bedrock.errors import not_found
from bot.playground.bedrock.foundation import BASES, BaseModel
from bot.playground.bedrock.registry import Call, operation
from bot.playground.bedrock.world import World, foundation_arn

_FILTERS: dict[str, Callable[[dict[str, Any], str], bool]] = {
    "byProvider": lambda shown, wanted: shown["providerName"].lower() == wanted.lower(),
    "byCustomizationType": lambda shown, wanted: wanted in shown["customizationsSupported"],
    "byOutputModality": lambda shown, wanted: wanted in shown["outputModalities"],
    "byInferenceType": lambda shown, wanted: wanted in shown["inferenceTypesSupported"],
}


@operation("bedrock", "ListFoundationModels")
def list_models(world: World, call: Call) -> dict[str, Any]:
    """Answer with the region's models; as on AWS, an ID with a context suffix is a model of its own."""
    shown = [entry for base in BASES if call.region in base.regions for entry in _entries(world, call, base)]
    for name, fits in _FILTERS.items():
        if wanted := call.get(name):
            shown = [entry for entry in shown if fits(entry, wanted)]
    return {"modelSummaries": shown}


@operation("bedrock", "GetFoundationModel")
def get(world: World, call: Call) -> dict[str, Any]:
    """Answer with one model, by ID or ARN."""
    wanted = call["modelIdentifier"]
    base = world.base_in(call.region, wanted)
    for entry in _entries(world, call, base) if base else ():
        if wanted in {entry["modelId"], entry["modelArn"]}:
            return {"modelDetails": entry}
    raise not_found("Could not resolve the foundation model from the provided model identifier.")


def _entries(world: World, call: Call, base: BaseModel) -> list[dict[str, Any]]:
    """Return the base as it is invoked on demand and, if it can be tuned, as it is trained and provisioned."""
    on_demand = (
        [] if base.profile_only else ["ON_DEMAND"]
    )  # the model's enum has no word for inference profiles
    entries = [_entry(world, call, base, base.model_id, on_demand, tunable=False)]
    if base.tuning is not None:
        provisioned = ["PROVISIONED"] if base.tuning.provisionable else []
        entries.append(_entry(world, call, base, base.tuning.train_id, provisioned, tunable=True))
    return entries


def _entry(
    world: World, call: Call, base: BaseModel, model_id: str, inference: list[str], *, tunable: bool
) -> dict[str, Any]:
    return {
        "modelArn": foundation_arn(call.region, model_id),
        "modelId": model_id,
        "modelName": base.name,
        "providerName": base.provider,
        "inputModalities": list(base.inputs),
        "outputModalities": ["TEXT"],
        "responseStreamingSupported": True,
        "customizationsSupported": ["FINE_TUNING"] if tunable else [],
        "inferenceTypesSupported": inference,
        "modelLifecycle": world.dates(base).as_response(world.now()),
    }
