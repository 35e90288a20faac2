"""What an event is, and how it is taken in so that none is lost and none is answered twice.

Bolt acknowledges an event before its listener runs, so what must not be lost is written down earlier, in a
middleware of the listener. The order is: write down, remember, acknowledge, answer. A process that dies in between
has not acknowledged, so Slack delivers again; what was written down is keyed by the message itself, so that writing
it again changes nothing; and only the delivery that was the first to be remembered is answered. One that is remembered
already is not looked at: each look would count, in how many questions somebody may ask, say.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.errors import TunesmithError, Unavailable
from handlers.core import CommandContext, Invocation, Nothing, Reply, attempt
from handlers.refusals import refusals_written

EventPayload = Mapping[str, Any]
"""The ``event`` of the payload."""


def nothing(_event: EventPayload, _invocation: Invocation, _context: CommandContext) -> Reply:
    """Reply with nothing."""
    return Nothing()


@dataclass(frozen=True, slots=True)
class Event:
    """A subscribed event.

    ``take`` writes down what must not be lost: it runs before the acknowledgement, may be repeated, and waits for
    nothing but the store. ``then`` runs after it and may be lost. ``subscriptions`` are the names in the manifest.
    """

    name: str
    subscriptions: tuple[str, ...]
    scopes: tuple[str, ...]
    take: Callable[[EventPayload, Invocation, CommandContext], Reply] = nothing
    then: Callable[[EventPayload, Invocation, CommandContext], Reply] = nothing


def take_in(
    event: Event,
    payload: EventPayload,
    invocation: Invocation,
    context: CommandContext,
    refused: TunesmithError | None = None,
) -> Reply | None:
    """Write down what the event asks for and return what to answer, or None when it was taken in before.

    With ``refused`` nothing is written down, and only somebody who spoke to the bot is told why.

    Raises:
        Unavailable: it could not be written down or remembered. Fail the delivery, so that Slack sends it again.
    """

    def work() -> Reply:
        with refusals_written(invocation, context):
            return _refuse(refused, payload) if refused else event.take(payload, invocation, context)

    known_as, inbox = f"event:{event.name}:{invocation.request}", context.services.inbound
    if inbox.has(known_as):
        return None
    reply = attempt(work, let_through=Unavailable)
    return reply if inbox.first_time(known_as) else None


def _refuse(refused: TunesmithError, payload: EventPayload) -> Reply:
    spoke = payload.get("type") == "app_mention" or (
        payload.get("type") == "message" and payload.get("channel_type") == "im"
    )
    if spoke and payload.get("user") and not payload.get("subtype"):
        raise refused
    return Nothing()
