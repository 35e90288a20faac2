"""chat.startStream, appendStream and stopStream."""

from bot.playground.slack import events, messages, seed, sessions, shapes, streams
from bot.playground.slack.blocks import too_many
from bot.playground.slack.errors import SlackError
from bot.playground.slack.methods import content
from bot.playground.slack.methods.common import thread_for, writable
from bot.playground.slack.methods.registry import Arg, Call, method
from bot.playground.slack.rates import TIER_2, TIER_4
from bot.playground.slack.state import Channel, Json, Message, Stream

_CHUNKS = (Arg("markdown_text"), Arg("chunks", "json"))
_WHERE = ("channel_not_found", "not_in_channel", "is_archived")
_TEXT = (
    "invalid_chunks", "invalid_blocks", "msg_blocks_too_many", "msg_too_long",
    "cannot_provide_both_markdown_text_and_chunks",
)  # fmt: skip
_STATE = ("message_not_found", "message_not_in_streaming_state", "message_not_owned_by_app")


@method(
    "chat.startStream",
    tier=TIER_2,
    scopes=("chat:write",),
    args=(
        Arg("channel", required=True),
        Arg("thread_ts"),
        Arg("recipient_user_id"),
        Arg("recipient_team_id"),
        Arg("task_display_mode"),
        *_CHUNKS,
        *content.CUSTOM_ARGS,
    ),
    errors=(
        *_WHERE, *_TEXT, "messages_tab_disabled", "missing_recipient_team_id", "missing_recipient_user_id",
        "user_not_found", "cannot_reply_to_message",
    ),
)  # fmt: skip
def start(call: Call) -> Json:
    """Begin a message that grows."""
    ws = call.ws
    channel = writable(call)
    _require_recipient(call, channel)
    chunks = streams.chunks_of(call.maybe("markdown_text"), call.args.get("chunks"))
    row = Message(
        channel=channel.id,
        ts=ws.next_ts(),
        user=seed.BOT_USER_ID,
        by_app=True,
        thread_ts=thread_for(call, channel),
        stream=Stream(started_at=ws.now(), recipient=call.maybe("recipient_user_id")),
    )
    content.customize(call, row)
    streams.grow(ws, row, chunks)
    messages.post(ws, row)
    sessions.set_status(ws, channel.id, row.thread_ts or row.ts, "processing")
    ws.later(ws.now() + ws.limits.stream_lifetime, lambda: streams.show_expired(ws, channel.id, row.ts))
    return {"channel": channel.id, "ts": row.ts}


def _require_recipient(call: Call, channel: Channel) -> None:
    if channel.kind == "im":
        return
    if not call.maybe("recipient_team_id"):
        raise SlackError("missing_recipient_team_id")
    if not call.maybe("recipient_user_id"):
        raise SlackError("missing_recipient_user_id")
    if call.ws.store.users.get(call.text("recipient_user_id")) is None:
        raise SlackError("user_not_found")


@method(
    "chat.appendStream",
    tier=TIER_4,
    scopes=("chat:write",),
    args=(Arg("channel", required=True), Arg("ts", required=True), *_CHUNKS),
    errors=(*_WHERE, *_TEXT, *_STATE, "stopped_by_user", "no_text"),
)
def append(call: Call) -> Json:
    """Add to a message that is being streamed."""
    ws = call.ws
    channel = writable(call, ids_only=True)
    row = streams.require_open(ws, ws.message(channel.id, call.text("ts")))
    chunks = streams.chunks_of(call.maybe("markdown_text"), call.args.get("chunks"))
    if not chunks:
        raise SlackError("no_text")
    # On a copy: what is too long leaves the message as it was.
    grown = row.model_copy(deep=True)
    streams.grow(ws, grown, chunks)
    ws.store.messages.put(grown)
    events.page_changed(ws, grown)
    return {"channel": channel.id, "ts": row.ts}


@method(
    "chat.stopStream",
    tier=TIER_2,
    scopes=("chat:write",),
    args=(
        Arg("channel", required=True),
        Arg("ts", required=True),
        Arg("blocks", "raw"),
        Arg("metadata", "raw"),
        Arg("session_status"),
        *_CHUNKS,
    ),
    errors=(*_WHERE, *_TEXT, *_STATE, *content.METADATA_ERRORS, "msg_blocks_too_long"),
)
def stop(call: Call) -> Json:
    """End a stream, with closing blocks below its text; the thread's session is ``active`` then, if not told else."""
    ws = call.ws
    channel = writable(call, ids_only=True)
    row = streams.require_open(ws, ws.message(channel.id, call.text("ts")), closing=True)
    session_status = call.text("session_status", "active")
    if session_status not in sessions.STATUSES:
        raise SlackError("invalid_arguments", messages=["[ERROR] invalid `session_status`"])
    chunks = streams.chunks_of(call.maybe("markdown_text"), call.args.get("chunks"))
    closing = content.read_blocks(call.args.get("blocks")) or []
    metadata = content.read_metadata(call)
    previous = shapes.message(ws, row)
    done = row.model_copy(deep=True)
    streams.grow(ws, done, chunks)
    assert done.stream is not None
    done.stream.state = "stopped"
    done.blocks = [*done.blocks, *closing]
    if too_many(done.blocks):
        raise SlackError("msg_blocks_too_many")
    done.metadata = metadata or None
    messages.edit(ws, done, previous, mark=False)
    sessions.set_status(ws, channel.id, done.thread_ts or done.ts, session_status)
    return {"channel": channel.id, "ts": done.ts, "message": shapes.message(ws, done, metadata=True)}
