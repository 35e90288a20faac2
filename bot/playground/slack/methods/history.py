"""conversations.history and conversations.replies."""

from collections.abc import Sequence

from bot.playground.slack import seed, shapes
from bot.playground.slack.errors import SlackError
from bot.playground.slack.methods.common import HISTORY_SCOPES, TS, page, readable
from bot.playground.slack.methods.registry import Arg, Call, method
from bot.playground.slack.rates import TIER_3
from bot.playground.slack.state import Json, Message

_ARGS = (
    Arg("channel", required=True),
    Arg("cursor"),
    Arg("limit", "integer"),
    Arg("oldest"),
    Arg("latest"),
    Arg("inclusive", "boolean"),
    Arg("include_all_metadata", "boolean"),
)
_ERRORS = ("channel_not_found", "invalid_cursor", "invalid_ts_latest", "invalid_ts_oldest")
MOST = 999


@method(
    "conversations.history",
    tier=TIER_3,
    scopes=HISTORY_SCOPES,
    args=_ARGS,
    errors=(*_ERRORS, "not_in_channel"),
)
def history(call: Call) -> Json:
    """List a conversation's messages, newest first, replies left out."""
    channel = readable(call, "history")
    if seed.BOT_USER_ID not in channel.members:
        raise SlackError("not_in_channel")
    top = [m for m in call.ws.messages(channel.id) if not m.is_reply or m.subtype == "thread_broadcast"]
    shown = [m for m in top if m.ephemeral_to is None and _in_window(call, m)]
    part, cursor = page(shown[::-1], call, default=100, most=MOST)
    return _answer(call, part, cursor) | {"pin_count": 0}


@method(
    "conversations.replies",
    tier=TIER_3,
    scopes=HISTORY_SCOPES,
    args=(*_ARGS, Arg("ts", required=True)),
    errors=(*_ERRORS, "thread_not_found", "not_in_channel"),
)
def replies(call: Call) -> Json:
    """List a thread, its parent first."""
    ws = call.ws
    channel = readable(call, "history")
    if seed.BOT_USER_ID not in channel.members:
        raise SlackError("not_in_channel")
    parent = ws.store.messages.get(f"{channel.id}:{call.text('ts')}")
    if parent is None or parent.ephemeral_to is not None:
        raise SlackError("thread_not_found")
    below = [] if parent.is_reply else ws.replies(channel.id, parent.ts)
    shown = [parent, *(message for message in below if _in_window(call, message))]
    part, cursor = page(shown, call, default=MOST, most=MOST)
    return _answer(call, part, cursor)


def _answer(call: Call, part: Sequence[Message], cursor: str) -> Json:
    metadata = call.flag("include_all_metadata")
    messages = [
        shapes.tombstone(row) if row.tombstone else shapes.message(call.ws, row, metadata=metadata)
        for row in part
    ]
    body: Json = {"messages": messages, "has_more": bool(cursor)}
    return body | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


def _in_window(call: Call, row: Message) -> bool:
    oldest, latest = call.maybe("oldest"), call.maybe("latest")
    ts, inclusive = float(row.ts), call.flag("inclusive")
    for name, bound in (("oldest", oldest), ("latest", latest)):
        if bound is not None and not TS.fullmatch(bound):
            raise SlackError(f"invalid_ts_{name}")
    if oldest is not None and (ts < float(oldest) or (ts == float(oldest) and not inclusive)):
        return False
    return not (latest is not None and (ts > float(latest) or (ts == float(latest) and not inclusive)))
