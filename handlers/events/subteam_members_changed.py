"""Somebody came into a user group or left it: whether a role hangs on it is asked anew from now on."""

from handlers.core import CommandContext, Invocation, Nothing, Reply
from handlers.event import Event, EventPayload


def take(event: EventPayload, _invocation: Invocation, context: CommandContext) -> Reply:
    """Forget who was in it."""
    group = event.get("subteam_id")
    if isinstance(group, str):
        context.services.access.rosters.forget(group)
    return Nothing()


EVENT = Event(
    name="subteam_members_changed",
    subscriptions=("subteam_members_changed",),
    scopes=("usergroups:read",),
    take=take,
)
