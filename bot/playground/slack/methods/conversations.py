"""conversations.open, info, list, members and join."""

from bot.playground.slack import seed, shapes
from bot.playground.slack.errors import SlackError
from bot.playground.slack.methods.common import READ_SCOPES, page, readable
from bot.playground.slack.methods.registry import Arg, Call, method
from bot.playground.slack.rates import TIER_2, TIER_3, TIER_4
from bot.playground.slack.state import Json

_TYPES = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}


@method(
    "conversations.open",
    tier=TIER_3,
    scopes=("channels:manage", "groups:write", "im:write", "mpim:write"),
    args=(
        Arg("channel"),
        Arg("users", "list"),
        Arg("return_im", "boolean"),
        Arg("prevent_creation", "boolean"),
    ),
    errors=(
        "channel_not_found", "users_list_not_supplied", "user_not_found", "method_not_supported_for_channel_type",
        "invalid_user_combination", "user_disabled",
    ),
)  # fmt: skip
def open_conversation(call: Call) -> Json:
    """Open the direct messages with one person."""
    ws, users = call.ws, [str(user) for user in call.args.get("users", [])]
    if call.maybe("channel"):
        users = [_other(call)]
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > 1:
        raise SlackError("method_not_supported_for_channel_type")
    user = ws.store.users.get(users[0])
    if user is None:
        raise SlackError("user_not_found")
    if user.is_bot:
        raise SlackError("invalid_user_combination")
    if user.deactivated:
        raise SlackError("user_disabled")
    call.require_scope("im:write")
    known = ws.im_with(user.id, seed.BOT_USER_ID)
    if known is None and call.flag("prevent_creation"):
        raise SlackError("channel_not_found")
    channel = known or ws.open_im(user.id, seed.BOT_USER_ID)
    already = {"no_op": True, "already_open": True} if known is not None else {}
    full = (
        shapes.channel(call.ws, channel, seed.BOT_USER_ID) if call.flag("return_im") else {"id": channel.id}
    )
    return already | {"channel": full}


def _other(call: Call) -> str:
    channel = call.ws.store.channels.get(call.text("channel"))
    if channel is None or seed.BOT_USER_ID not in channel.members:
        raise SlackError("channel_not_found")
    if channel.kind != "im":
        raise SlackError("method_not_supported_for_channel_type")
    return next(member for member in channel.members if member != seed.BOT_USER_ID)


@method(
    "conversations.info",
    tier=TIER_3,
    scopes=READ_SCOPES,
    args=(
        Arg("channel", required=True),
        Arg("include_locale", "boolean"),
        Arg("include_num_members", "boolean"),
    ),
    errors=("channel_not_found",),
)
def info(call: Call) -> Json:
    """Describe a conversation."""
    channel = readable(call, "read")
    body = shapes.channel(call.ws, channel, seed.BOT_USER_ID)
    if call.flag("include_locale"):
        body["locale"] = "en-GB"
    if call.flag("include_num_members"):
        body["num_members"] = len(channel.members)
    return {"channel": body}


@method(
    "conversations.list",
    tier=TIER_2,
    scopes=READ_SCOPES,
    args=(
        Arg("cursor"),
        Arg("limit", "integer"),
        Arg("exclude_archived", "boolean"),
        Arg("types", "list"),
        Arg("team_id"),
    ),
    errors=("invalid_cursor", "invalid_limit", "invalid_types"),
)
def list_conversations(call: Call) -> Json:
    """List the conversations that the app may see."""
    types = call.args.get("types") or ["public_channel"]
    if any(name not in _TYPES for name in types):
        raise SlackError("invalid_types")
    wanted = {_TYPES[name] for name in types}
    found = [
        channel
        for channel in call.ws.store.channels.values()
        if channel.type in wanted
        and (not channel.private or seed.BOT_USER_ID in channel.members)
        and not (channel.archived and call.flag("exclude_archived"))
    ]
    part, cursor = page(found, call, default=100, most=1000)
    channels = [shapes.channel(call.ws, channel, seed.BOT_USER_ID) for channel in part]
    return {"channels": channels, "response_metadata": {"next_cursor": cursor}}


@method(
    "conversations.members",
    tier=TIER_4,
    scopes=READ_SCOPES,
    args=(Arg("channel", required=True), Arg("cursor"), Arg("limit", "integer")),
    errors=("channel_not_found", "invalid_cursor", "invalid_limit"),
)
def members(call: Call) -> Json:
    """List who is in a conversation."""
    channel = readable(call, "read")
    part, cursor = page(channel.members, call, default=100, most=1000)
    return {"members": part, "response_metadata": {"next_cursor": cursor}}


@method(
    "conversations.join",
    tier=TIER_3,
    scopes=("channels:join",),
    args=(Arg("channel", required=True),),
    errors=("channel_not_found", "is_archived", "method_not_supported_for_channel_type"),
)
def join(call: Call) -> Json:
    """Join a public channel."""
    ws = call.ws
    channel = ws.store.channels.get(call.text("channel"))
    if channel is None or (channel.private and channel.kind == "channel"):
        raise SlackError("channel_not_found")
    if channel.kind == "im":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackError("is_archived")
    if seed.BOT_USER_ID in channel.members:
        call.warn("already_in_channel")
    else:
        channel.members = [*channel.members, seed.BOT_USER_ID]
        ws.store.channels.put(channel)
        ws.feed.add("channel", channel=channel.id)
    return {"channel": shapes.channel(call.ws, channel, seed.BOT_USER_ID)}
