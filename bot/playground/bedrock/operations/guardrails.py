"""ApplyGuardrail: one guardrail that is always there, and stops what plainly fights a model's safety."""

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


@operation("bedrock-runtime", "ApplyGuardrail")
def apply(world: World, call: Call) -> dict[str, Any]:  # noqa: ARG001 - it knows no more than its text
    """Say whether the text may pass, and what it is billed by."""
    if call["guardrailIdentifier"].rpartition("/")[2] != GUARDRAIL or call["guardrailVersion"] not in (
        "1",
        "DRAFT",
    ):
        raise not_found("The guardrail identifier or version provided in the request does not exist.")
    text = "\n".join(str(block["text"]["text"]) for block in call["content"] if "text" in block)
    if not text:
        raise invalid("The content to assess is empty.")
    if len(text) > _MOST:
        raise invalid("The input text exceeds the maximum of 25 text units.")
    stopped = call["source"] == "INPUT" and _ATTACK.search(text) is not None
    return {
        "usage": _usage(math.ceil(len(text) / _UNIT)),
        "action": "GUARDRAIL_INTERVENED" if stopped else "NONE",
        "outputs": [{"text": _BLOCKED}] if stopped else [],
        "assessments": [_assessment()] if stopped else [],
    }


def _assessment() -> dict[str, Any]:
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
