"""Messages, files, reactions and direct messages of people."""

import uuid
from collections.abc import Sequence

from bot.playground.slack import events, messages, moving, seed, sessions, shapes, text
from bot.playground.slack.errors import SeenByPerson
from bot.playground.slack.front.door import Door
from bot.playground.slack.state import Channel, Json, Message, StoredFile

TYPED = 40_000
"""Characters that a person may type into one message."""


def say(door: Door, user_id: str, channel_id: str, typed: str, thread_ts: str | None = None) -> Message:
    """Post what a person typed."""
    ws = door.ws
    with ws.store.lock:
        channel = door.joined(door.person(user_id).id, channel_id)
        if not typed.strip():
            raise SeenByPerson("There is nothing to send.")
        row = _row(door, user_id, channel, typed, thread_ts)
        ws.log.add("person", user=user_id, did="say", channel=channel.id, ts=row.ts)
        messages.post(ws, row)
        channel.last_read[user_id] = row.ts
        return row


def _row(door: Door, user_id: str, channel: Channel, typed: str, thread_ts: str | None) -> Message:
    ws = door.ws
    if channel.kind == "im" and seed.BOT_USER_ID in channel.members and not _messages_tab_open(door):
        raise SeenByPerson("Sending messages to this app has been turned off.")
    markup = text.from_person(typed[:TYPED], ws.store.users.values(), ws.store.channels.values())
    return Message(
        channel=channel.id,
        ts=ws.next_ts(),
        user=user_id,
        text=markup,
        blocks=[text.rich_text(markup, messages.short_id(ws))] if markup else [],
        thread_ts=_thread(door, user_id, channel, thread_ts),
        client_msg_id=str(uuid.uuid5(uuid.NAMESPACE_URL, f"{channel.id}:{ws.last_micros}")),
    )


def _messages_tab_open(door: Door) -> bool:
    home = door.ws.manifest.home
    return bool(home.get("messages_tab_enabled", True)) and not home.get(
        "messages_tab_read_only_enabled", False
    )


def _thread(door: Door, user_id: str, channel: Channel, thread_ts: str | None) -> str | None:
    if not thread_ts:
        return None
    # A thread has one level: who answers a reply answers its parent.
    parent = door.message(user_id, channel.id, thread_ts)
    return parent.thread_ts if parent.is_reply else parent.ts


def upload(
    door: Door,
    user_id: str,
    channel_id: str | None,
    files: Sequence[tuple[str, bytes]],
    typed: str = "",
    thread_ts: str | None = None,
) -> list[StoredFile]:
    """Store files (name, bytes) of a person; with a channel, share them there in one message."""
    ws = door.ws
    with ws.store.lock:
        door.person(user_id)
        channel = door.joined(user_id, channel_id) if channel_id else None
        if not files:
            raise SeenByPerson("There is no file to upload.")
        rows = [_store(door, user_id, name, content) for name, content in files]
        ws.log.add("person", user=user_id, did="upload", files=[row.id for row in rows])
        if channel is not None:
            message = _row(door, user_id, channel, typed, thread_ts)
            messages.share_files(ws, rows, channel, message)
            channel.last_read[user_id] = message.ts
        return rows


def _store(door: Door, user_id: str, name: str, content: bytes) -> StoredFile:
    ws = door.ws
    row = StoredFile(
        id=ws.store.next_id("F0"),
        name=name,
        title=name,
        user=user_id,
        size=len(content),
        created=int(ws.now()),
        uploaded=True,
    )
    ws.store.write_bytes(row.id, content)
    return ws.store.files.put(row)


def edit(door: Door, user_id: str, channel_id: str, ts: str, typed: str) -> Message:
    """Change one of a person's own messages."""
    ws = door.ws
    with ws.store.lock:
        row = _own(door, user_id, channel_id, ts)
        previous = shapes.message(ws, row)
        changed = row.model_copy(deep=True)
        changed.text = text.from_person(typed, ws.store.users.values(), ws.store.channels.values())
        changed.blocks = [text.rich_text(changed.text, messages.short_id(ws))]
        messages.edit(ws, changed, previous, mark=True)
        return changed


def delete(door: Door, user_id: str, channel_id: str, ts: str) -> None:
    """Delete one of a person's own messages."""
    with door.ws.store.lock:
        messages.delete(door.ws, _own(door, user_id, channel_id, ts))


def delete_file(door: Door, user_id: str, file_id: str) -> None:
    """Delete one of a person's own files."""
    ws = door.ws
    with ws.store.lock:
        row = ws.store.files.get(file_id)
        if row is None or row.user != user_id:
            raise SeenByPerson("You can only delete your own files.")
        row.deleted = True
        ws.store.files.put(row)
        ws.store.drop_bytes(row.id)


def _own(door: Door, user_id: str, channel_id: str, ts: str) -> Message:
    row = door.message(user_id, channel_id, ts)
    if row.user != user_id:
        raise SeenByPerson("You can only change your own messages.")
    return row


def react(door: Door, user_id: str, channel_id: str, ts: str, name: str) -> None:
    """Add an emoji to a message."""
    ws = door.ws
    with ws.store.lock:
        row = door.message(user_id, channel_id, ts)
        users = row.reactions.get(name, [])
        if user_id not in users:
            row.reactions = row.reactions | {name: [*users, user_id]}
            ws.store.messages.put(row)
            events.reacted(ws, row, user_id, name)


