"""pins.add."""

from bot.playground.slack import events, seed
from bot.playground.slack.errors import SlackError
from bot.playground.slack.methods.common import TS
from bot.playground.slack.methods.registry import Arg, Call, method
from bot.playground.slack.rates import TIER_2
from bot.playground.slack.state import Json

MOST = 100
"""Pins that a channel takes (Slack's help centre; the error is ``too_many_pins``)."""


@method(
    "pins.add",
    tier=TIER_2,
    scopes=("pins:write",),
    args=(Arg("channel", required=True), Arg("timestamp")),
    errors=(
        "channel_not_found", "no_item_specified", "bad_timestamp", "message_not_found",
        "already_pinned", "too_many_pins",
    ),
)  # fmt: skip
def pin(call: Call) -> Json:
    """Pin a message to its channel."""
    ws = call.ws
    channel = ws.store.channels.get(call.text("channel"))
    if channel is None or seed.BOT_USER_ID not in channel.members:
        raise SlackError("channel_not_found")
    timestamp = call.maybe("timestamp")
    if timestamp is None:
        raise SlackError("no_item_specified")
    if not TS.fullmatch(timestamp):
        raise SlackError("bad_timestamp")
    row = ws.message(channel.id, timestamp)
    if row is None or row.ephemeral_to is not None:
        raise SlackError("message_not_found")
    if row.pinned:
        raise SlackError("already_pinned")
    if sum(each.pinned for each in ws.store.messages.of_channel(channel.id)) >= MOST:
        raise SlackError("too_many_pins")
    row.pinned = True
    ws.store.messages.put(row)
    events.page_changed(ws, row)
    return {}
