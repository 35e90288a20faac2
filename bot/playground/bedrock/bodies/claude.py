"""Anthropic's messages body on Bedrock (``anthropic_version: bedrock-2023-05-31``)."""

import secrets
from collections.abc import Iterator
from typing import Any

from bot.playground.bedrock.bodies import Asked, invocation_metrics
from bot.playground.bedrock.errors import invalid
from bot.playground.bedrock.recall import Question, Reply, chunks

_KNOWN = {
    *(
        "anthropic_version",
        "anthropic_beta",
        "max_tokens",
        "messages",
        "system",
        "temperature",
        "top_p",
        "top_k",
    ),
    *("stop_sequences", "tools", "tool_choice", "metadata"),
}


class Claude:
    """Claude's body."""

    def read(self, body: dict[str, Any], limit: int) -> Asked:
        """Return what is asked, refusing in the words of Anthropic's API."""
        for name in ("anthropic_version", "max_tokens", "messages"):
            if name not in body:
                raise invalid(f"{name}: Field required")
        for name in sorted(set(body) - _KNOWN):
            raise invalid(f"{name}: Extra inputs are not permitted")
        if body["anthropic_version"] != "bedrock-2023-05-31":
            raise invalid('anthropic_version: "bedrock-2023-05-31" is the only supported version')
        max_tokens = body["max_tokens"]
        if not isinstance(max_tokens, int) or max_tokens < 1:
            raise invalid("max_tokens: must be greater than or equal to 1")
        if max_tokens > limit:
            raise invalid(
                f"max_tokens: {max_tokens} > {limit}, which is the maximum allowed number of output tokens"
            )
        question = Question(_text(body.get("system", ""), "system"), _turns(body["messages"]))
        return Asked(question, max_tokens, tuple(body.get("stop_sequences", ())))

    def whole(self, model_id: str, reply: Reply) -> dict[str, Any]:
        """Return a message."""
        return {
            **_message(model_id),
            "content": [{"type": "text", "text": reply.text}],
            "stop_reason": reply.stop_reason,
            "usage": {"input_tokens": reply.input_tokens, "output_tokens": reply.output_tokens},
        }

    def pieces(self, model_id: str, reply: Reply) -> Iterator[dict[str, Any]]:
        """Yield message_start, the block's start, deltas and stop, message_delta and message_stop."""
        # The count so far, as Anthropic's API sends it: the whole one comes with message_delta.
        usage = {"input_tokens": reply.input_tokens, "output_tokens": 1}
        yield {"type": "message_start", "message": {**_message(model_id), "content": [], "usage": usage}}
        yield {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
        for piece in chunks(reply.text):
            yield {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}}
        yield {"type": "content_block_stop", "index": 0}
        yield {
            "type": "message_delta",
            "delta": {"stop_reason": reply.stop_reason, "stop_sequence": None},
            "usage": {"output_tokens": reply.output_tokens},
        }
        yield {"type": "message_stop", "amazon-bedrock-invocationMetrics": invocation_metrics(reply)}


def _message(model_id: str) -> dict[str, Any]:
    return {
        "id": f"msg_bdrk_{secrets.token_hex(12)}",
        "type": "message",
        "role": "assistant",
        "model": model_id,
        "stop_reason": None,
        "stop_sequence": None,
    }


def _turns(messages: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(messages, list) or not messages:
        raise invalid("messages: at least one message is required")
    turns: list[tuple[str, str]] = []
    for index, message in enumerate(messages):
        role = message.get("role") if isinstance(message, dict) else None
        if role not in {"user", "assistant"}:
            raise invalid(f"messages.{index}.role: Input should be 'user' or 'assistant'")
        if index == 0 and role != "user":
            raise invalid('messages: first message must use the "user" role')
        if turns and turns[-1][0] == role:
            raise invalid(
                f'messages: roles must alternate between "user" and "assistant", but found multiple "{role}" roles '
                "in a row"
            )
        text = _text(message.get("content"), f"messages.{index}.content")
        if not text.strip():
            raise invalid(f"messages.{index}: all messages must have non-empty content")
        turns.append((role, text))
    return tuple(turns)


def _text(content: object, where: str) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, list) and all(isinstance(b, dict) and b.get("type") == "text" for b in content):
        return "\n".join(str(block.get("text", "")) for block in content)
    raise invalid(f"{where}: Input should be a valid string or a list of text blocks")
