"""Posting, editing and deleting messages, by whomever."""

from bot.playground.slack import events, seed, shapes
from bot.playground.slack.blocks import interactive
from bot.playground.slack.state import Channel, Json, Message, StoredFile
from bot.playground.slack.workspace import Workspace

_BLOCK_ID_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

EARLIER = 60
"""Blocks of earlier pictures of a message or view from which a press may still come."""


def earlier_blocks(known: list[Json], before: list[Json], now: list[Json]) -> list[Json]:
    """Return what people who have not seen the newest picture may still press, newest first.

    ``block_id`` is new in each iteration of a message, whether Slack or the app gives it ("If a message is updated,
    use a new block_id": docs.slack.dev/reference/block-kit/blocks), so that it cannot be what keeps a button alive.
    What Slack does with a press from an earlier picture no document says: that it is sent is what asks more of an app.
    """
    gone = [block for block in before if block not in now and any(True for _ in interactive([block]))]
    return [*gone, *known][:EARLIER]


def name_blocks(ws: Workspace, blocks: list[Json]) -> list[Json]:
    """Return blocks in which each has a ``block_id`` and each interactive element an ``action_id``, as in Slack."""
    return [_named(ws, block) for block in blocks]


def _named(ws: Workspace, block: Json) -> Json:
    named = dict(block)
    if not named.get("block_id"):
        named["block_id"] = short_id(ws)
    for key in ("accessory", "element"):
        if key in named:
            named[key] = _with_action_id(ws, named[key])
    if named.get("type") in ("actions", "context_actions"):
        named["elements"] = [_with_action_id(ws, element) for element in named["elements"]]
    return named


def _with_action_id(ws: Workspace, element: Json) -> Json:
    if element.get("type") == "image" or element.get("action_id"):
        return element
    return element | {"action_id": short_id(ws)}


def short_id(ws: Workspace) -> str:
    """Return a fresh short ID such as Slack gives to blocks that have none."""
    # Coprime to its modulus, which is one less than 62⁵: a count becomes five digits that look drawn and
    # never repeat.
    number = int(ws.store.next_id("b")[1:], 36) * 48_271 % 916_132_831
    digits = ""
    for _ in range(5):
        number, digit = divmod(number, 62)
        digits += _BLOCK_ID_LETTERS[digit]
    return digits


def post(ws: Workspace, row: Message) -> Message:
    """Store a new message whose ``ts`` is already set, and tell everybody."""
    row.blocks = name_blocks(ws, row.blocks)
    ws.store.messages.put(row)
    if row.by_app and row.ephemeral_to is None:
        clear_status(ws, row.channel, row.thread_ts or row.ts)
    events.posted(ws, row)
    return row


def clear_status(ws: Workspace, channel: str, thread_ts: str) -> None:
    """Take down an "is thinking..." line, as Slack does when the app posts."""
    if ws.statuses.pop((channel, thread_ts), None) is not None:
        events.status(ws, channel, thread_ts, "", [])


def edit(ws: Workspace, row: Message, previous: Json, *, mark: bool) -> None:
    """Store a changed message and tell everybody; ``mark`` shows it as "(edited)"."""
    row.blocks = name_blocks(ws, row.blocks)
    before = ws.message(row.channel, row.ts)
    row.earlier = earlier_blocks(row.earlier, before.blocks if before else [], row.blocks)
    if mark:
        row.edited = {"user": row.user, "ts": ws.next_ts()}
    ws.store.messages.put(row)
    events.changed(ws, row, previous)


def delete(ws: Workspace, row: Message) -> None:
    """Remove a message; a parent with replies leaves a tombstone."""
    previous = shapes.message(ws, row)
    if ws.replies(row.channel, row.ts):
        row.tombstone = True
        ws.store.messages.put(row)
    else:
        ws.store.messages.delete(f"{row.channel}:{row.ts}")
    events.deleted(ws, row, previous)


def share_files(ws: Workspace, files: list[StoredFile], channel: Channel, row: Message) -> Message:
    """Post a message that carries files, and record where each is shared."""
    row.files = [file.id for file in files]
    row.subtype = "file_share"
    for file in files:
        share: Json = {"ts": row.ts, "channel_name": channel.name, "team_id": seed.TEAM_ID}
        share |= {"share_user_id": row.user, "source": "UNKNOWN", "reply_count": 0, "reply_users": []}
        if row.thread_ts:
            share["thread_ts"] = row.thread_ts
        file.shares.setdefault(channel.id, []).append(share)
        file.completed = True
        ws.store.files.put(file)
    post(ws, row)
    # Beside the message, and for the app's own files as well (docs.slack.dev/reference/events/file_shared).
    for file in files:
        events.file_shared(ws, file, channel)
    return row