def open_dm(door: Door, user_id: str, other_id: str) -> Channel:
    """Open the direct messages with somebody."""
    ws = door.ws
    with ws.store.lock:
        door.person(user_id)
        if ws.store.users.get(other_id) is None:
            raise SeenByPerson("That person is not in this workspace.")
        return ws.open_im(user_id, other_id)


def invite(door: Door, user_id: str, channel_id: str, invited: str) -> None:
    """Add somebody, or the app, to a channel."""
    ws = door.ws
    with ws.store.lock:
        channel = door.joined(user_id, channel_id)
        if invited in channel.members:
            return
        channel.members = [*channel.members, invited]
        ws.store.channels.put(channel)
        ws.feed.add("channel", channel=channel.id)
        _joined(door, channel, invited, by=user_id)


def leave(door: Door, user_id: str, channel_id: str) -> None:
    """Leave a channel; the app is told when it is in there, too."""
    ws = door.ws
    with ws.store.lock:
        channel = door.joined(user_id, channel_id)
        channel.members = [each for each in channel.members if each != user_id]
        ws.store.channels.put(channel)
        ws.feed.add("channel", channel=channel.id)
        event = {"type": "member_left_channel", "user": user_id, "channel": channel.id}
        # docs.slack.dev/reference/events/member_left_channel
        event |= {"channel_type": _letter(channel), "team": seed.TEAM_ID, "event_ts": ws.next_ts()}
        if seed.BOT_USER_ID in channel.members:
            ws.emit({"name": "member_left_channel", "event": event})


def share(door: Door, user_id: str, channel_id: str) -> Channel:
    """Share a channel with another workspace; a private one gets another ID by that, for good.

    docs.slack.dev/reference/events/channel_id_changed: "when a private channel is shared, the existing private
    channel's unique channel ID changes". What was said there stays, and nothing is found under the old ID any more.
    """
    ws = door.ws
    with ws.store.lock:
        channel = door.joined(user_id, channel_id)
        if channel.private:
            channel = moving.moved(ws, channel, ws.store.next_id("C0"))
            events.id_changed(ws, channel, channel_id)
        return channel


def tell_joined(door: Door, channel_id: str) -> None:
    """Tell the app that it came into a channel, unless something was said there before."""
    ws = door.ws
    with ws.store.lock:
        channel = ws.channel(channel_id)
        if not ws.messages(channel.id):
            _joined(door, channel, seed.BOT_USER_ID, by=channel.members[0])


def _joined(door: Door, channel: Channel, who: str, *, by: str) -> None:
    ws = door.ws
    event = {"type": "member_joined_channel", "user": who, "channel": channel.id, "inviter": by}
    # A letter in this event, where those of messages have a word
    # (docs.slack.dev/reference/events/member_joined_channel).
    event |= {"channel_type": _letter(channel), "team": seed.TEAM_ID, "event_ts": ws.next_ts()}
    if seed.BOT_USER_ID in channel.members:
        ws.emit({"name": "member_joined_channel", "event": event})


def _letter(channel: Channel) -> str:
    return "G" if channel.private else "C"


def open_home(door: Door, user_id: str, tab: str = "home") -> Json | None:
    """Look at the app's Home (or Messages) tab; return the view that was published last, if any."""
    ws = door.ws
    with ws.store.lock:
        door.person(user_id)
        ws.log.add("person", user=user_id, did="open_home", tab=tab)
        if tab == "home" and not ws.manifest.home.get("home_tab_enabled", False):
            raise SeenByPerson("This app has no Home tab.")
        events.home_opened(ws, user_id, tab)
        home = ws.store.homes.get(user_id)
        return shapes.view(home) if home is not None and tab == "home" else None


def stop_session(door: Door, user_id: str, channel_id: str, thread_ts: str) -> None:
    """Press stop where an agent is at work."""
    with door.ws.store.lock:
        channel = door.channel(door.person(user_id).id, channel_id)
        door.ws.log.add("person", user=user_id, did="stop", channel=channel.id, thread_ts=thread_ts)
        sessions.stop(door.ws, channel.id, thread_ts, user_id)


def read(door: Door, user_id: str, channel_id: str) -> list[Message]:
    """Return what a person sees in a channel, oldest first, replies left out; it counts as read."""
    ws = door.ws
    with ws.store.lock:
        channel = door.channel(user_id, channel_id)
        rows = [
            row
            for row in ws.messages(channel.id)
            if row.ephemeral_to in (None, user_id) and not row.tombstone
        ]
        if rows:
            channel.last_read[user_id] = rows[-1].ts
            ws.store.channels.put(channel)
        return [row for row in rows if not row.is_reply or row.subtype == "thread_broadcast"]


def read_thread(door: Door, user_id: str, channel_id: str, ts: str) -> list[Message]:
    """Return a thread as a person sees it, its parent first."""
    ws = door.ws
    with ws.store.lock:
        channel = door.channel(user_id, channel_id)
        return [
            row
            for row in ws.messages(channel.id)
            if ts in (row.ts, row.thread_ts) and row.ephemeral_to in (None, user_id) and not row.tombstone
        ]
