"""From a request to a reply, the same for every inference operation."""

import json
from typing import Any

from bot.playground.bedrock.bodies import Asked, Body, body_of
from bot.playground.bedrock.errors import invalid
from bot.playground.bedrock.recall import Reply, answer
from bot.playground.bedrock.targets import Target, target
from bot.playground.bedrock.world import World


def reply_to(world: World, found: Target, asked: Asked) -> Reply:
    """Return the reply of the tuned or the base model."""
    recall = world.recall(found.job_arn) if found.job_arn else None
    return answer(asked.question, recall, max_tokens=asked.max_tokens, stop_sequences=asked.stop_sequences)


def invoke(world: World, region: str, model_id: str, raw: bytes) -> tuple[Body, Reply]:
    """Return the body format and the reply to an InvokeModel body. Raises ServiceFault."""
    found = target(world, region, model_id)
    body = body_of(found.base.body)
    asked = body.read(decoded(raw), found.base.max_output_tokens)
    return body, reply_to(world, found, asked)


def decoded(raw: bytes) -> dict[str, Any]:
    """Return the JSON object in an InvokeModel body. Raises ServiceFault."""
    try:
        body = json.loads(raw)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise invalid("Malformed input request, please reformat your input and try again.")
    return body
