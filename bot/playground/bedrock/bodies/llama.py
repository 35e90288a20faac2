"""Meta Llama's body: one prompt, usually in Llama 3's own chat template."""

import re
from collections.abc import Iterator
from typing import Any

from bot.playground.bedrock.bodies import Asked, invocation_metrics
from bot.playground.bedrock.errors import invalid
from bot.playground.bedrock.recall import Question, Reply, chunks

_KNOWN = {"prompt", "max_gen_len", "temperature", "top_p"}
_TURN = re.compile(r"<\|start_header_id\|>(\w+)<\|end_header_id\|>\s*(.*?)(?:<\|eot_id\|>|\Z)", re.DOTALL)
_STOP_REASONS = {"max_tokens": "length"}


class Llama:
    """Llama's body."""

    def read(self, body: dict[str, Any], limit: int) -> Asked:
        """Return what is asked; a prompt without the template is one turn of the person's."""
        extra = sorted(set(body) - _KNOWN)
        if extra or not isinstance(body.get("prompt"), str):
            wrong = (
                f"extraneous key [{extra[0]}] is not permitted"
                if extra
                else "required key [prompt] not found"
            )
            raise invalid(f"Malformed input request: #: {wrong}, please reformat your input and try again.")
        max_tokens = body.get("max_gen_len", 512)
        if not isinstance(max_tokens, int) or not 1 <= max_tokens <= limit:
            raise invalid(
                f"Malformed input request: #/max_gen_len: {max_tokens} is not between 1 and {limit}."
            )
        return Asked(_question(body["prompt"]), max_tokens)

    def whole(self, model_id: str, reply: Reply) -> dict[str, Any]:  # noqa: ARG002 - the body names no model
        """Return a generation."""
        return {
            "generation": reply.text,
            "prompt_token_count": reply.input_tokens,
            "generation_token_count": reply.output_tokens,
            "stop_reason": _STOP_REASONS.get(reply.stop_reason, "stop"),
        }

    def pieces(self, model_id: str, reply: Reply) -> Iterator[dict[str, Any]]:  # noqa: ARG002 - as above
        """Yield the generation bit by bit; the last chunk says why it stopped."""
        for index, piece in enumerate(chunks(reply.text)):
            yield {
                "generation": piece,
                "prompt_token_count": reply.input_tokens if index == 0 else None,
                "generation_token_count": index + 1,
                "stop_reason": None,
            }
        yield {
            "generation": "",
            "prompt_token_count": None,
            "generation_token_count": reply.output_tokens,
            "stop_reason": _STOP_REASONS.get(reply.stop_reason, "stop"),
            "amazon-bedrock-invocationMetrics": invocation_metrics(reply),
        }


def _question(prompt: str) -> Question:
    turns = [(role, text.strip()) for role, text in _TURN.findall(prompt)]
    if not turns:
        return Question("", (("user", prompt),))
    system = "\n".join(text for role, text in turns if role == "system")
    said = tuple((role, text) for role, text in turns if role in {"user", "assistant"} and text)
    return Question(system, said)
