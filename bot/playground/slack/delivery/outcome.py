"""How a payload reaches the app, and what came back."""

import threading
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeAlias

from bot.playground.slack.state import Json

PayloadType: TypeAlias = Literal["events_api", "slash_commands", "interactive"]


@dataclass(frozen=True)
class Outcome:
    """What became of one delivery. ``reason`` is Slack's word for why it was not acknowledged."""

    acked: bool
    body: Any = None
    reason: str = ""
    no_retry: bool = False


@dataclass
class Ticket:
    """A delivery under way."""

    id: str
    _settled: threading.Event = field(default_factory=threading.Event)
    _outcome: Outcome | None = None

    def settle(self, outcome: Outcome) -> None:
        """Say what came of it; only the first word counts."""
        if not self._settled.is_set():
            self._outcome = outcome
            self._settled.set()

    def wait(self, seconds: float) -> Outcome:
        """Wait for the app's acknowledgement, at most ``seconds`` of real time."""
        self._settled.wait(seconds)
        return self._outcome or Outcome(False, reason="timeout")


@dataclass(frozen=True)
class Parcel:
    """What is to be delivered: for an event also the attempt (0 is the first) and why the one before failed."""

    type: PayloadType
    payload: Json
    attempt: int = 0
    reason: str = ""
    command: str = ""


class Transport(Protocol):
    """A way to the app."""

    def begin(self, parcel: Parcel, ticket: Ticket) -> None:
        """Send a parcel without waiting for the answer, which settles the ticket."""

    def connected(self) -> bool:
        """Whether the app can be reached, as far as is known."""

    def close(self) -> None:
        """Let go of everything; deliveries under way fail."""
