"""Slack gave a private channel another ID, as it does when somebody shares it: all that is kept of it stays its own.

docs.slack.dev/reference/events/channel_id_changed. It names no channel beside the two, and nobody who did it.
"""

from handlers.core import CommandContext, Invocation, Nothing, Reply
from handlers.event import Event, EventPayload


def take(event: EventPayload, _invocation: Invocation, context: CommandContext) -> Reply:
    """Write it down, and have nobody believe any more what was said of who is in there."""
    former, later = event.get("old_channel_id"), event.get("new_channel_id")
    if isinstance(former, str) and isinstance(later, str) and former and later:
        known_as = context.services.moves.changed(former, later)
        context.services.presence.changed(known_as, "")
    return Nothing()


EVENT = Event(
    name="channel_id_changed",
    subscriptions=("channel_id_changed",),
    scopes=("channels:read", "groups:read"),
    take=take,
)
