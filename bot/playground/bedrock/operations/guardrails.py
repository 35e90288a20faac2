"""ApplyGuardrail and GetGuardrail: one that is always there, and stops what plainly fights a model's safety.

Numbers of American social security it masks, and so steps in as well, as AWS has it.
"""

import math
import re
from typing import Any

from bot.playground.bedrock.errors import invalid, not_found
from bot.playground.bedrock.registry import Call, operation
from bot.playground.bedrock.world import World

GUARDRAIL = "playground1"
"""Its ID; it has a version 1 and a draft."""
_UNIT = 1_000
_MOST = 25 * _UNIT
_BLOCKED = "Sorry, the model cannot answer this question."
_ATTACK = re.compile(
    r"\b(?:ignore|forget|override) .{0,40}(?:instructions|rules|guidelines)|\bDAN\b", re.IGNORECASE
)
_NUMBER = re.compile(r"\b\d{3}-\d{2}-\d{4}\b")


@operation("bedrock-runtime", "ApplyGuardrail")
def apply(world: World, call: Call) -> dict[str, Any]:  # noqa: ARG001 - it knows no more than its text
    """Say whether the text may pass, and what it is billed by."""
    _check_known(call)
    text = "\n".join(str(block["text"]["text"]) for block in call["content"] if "text" in block)
    if not text:
        raise invalid("The content to assess is empty.")
    if len(text) > _MOST:
        raise invalid("The input text exceeds the maximum of 25 text units.")
    stopped = call["source"] == "INPUT" and _ATTACK.search(text) is not None
    numbers = sorted(set(_NUMBER.findall(text)))
    found = (_attack() if stopped else {}) | (_masked(numbers) if numbers else {})
    instead = _BLOCKED if stopped else _NUMBER.sub("{US_SOCIAL_SECURITY_NUMBER}", text)
    return {
        "usage": _usage(math.ceil(len(text) / _UNIT)),
        "action": "GUARDRAIL_INTERVENED" if found else "NONE",
        "outputs": [{"text": instead}] if found else [],
        "assessments": [found] if found else [],
    }


@operation("bedrock", "GetGuardrail")
def get(world: World, call: Call) -> dict[str, Any]:
    """Describe it, or its draft."""
    _check_known(call)
    arn = f"arn:aws:bedrock:{call.region}:{world.account}:guardrail/{GUARDRAIL}"
    return {
        "name": GUARDRAIL,
        "guardrailId": GUARDRAIL,
        "guardrailArn": arn,
        "version": call.get("guardrailVersion") or "DRAFT",
        "status": "READY",
        "createdAt": world.now(),
        "updatedAt": world.now(),
        "blockedInputMessaging": _BLOCKED,
        "blockedOutputsMessaging": _BLOCKED,
    }


def _check_known(call: Call) -> None:
    """Return when it is the one that there is.

    Raises:
        ServiceFault: it is not.
    """
    known = call["guardrailIdentifier"].rpartition("/")[2] == GUARDRAIL
    if not known or (call.get("guardrailVersion") or "DRAFT") not in ("1", "DRAFT"):
        raise not_found("The guardrail identifier or version provided in the request does not exist.")


def _masked(numbers: list[str]) -> dict[str, Any]:
    found = [
        {"type": "US_SOCIAL_SECURITY_NUMBER", "match": each, "action": "ANONYMIZED", "detected": True}
        for each in numbers
    ]
    return {"sensitiveInformationPolicy": {"piiEntities": found, "regexes": []}}


def _attack() -> dict[str, Any]:
    found = {"type": "PROMPT_ATTACK", "confidence": "HIGH", "filterStrength": "HIGH", "action": "BLOCKED"}
    return {"contentPolicy": {"filters": [found]}}


def _usage(units: int) -> dict[str, int]:
    return {
        "topicPolicyUnits": 0,
        "contentPolicyUnits": units,
        "wordPolicyUnits": 0,
        "sensitiveInformationPolicyUnits": 0,
        "sensitiveInformationPolicyFreeUnits": 0,
        "contextualGroundingPolicyUnits": 0,
    }
