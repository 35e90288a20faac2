"""Somebody joined a channel: what was known of who is in it is old, and the bot itself says what it does."""

from bot.access import allowed
from handlers.core import CommandContext, Invocation, Nothing, Reply, Say
from handlers.event import Event, EventPayload
from handlers.ui.menu import welcome


def take(_event: EventPayload, invocation: Invocation, context: CommandContext) -> Reply:
    """Have nobody believe any more what was said of who is in there."""
    context.services.presence.changed(invocation.channel, invocation.user)
    return Nothing()


def then(_event: EventPayload, invocation: Invocation, context: CommandContext) -> Reply:
    """Greet the channel, where the operator has the bot work."""
    if not invocation.bot or invocation.user != invocation.bot:
        return Nothing()
    is_set_up = allowed(lambda: context.services.access.check_channel(invocation.channel))
    return Say(welcome(), public=True) if is_set_up else Nothing()


EVENT = Event(
    name="member_joined_channel",
    subscriptions=("member_joined_channel",),
    scopes=("channels:read", "groups:read", "mpim:read"),
    take=take,
    then=then,
)
