"""Converse and ConverseStream."""

from collections.abc import Iterator
from typing import Any

from bot.playground.bedrock.asking import reply_to
from bot.playground.bedrock.bodies import Asked
from bot.playground.bedrock.bodies.nova import usage
from bot.playground.bedrock.conversation import checked_turns
from bot.playground.bedrock.errors import invalid
from bot.playground.bedrock.recall import Question, Reply, chunks
from bot.playground.bedrock.registry import Call, Stream, operation
from bot.playground.bedrock.targets import target
from bot.playground.bedrock.world import World


@operation("bedrock-runtime", "Converse")
def converse(world: World, call: Call) -> dict[str, Any]:
    """Answer whole."""
    reply = _reply(world, call)
    return {
        "output": {"message": {"role": "assistant", "content": [{"text": reply.text}]}},
        "stopReason": reply.stop_reason,
        "usage": usage(reply),
        "metrics": {"latencyMs": reply.latency_ms},
    }


@operation("bedrock-runtime", "ConverseStream")
def converse_stream(world: World, call: Call) -> Stream:
    """Answer in deltas, then say why it stopped and what it used."""
    return Stream("stream", _events(_reply(world, call)))


def question_of(params: dict[str, Any]) -> Question:
    """Return what a Converse request asks. Raises ServiceFault."""
    system = "\n".join(str(block["text"]) for block in params.get("system", ()) if "text" in block)
    return Question(system, checked_turns(params.get("messages", [])))


def _reply(world: World, call: Call) -> Reply:
    found = target(world, call.region, call["modelId"])
    config = call.get("inferenceConfig", {})
    limit = found.base.max_output_tokens
    max_tokens = config.get("maxTokens", limit)
    if max_tokens > limit:
        raise invalid(
            f"The maximum tokens you requested exceeds the model limit of {limit}. Try again with a maximum tokens "
            f"value that is lower than {limit}."
        )
    asked = Asked(question_of(call.params), max_tokens, tuple(config.get("stopSequences", ())))
    return reply_to(world, found, asked)


def _events(reply: Reply) -> Iterator[dict[str, Any]]:
    yield {"messageStart": {"role": "assistant"}}
    for piece in chunks(reply.text):
        yield {"contentBlockDelta": {"delta": {"text": piece}, "contentBlockIndex": 0}}
    yield {"contentBlockStop": {"contentBlockIndex": 0}}
    yield {"messageStop": {"stopReason": reply.stop_reason}}
    yield {"metadata": {"usage": usage(reply), "metrics": {"latencyMs": reply.latency_ms}}}
