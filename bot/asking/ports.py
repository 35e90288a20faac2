"""What asking needs from the outside. Each docstring is the contract that its twin is tested by."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from bot.asking.model import Answerer, Turn


class Inference(Protocol):
    """Bedrock's runtime."""

    def stream(self, answerer: Answerer, turns: Sequence[Turn]) -> Iterator[str]:
        """Yield the answer piece by piece. ``turns`` alternate, begin and end with the user's.

        Raises:
            Throttled: too many requests for now.
            Unavailable: not ready, timed out, or the model failed; nothing is kept.
            NotFound: the endpoint is gone (released meanwhile).
            Refused: the service will not take the request, with its words as ``detail``.
        """


class Conversations(Protocol):
    """What was said in a thread, newest last, bounded in turns and in time."""

    def turns(self, channel: str, thread_ts: str) -> list[Turn]:
        """Return the turns so far; empty for a thread that is new or long past."""

    def append(self, channel: str, thread_ts: str, question_id: str, *turns: Turn) -> None:
        """Add turns. Repeating it with the same question ID adds nothing."""

    def model_of(self, channel: str, thread_ts: str) -> str | None:
        """Return the model that the thread talks to, or None."""

    def bind(self, channel: str, thread_ts: str, model: str) -> None:
        """Remember the model that the thread talks to."""


class Streams(Protocol):
    """A message that grows while people read it. Errors as in ``bot.following.ports.Messages``."""

    def start(self, channel: str, thread_ts: str, *, user: str, team: str, text: str) -> str:
        """Open a stream with a first piece and return its timestamp."""

    def append(self, channel: str, ts: str, text: str) -> None:
        """Add a piece.

        Raises:
            Refused: the stream is no longer open (expired, stopped by the person, full).
        """

    def stop(self, channel: str, ts: str, *, marker: str) -> None:
        """Close it with the marker in its metadata."""
