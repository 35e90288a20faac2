"""Converse and ConverseStream."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from bot.playground.bedrock.asking import reply_to
from bot.playground.bedrock.bodies import Asked
from bot.playground.bedrock.bodies.nova import usage
from bot.playground.bedrock.conversation import checked_turns
from bot.playground.bedrock.errors import invalid
from bot.playground.bedrock.recall import LABEL, Question, Reply, chunks, estimate_tokens
from bot.playground.bedrock.registry import Call, Stream, operation
from bot.playground.bedrock.targets import target
from bot.playground.bedrock.world import World

_STOPS: Mapping[str, str] = {
    "stop_length": "max_tokens",
    "stop_context": "model_context_window_exceeded",
    "stop_filter": "content_filtered",
    "stop_guardrail": "guardrail_intervened",
}
_BLOCKED = "Sorry, the model cannot answer this question."  # what a guardrail says unless its owner wrote another text


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
    system = [str(block["text"]) for block in params.get("system", ()) if "text" in block]
    if not all(text.strip() for text in system):
        # Own wording, after that for messages: what is known is that texts of blanks are refused.
        raise invalid(
            "The text field in a block of the system prompt is blank. Add text to it, and try again."
        )
    return Question("\n".join(system), checked_turns(params.get("messages", [])))


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
    return _stopped(reply_to(world, found, asked), world.faults.take_outcome(call.operation, *_STOPS))


def _stopped(reply: Reply, ordered: str | None) -> Reply:
    """Return the reply as it is when something else than its end stops it."""
    if ordered is None:
        return reply
    # Whatever stops an answer, the label stands under it.
    words = reply.text.removesuffix(LABEL)
    text = (_BLOCKED if ordered == "stop_guardrail" else words[: max(1, len(words) // 2)]) + LABEL
    return replace(reply, text=text, stop_reason=_STOPS[ordered], output_tokens=estimate_tokens(text))


def _events(reply: Reply) -> Iterator[dict[str, Any]]:
    yield {"messageStart": {"role": "assistant"}}
    for piece in chunks(reply.text):
        yield {"contentBlockDelta": {"delta": {"text": piece}, "contentBlockIndex": 0}}
    yield {"contentBlockStop": {"contentBlockIndex": 0}}
    yield {"messageStop": {"stopReason": reply.stop_reason}}
    yield {"metadata": {"usage": usage(reply), "metrics": {"latencyMs": reply.latency_ms}}}
