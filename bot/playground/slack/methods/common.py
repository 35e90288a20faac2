"""What several methods need: finding the channel, paging through a list."""

import base64
import binascii
import re
from collections.abc import Sequence
from typing import TypeVar

from bot.playground.slack import seed
from bot.playground.slack.errors import SlackError
from bot.playground.slack.methods.registry import Call
from bot.playground.slack.state import Channel, Message

T = TypeVar("T")
PREFIX = {"channel": "channels", "group": "groups", "im": "im"}
READ_SCOPES = ("channels:read", "groups:read", "im:read", "mpim:read")
HISTORY_SCOPES = ("channels:history", "groups:history", "im:history", "mpim:history")
TS = re.compile(r"\d{1,12}(\.\d{1,6})?")


def writable(
    call: Call, name: str = "channel", *, ids_only: bool = False, archived: str = "is_archived"
) -> Channel:
    """Return the channel that the app is to post in: an ID, a name, or a person's ID for their direct messages.

    Raises:
        SlackError: ``channel_not_found``, ``not_in_channel``, or ``archived``.
    """
    ws, wanted = call.ws, call.text(name)
    if not ids_only and wanted in {user.id for user in ws.store.users.values() if not user.is_bot}:
        return ws.open_im(wanted, seed.BOT_USER_ID)
    channel = ws.store.channels.get(wanted) if ids_only else ws.find_channel(wanted)
    if channel is None:
        raise SlackError("channel_not_found")
    if channel.archived:
        raise SlackError(archived)
    if seed.BOT_USER_ID not in channel.members:
        if channel.private:
            raise SlackError("channel_not_found")
        if "chat:write.public" not in ws.manifest.scopes or ids_only:
            raise SlackError("not_in_channel")
    return channel


def readable(call: Call, kind: str, name: str = "channel") -> Channel:
    """Return the channel that the app may look at, with the scope for its type (``kind`` is read or history).

    Raises:
        SlackError: ``channel_not_found`` (also for private channels it is not in) or ``missing_scope``.
    """
    channel = call.ws.store.channels.get(call.text(name))
    if channel is None or (channel.private and seed.BOT_USER_ID not in channel.members):
        raise SlackError("channel_not_found")
    call.require_scope(f"{PREFIX[channel.type]}:{kind}")
    return channel


def thread_for(call: Call, channel: Channel) -> str | None:
    """Return the thread to post in, if one is asked for.

    Raises:
        SlackError: ``cannot_reply_to_message`` when no top-level message has that ``ts``. Slack itself is less
            strict here; replying to a reply is advised against and a bot should never need it.
    """
    thread_ts = call.maybe("thread_ts")
    if thread_ts is None:
        return None
    parent = call.ws.store.messages.get(f"{channel.id}:{thread_ts}")
    if parent is None or parent.is_reply or parent.ephemeral_to is not None:
        raise SlackError("cannot_reply_to_message")
    return thread_ts


def own_message(call: Call, channel: Channel, refusal: str) -> Message:
    """Return the app's own message that a call is about.

    Raises:
        SlackError: ``message_not_found``, or ``refusal`` when it is somebody else's.
    """
    row = call.ws.message(channel.id, call.text("ts"))
    if row is None or row.ephemeral_to is not None:
        raise SlackError("message_not_found")
    if not row.by_app:
        raise SlackError(refusal)
    return row


def page(items: Sequence[T], call: Call, *, default: int, most: int) -> tuple[list[T], str]:
    """Return one page of a list, and the cursor of the next or an empty string.

    Raises:
        SlackError: ``invalid_limit`` or ``invalid_cursor``.
    """
    limit = int(call.args.get("limit", default)) or default
    if limit < 0 or limit > most:
        raise SlackError("invalid_limit")
    start = _offset(call.maybe("cursor"))
    rest = len(items) - start - limit
    following = base64.b64encode(f"offset:{start + limit}".encode()).decode() if rest > 0 else ""
    return list(items[start : start + limit]), following


def _offset(cursor: str | None) -> int:
    if cursor is None:
        return 0
    try:
        kind, _, number = base64.b64decode(cursor, validate=True).decode().partition(":")
        if kind == "offset" and int(number) >= 0:
            return int(number)
    except (binascii.Error, ValueError):
        pass
    raise SlackError("invalid_cursor")
