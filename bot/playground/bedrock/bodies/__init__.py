"""The request and response bodies of InvokeModel, one module for each family of models."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from bot.playground.bedrock.recall import Question, Reply


@dataclass(frozen=True)
class Asked:
    """A body that was understood: the question, and where the answer must end."""

    question: Question
    max_tokens: int
    stop_sequences: tuple[str, ...] = ()


class Body(Protocol):
    """How one family of models is asked and answers."""

    def read(self, body: dict[str, Any], limit: int) -> Asked:
        """Return what ``body`` asks, at most ``limit`` tokens. Raises ServiceFault for a malformed one."""

    def whole(self, model_id: str, reply: Reply) -> dict[str, Any]:
        """Return the body of a whole answer."""

    def pieces(self, model_id: str, reply: Reply) -> Iterator[dict[str, Any]]:
        """Yield the bodies of a streamed answer's chunks."""


def body_of(family: str) -> Body:
    """Return the body format of ``claude``, ``nova`` or ``llama``."""
    from bot.playground.bedrock.bodies import claude, llama, nova  # noqa: PLC0415 - they import this module

    bodies: dict[str, Body] = {"claude": claude.Claude(), "nova": nova.Nova(), "llama": llama.Llama()}
    return bodies[family]


def invocation_metrics(reply: Reply) -> dict[str, int]:
    """Return what Bedrock adds to the last chunk of every family's stream."""
    return {
        "inputTokenCount": reply.input_tokens,
        "outputTokenCount": reply.output_tokens,
        "invocationLatency": reply.latency_ms,
        "firstByteLatency": min(120, reply.latency_ms),
    }
