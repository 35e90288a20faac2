"""Amazon Nova's body (``schemaVersion: messages-v1``)."""

from collections.abc import Iterator
from typing import Any

from bot.playground.bedrock.bodies import Asked, invocation_metrics
from bot.playground.bedrock.conversation import checked_turns
from bot.playground.bedrock.errors import invalid
from bot.playground.bedrock.recall import Question, Reply, chunks

_KNOWN = {"schemaVersion", "system", "messages", "inferenceConfig", "toolConfig"}


class Nova:
    """Nova's body."""

    def read(self, body: dict[str, Any], limit: int) -> Asked:
        """Return what is asked."""
        extra = sorted(set(body) - _KNOWN)
        if extra or "messages" not in body:
            wrong = (
                f"extraneous key [{extra[0]}] is not permitted"
                if extra
                else "required key [messages] not found"
            )
            raise invalid(f"Malformed input request: #: {wrong}, please reformat your input and try again.")
        config = body.get("inferenceConfig", {})
        max_tokens = config.get("maxTokens", config.get("max_new_tokens", limit))
        if not isinstance(max_tokens, int) or not 1 <= max_tokens <= limit:
            raise invalid(f"inferenceConfig.maxTokens must be between 1 and {limit}.")
        system = "\n".join(str(block.get("text", "")) for block in body.get("system", ()))
        question = Question(system, checked_turns(body["messages"]))
        return Asked(question, max_tokens, tuple(config.get("stopSequences", ())))

    def whole(self, model_id: str, reply: Reply) -> dict[str, Any]:  # noqa: ARG002 - the body names no model
        """Return a message, much as Converse does."""
        return {
            "output": {"message": {"role": "assistant", "content": [{"text": reply.text}]}},
            "stopReason": reply.stop_reason,
            "usage": usage(reply),
        }

    def pieces(self, model_id: str, reply: Reply) -> Iterator[dict[str, Any]]:  # noqa: ARG002 - as above
        """Yield messageStart, deltas, the block's stop, messageStop and metadata."""
        yield {"messageStart": {"role": "assistant"}}
        for piece in chunks(reply.text):
            yield {"contentBlockDelta": {"delta": {"text": piece}, "contentBlockIndex": 0}}
        yield {"contentBlockStop": {"contentBlockIndex": 0}}
        yield {"messageStop": {"stopReason": reply.stop_reason}}
        yield {
            "metadata": {"usage": usage(reply), "metrics": {}, "trace": {}},
            "amazon-bedrock-invocationMetrics": invocation_metrics(reply),
        }


def usage(reply: Reply) -> dict[str, int]:
    """Return the tokens as Nova and Converse count them."""
    return {
        "inputTokens": reply.input_tokens,
        "outputTokens": reply.output_tokens,
        "totalTokens": reply.input_tokens + reply.output_tokens,
    }
