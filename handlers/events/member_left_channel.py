"""Somebody left a channel, or was taken out of it: from now on they see nothing that came from it."""

from handlers.event import Event
from handlers.events.member_joined_channel import take

EVENT = Event(
    name="member_left_channel",
    subscriptions=("member_left_channel",),
    scopes=("channels:read", "groups:read"),
    take=take,
)
