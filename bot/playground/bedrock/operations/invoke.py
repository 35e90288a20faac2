"""InvokeModel and InvokeModelWithResponseStream."""

import json
from collections.abc import Iterator
from typing import Any

from bot.playground.bedrock import asking
from bot.playground.bedrock.registry import Call, Stream, operation
from bot.playground.bedrock.world import World


@operation("bedrock-runtime", "InvokeModel")
def invoke(world: World, call: Call) -> dict[str, Any]:
    """Answer whole."""
    body, reply = asking.invoke(world, call.region, call["modelId"], call.get("body", b""))
    answer = json.dumps(body.whole(call["modelId"], reply)).encode()
    return {"body": answer, "contentType": "application/json"}


@operation("bedrock-runtime", "InvokeModelWithResponseStream")
def invoke_stream(world: World, call: Call) -> Stream:
    """Answer in chunks, each a body of the model's family."""
    body, reply = asking.invoke(world, call.region, call["modelId"], call.get("body", b""))
    pieces = body.pieces(call["modelId"], reply)
    return Stream("body", _chunks(pieces), {"X-Amzn-Bedrock-Content-Type": "application/json"})


def _chunks(pieces: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for piece in pieces:
        yield {"chunk": {"bytes": json.dumps(piece).encode()}}
