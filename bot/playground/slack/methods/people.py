"""users.info, users.list and reactions.add."""

import re

from bot.playground.slack import events, seed, shapes
from bot.playground.slack.errors import SlackError
from bot.playground.slack.methods.common import page
from bot.playground.slack.methods.registry import Arg, Call, method
from bot.playground.slack.rates import TIER_2, TIER_3, TIER_4
from bot.playground.slack.state import Json, User


@method(
    "users.info",
    tier=TIER_4,
    scopes=("users:read",),
    args=(Arg("user", required=True), Arg("include_locale", "boolean")),
    errors=("user_not_found",),
)
def user_info(call: Call) -> Json:
    """Describe a user; their e-mail address only with ``users:read.email``."""
    row = _everybody(call).get(call.text("user"))
    if row is None:
        raise SlackError("user_not_found")
    body = _user(call, row)
    return {"user": body | ({"locale": "en-GB"} if call.flag("include_locale") else {})}


def _everybody(call: Call) -> dict[str, User]:
    """Return all by their IDs, Slack's own bot behind the others: of it Slack says that it is no bot."""
    return {row.id: row for row in (*call.ws.store.users.values(), seed.SLACKBOT)}


def _user(call: Call, row: User) -> Json:
    body = shapes.user(row, call.ws.time_zone, call.ws.clock.now())
    if "users:read.email" not in call.ws.manifest.scopes:
        body["profile"].pop("email", None)
    return body


@method(
    "users.list",
    tier=TIER_2,
    scopes=("users:read",),
    args=(Arg("cursor"), Arg("limit", "integer"), Arg("include_locale", "boolean"), Arg("team_id")),
    errors=("invalid_cursor",),
)
def user_list(call: Call) -> Json:
    """List everybody."""
    part, cursor = page(list(_everybody(call).values()), call, default=1000, most=10_000)
    members = [_user(call, row) for row in part]
    return {"members": members, "cache_ts": int(call.ws.now()), "response_metadata": {"next_cursor": cursor}}


@method(
    "reactions.add",
    tier=TIER_3,
    scopes=("reactions:write",),
    args=(Arg("channel", required=True), Arg("name", required=True), Arg("timestamp", required=True)),
    errors=("channel_not_found", "invalid_name", "message_not_found", "already_reacted"),
)
def react(call: Call) -> Json:
    """Add an emoji to a message."""
    ws, name = call.ws, call.text("name").strip(":")
    channel = ws.store.channels.get(call.text("channel"))
    if channel is None or seed.BOT_USER_ID not in channel.members:
        raise SlackError("channel_not_found")
    if not re.fullmatch(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?", name):
        raise SlackError("invalid_name")
    row = ws.message(channel.id, call.text("timestamp"))
    if row is None or row.ephemeral_to is not None:
        raise SlackError("message_not_found")
    users = row.reactions.get(name, [])
    if seed.BOT_USER_ID in users:
        raise SlackError("already_reacted")
    row.reactions = row.reactions | {name: [*users, seed.BOT_USER_ID]}
    ws.store.messages.put(row)
    events.reacted(ws, row, seed.BOT_USER_ID, name)
    return {}
