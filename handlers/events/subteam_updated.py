"""A user group was changed, disabled or enabled again: whether a role hangs on it is asked anew from now on."""

from handlers.core import CommandContext, Invocation, Nothing, Reply
from handlers.event import Event, EventPayload


def take(event: EventPayload, _invocation: Invocation, context: CommandContext) -> Reply:
    """Forget who was in it."""
    group = event.get("subteam")
    if isinstance(group, dict) and isinstance(group.get("id"), str):
        context.services.access.rosters.forget(group["id"])
    return Nothing()


EVENT = Event(
    name="subteam_updated", subscriptions=("subteam_updated",), scopes=("usergroups:read",), take=take
)
