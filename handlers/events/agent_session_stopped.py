"""Somebody pressed stop where the bot is at work: what it does there ends, whether or not an answer is streamed.

``streaming_message_ts`` is not looked at: it "is an empty array when no stream was active, so the event still tells you
to stop work that isn't a stream" (docs.slack.dev/reference/events/agent_session_stopped).
"""

from handlers.core import CommandContext, Invocation, Nothing, Reply
from handlers.event import Event, EventPayload


def take(_event: EventPayload, invocation: Invocation, context: CommandContext) -> Reply:
    """Have the questions of that thread end where they are."""
    if invocation.thread_ts:
        context.services.questions.stop(invocation.thread_ts, invocation.user)
    return Nothing()


EVENT = Event(
    name="agent_session_stopped",
    subscriptions=("agent_session_stopped",),
    scopes=("chat:write",),
    take=take,
)
