"""What the app and the page are told when something changes."""

from collections.abc import Collection, Sequence

from bot.playground.slack import seed, shapes
from bot.playground.slack.state import Channel, Group, Json, Message, StoredFile
from bot.playground.slack.text import mentioned
from bot.playground.slack.workspace import Workspace

_SUBSCRIPTION = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}


def page_message(ws: Workspace, row: Message) -> Json:
    """Return a message as the page takes it."""
    body = shapes.message(ws, row)
    replies = int(body.get("reply_count", 0))
    return body | {
        "ephemeral": row.ephemeral_to is not None,
        "reply_count": replies,
        "streaming": ws.is_streaming(row),
    }


def posted(ws: Workspace, row: Message) -> None:
    """Tell of a new message; of its parent too, whose count of replies grew."""
    if row.ephemeral_to is not None:
        ws.feed.add("ephemeral", only=row.ephemeral_to, channel=row.channel, message=page_message(ws, row))
        return
    ws.feed.add("message", channel=row.channel, message=page_message(ws, row))
    _refresh_parent(ws, row)
    channel = ws.channel(row.channel)
    _to_app(ws, channel, _message_event(ws, channel, row))
    # A mention comes twice: as a message of its channel, too.
    _mentioned(ws, channel, row)


def _mentioned(ws: Workspace, channel: Channel, row: Message) -> None:
    """Tell the app that it is mentioned, if it is."""
    if _is_mention(ws, channel, row):
        mention = _message_event(ws, channel, row) | {"type": "app_mention"}
        mention.pop("channel_type")
        mention.pop("subtype", None)
        ws.emit({"name": "app_mention", "event": mention})


def _is_mention(ws: Workspace, channel: Channel, row: Message) -> bool:
    if channel.kind == "im" or row.by_app or seed.BOT_USER_ID not in channel.members:
        return False
    return seed.BOT_USER_ID in mentioned(row.text) and (not row.files or ws.limits.mention_with_file)


def _message_event(ws: Workspace, channel: Channel, row: Message) -> Json:
    body = shapes.message(ws, row)
    for summary in (
        "reply_count",
        "reply_users",
        "reply_users_count",
        "latest_reply",
        "subscribed",
        "is_locked",
    ):
        body.pop(summary, None)
    return _in_channel(ws, channel, body) | {
        "channel": row.channel,
        "event_ts": row.ts,
        "channel_type": channel.type,
    }


def _in_channel(ws: Workspace, channel: Channel, body: Json) -> Json:
    """Return a message as an event has it: of what is said in a shared channel it tells no more of a file than its ID.

    Whose it is, is said by more names there, as in the payloads of slackapi/bolt-python's tests of shared channels.
    """
    if not ws.is_shared(channel):
        return body
    files = [ws.store.files.get(str(each["id"])) for each in body.get("files", ())]
    bare = {"files": [shapes.bare_file(each) for each in files if each]} if files else {}
    return body | bare | {"user_team": body["team"], "source_team": body["team"]}


def _refresh_parent(ws: Workspace, row: Message) -> None:
    parent = ws.message(row.channel, row.thread_ts or "") if row.is_reply else None
    if parent is not None:
        ws.feed.add("message_changed", channel=row.channel, message=page_message(ws, parent))


def page_changed(ws: Workspace, row: Message) -> None:
    """Tell only the page of a changed message: while a stream grows, or when a reaction is added."""
    only = row.ephemeral_to
    ws.feed.add("message_changed", only=only, channel=row.channel, message=page_message(ws, row))


def changed(ws: Workspace, row: Message, previous: Json) -> None:
    """Tell of an edited message."""
    page_changed(ws, row)
    channel = ws.channel(row.channel)
    event = _hidden(ws, channel, "message_changed") | {
        "message": _in_channel(ws, channel, shapes.message(ws, row)),
        "previous_message": previous,
    }
    if row.ephemeral_to is None:
        _to_app(ws, channel, event)
    # Of a mention it is told anew, with ``edited`` in it (github.com/slackapi/bolt-js/issues/960).
    if row.edited:
        _mentioned(ws, channel, row)


