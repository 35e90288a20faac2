"""Service Quotas, of which only Bedrock's quotas of deployments and of model units are told.

Their names are as the console has them.
"""

from typing import Any

from bot.playground.bedrock.errors import ServiceFault
from bot.playground.bedrock.foundation import deployable_in
from bot.playground.bedrock.registry import Call, operation
from bot.playground.bedrock.world import World

_SUM = "(Model customization) Sum of on demand custom model deployment"


_MODEL_UNITS = "Model units no-commitment Provisioned Throughputs across custom models"
_CODES = {_MODEL_UNITS: "L-BE77399C"}
"""Those codes that are published; others are made up here."""


@operation("service-quotas", "ListServiceQuotas")
def list_quotas(world: World, call: Call) -> dict[str, Any]:
    """Answer with a page of what the account may have and ask in the region."""
    if call["ServiceCode"] != "bedrock":
        raise ServiceFault(
            "NoSuchResourceException", "The request failed because the specified service does not exist."
        )
    every = _quotas(world, call.region)
    begin, size = int(call.get("NextToken") or 0), int(call.get("MaxResults") or 100)
    rest = {"NextToken": str(begin + size)} if begin + size < len(every) else {}
    return {"Quotas": every[begin : begin + size], **rest}


def _quotas(world: World, region: str) -> list[dict[str, Any]]:
    quotas = world.quotas
    named = {
        "(Model customization) In-progress custom model deployments": (quotas.deployments_in_progress, True),
        "(Model customization) Total number of custom model deployments": (quotas.deployments, True),
    }
    named[_MODEL_UNITS] = (quotas.model_units, True)
    for base in deployable_in(region):
        named[f"{_SUM} requests per minute for {base}"] = (quotas.deployment_requests, False)
        named[f"{_SUM} tokens per minute for {base}"] = (quotas.deployment_tokens, False)
    return [
        {
            "ServiceCode": "bedrock",
            "ServiceName": "Amazon Bedrock",
            "QuotaArn": f"arn:aws:servicequotas:{region}:{world.account}:bedrock/{_CODES.get(name, f'L-{number:08X}')}",
            "QuotaCode": _CODES.get(name, f"L-{number:08X}"),
            "QuotaName": name,
            "Value": float(value),
            "Unit": "None",
            "Adjustable": adjustable,
            "GlobalQuota": False,
        }
        for number, (name, (value, adjustable)) in enumerate(named.items(), start=1)
    ]
