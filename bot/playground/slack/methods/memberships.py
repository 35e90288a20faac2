"""users.conversations."""

from bot.playground.slack import seed, shapes
from bot.playground.slack.errors import SlackError
from bot.playground.slack.methods.common import PREFIX, READ_SCOPES, page
from bot.playground.slack.methods.registry import Arg, Call, method
from bot.playground.slack.rates import TIER_3
from bot.playground.slack.state import Json

_TYPES = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}


@method(
    "users.conversations",
    tier=TIER_3,
    scopes=READ_SCOPES,
    args=(
        Arg("user"),
        Arg("cursor"),
        Arg("limit", "integer"),
        Arg("exclude_archived", "boolean"),
        Arg("types", "list"),
        Arg("team_id"),
    ),
    declined=("exclude_muted",),
    errors=("invalid_cursor", "invalid_limit", "invalid_types", "invalid_arguments"),
)
def conversations_of(call: Call) -> Json:
    """List the conversations that a user is in; of those that are not public, only where the app is a member, too."""
    types = call.args.get("types") or ["public_channel"]
    if any(name not in _TYPES for name in types):
        raise SlackError("invalid_types")
    for name in types:
        call.require_scope(f"{PREFIX.get(_TYPES[name], 'mpim')}:read")
    user = call.maybe("user") or seed.BOT_USER_ID
    if call.ws.store.users.get(user) is None:
        raise SlackError("invalid_arguments")  # the reference has no word of its own for a stranger
    wanted = {_TYPES[name] for name in types}
    found = [
        channel
        for channel in call.ws.store.channels.values()
        if channel.type in wanted
        and user in channel.members
        and (not channel.private or seed.BOT_USER_ID in channel.members)
        and not (channel.archived and call.flag("exclude_archived"))
    ]
    part, cursor = page(found, call, default=100, most=999)
    return {
        "channels": [shapes.channel(call.ws, channel, seed.BOT_USER_ID) for channel in part],
        "response_metadata": {"next_cursor": cursor},
    }