def deleted(ws: Workspace, row: Message, previous: Json) -> None:
    """Tell of a deleted message."""
    kind = "ephemeral_deleted" if row.ephemeral_to is not None else "message_deleted"
    ws.feed.add(kind, only=row.ephemeral_to, channel=row.channel, ts=row.ts)
    if row.ephemeral_to is not None:
        return
    _refresh_parent(ws, row)
    channel = ws.channel(row.channel)
    event = _hidden(ws, channel, "message_deleted") | {"deleted_ts": row.ts, "previous_message": previous}
    _to_app(ws, channel, event)


def _hidden(ws: Workspace, channel: Channel, subtype: str) -> Json:
    ts = ws.next_ts()
    return {
        "type": "message",
        "subtype": subtype,
        "hidden": True,
        "channel": channel.id,
        "ts": ts,
        "event_ts": ts,
        "channel_type": channel.type,
    }


def _to_app(ws: Workspace, channel: Channel, event: Json) -> None:
    if seed.BOT_USER_ID in channel.members:
        ws.emit({"name": _SUBSCRIPTION[channel.type], "event": event})


def file_shared(ws: Workspace, row: StoredFile, channel: Channel) -> None:
    """Tell the app that a file was put into a channel that it is in."""
    if seed.BOT_USER_ID not in channel.members:
        return
    event = {
        "type": "file_shared",
        "file_id": row.id,
        "user_id": row.user,
        "file": {"id": row.id},
        "channel_id": channel.id,
        "event_ts": ws.next_ts(),
    }
    ws.emit({"name": "file_shared", "event": event})


def group_changed(ws: Workspace, row: Group, before: Collection[str]) -> None:
    """Tell the app who came into a user group and who left it."""
    added, removed = sorted(set(row.members) - set(before)), sorted(set(before) - set(row.members))
    event: Json = {
        "type": "subteam_members_changed",
        "subteam_id": row.id,
        "team_id": seed.TEAM_ID,
        "added_users": added,
        "added_users_count": len(added),
        "removed_users": removed,
        "removed_users_count": len(removed),
        "event_ts": ws.next_ts(),
    }
    ws.emit({"name": "subteam_members_changed", "event": event})


def id_changed(ws: Workspace, channel: Channel, former: str) -> None:
    """Tell the app that a channel that it is in has another ID from now on."""
    event = {"type": "channel_id_changed", "old_channel_id": former, "new_channel_id": channel.id}
    if seed.BOT_USER_ID in channel.members:
        ws.emit({"name": "channel_id_changed", "event": event | {"event_ts": ws.next_ts()}})


def home_opened(ws: Workspace, user_id: str, tab: str) -> None:
    """Tell the app that a person looks at its Home or Messages tab."""
    channel = ws.open_im(user_id, seed.BOT_USER_ID)
    event: Json = {"type": "app_home_opened", "user": user_id, "channel": channel.id, "tab": tab}
    event["event_ts"] = ws.next_ts()
    home = ws.store.homes.get(user_id)
    if tab == "home" and home is not None:
        event["view"] = shapes.view(home)
    ws.emit({"name": "app_home_opened", "event": event})


def session(ws: Workspace, shown: Json) -> None:
    """Tell the page whether an agent is at work in a thread."""
    ws.feed.add("session", **shown)


def session_stopped(
    ws: Workspace, channel: str, thread_ts: str, user_id: str, streaming: Sequence[str]
) -> None:
    """Tell the app that a person pressed stop; ``streaming`` are the streams that this ended, if any were open."""
    event = {
        "type": "agent_session_stopped",
        "channel": channel,
        "user": user_id,
        "thread_ts": thread_ts,
        "streaming_message_ts": list(streaming),
        "event_ts": ws.next_ts(),
    }
    ws.emit({"name": "agent_session_stopped", "event": event})


def reacted(ws: Workspace, row: Message, user_id: str, name: str) -> None:
    """Tell of a reaction."""
    ws.feed.add("reaction", channel=row.channel, ts=row.ts, name=name, users=row.reactions[name])
    item = {"type": "message", "channel": row.channel, "ts": row.ts}
    event = {"type": "reaction_added", "user": user_id, "reaction": name, "item": item, "item_user": row.user}
    if seed.BOT_USER_ID in ws.channel(row.channel).members:
        ws.emit({"name": "reaction_added", "event": event | {"event_ts": ws.next_ts()}})


def status(ws: Workspace, channel: str, thread_ts: str, text: str, loading: list[str]) -> None:
    """Tell the page what the app says that it is doing; an empty text clears it."""
    ws.feed.add("status", channel=channel, thread_ts=thread_ts, status=text, loading_messages=loading)
