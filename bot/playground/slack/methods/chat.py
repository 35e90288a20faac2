"""chat.postMessage, postEphemeral, update, delete and getPermalink."""

from bot.playground.slack import messages, seed, shapes
from bot.playground.slack.errors import SlackError
from bot.playground.slack.methods import content
from bot.playground.slack.methods.common import own_message, thread_for, writable
from bot.playground.slack.methods.registry import Arg, Call, method
from bot.playground.slack.rates import POSTING, SPECIAL, TIER_3, TIER_4
from bot.playground.slack.state import Json, Message

_POST_ERRORS = (
    "channel_not_found",
    "not_in_channel",
    "is_archived",
    "cannot_reply_to_message",
    "messages_tab_disabled",
)


@method(
    "chat.postMessage",
    tier=POSTING,
    scopes=("chat:write",),
    args=(
        Arg("channel", required=True),
        Arg("thread_ts"),
        Arg("reply_broadcast", "boolean"),
        Arg("unfurl_links", "boolean"),
        Arg("unfurl_media", "boolean"),
        Arg("mrkdwn", "boolean"),
        Arg("client_msg_id"),
        *content.ARGS,
        *content.CUSTOM_ARGS,
    ),
    declined=("as_user", "current_draft_last_updated_ts"),
    errors=(*_POST_ERRORS, *content.ERRORS, *content.METADATA_ERRORS),
)
def post_message(call: Call) -> Json:
    """Post a message as the app."""
    ws = call.ws
    channel = writable(call)
    _require_messages_tab(call, channel.kind)
    given = content.read(call)
    if not given.shown:
        raise SlackError("no_text")
    row = Message(
        channel=channel.id,
        ts=ws.next_ts(),
        user=seed.BOT_USER_ID,
        by_app=True,
        text=content.posted_text(call, given),
        blocks=given.blocks or [],
        attachments=given.attachments or [],
        metadata=given.metadata or None,
        thread_ts=thread_for(call, channel),
    )
    if row.thread_ts and call.flag("reply_broadcast"):
        row.subtype = "thread_broadcast"
    content.customize(call, row)
    messages.post(ws, row)
    return {"channel": channel.id, "ts": row.ts, "message": shapes.message(ws, row, metadata=True)}


def _require_messages_tab(call: Call, kind: str) -> None:
    if kind == "im" and not call.ws.manifest.home.get("messages_tab_enabled", True):
        raise SlackError("messages_tab_disabled")


@method(
    "chat.postEphemeral",
    tier=TIER_4,
    scopes=("chat:write",),
    args=(
        Arg("channel", required=True),
        Arg("user", required=True),
        Arg("thread_ts"),
        *content.ARGS,
        *content.CUSTOM_ARGS,
    ),
    declined=("as_user",),
    errors=(
        "channel_not_found", "not_in_channel", "is_archived", "cannot_reply_to_message", "messages_tab_disabled",
        "user_not_in_channel", *(error for error in content.ERRORS if error != "msg_blocks_too_long"),
    ),
)  # fmt: skip
def post_ephemeral(call: Call) -> Json:
    """Show a message to one person only."""
    ws = call.ws
    channel = writable(call)
    _require_messages_tab(call, channel.kind)
    if call.text("user") not in channel.members:
        raise SlackError("user_not_in_channel")
    given = content.read(call)
    if not given.shown:
        raise SlackError("no_text")
    row = Message(
        channel=channel.id,
        ts=ws.next_ts(),
        user=seed.BOT_USER_ID,
        by_app=True,
        text=content.posted_text(call, given),
        blocks=given.blocks or [],
        attachments=given.attachments or [],
        thread_ts=thread_for(call, channel),
        ephemeral_to=call.text("user"),
    )
    content.customize(call, row)
    messages.post(ws, row)
    return {"message_ts": row.ts}


@method(
    "chat.update",
    tier=TIER_3,
    scopes=("chat:write",),
    args=(Arg("channel", required=True), Arg("ts", required=True), *content.ARGS),
    declined=("as_user", "unfurled_attachments", "file_ids", "reply_broadcast"),
    errors=(
        "channel_not_found", "is_inactive", "message_not_found", "cant_update_message",
        "streaming_state_conflict", *content.ERRORS, *content.METADATA_ERRORS,
    ),
)  # fmt: skip
def update(call: Call) -> Json:
    """Change one of the app's messages: text alone removes its blocks, ``{}`` its metadata."""
    ws = call.ws
    channel = ws.store.channels.get(call.text("channel"))
    if channel is None or (channel.private and seed.BOT_USER_ID not in channel.members):
        raise SlackError("channel_not_found")
    if channel.archived:
        raise SlackError("is_inactive")
    row = own_message(call, channel, "cant_update_message")
    if ws.is_streaming(row):
        raise SlackError("streaming_state_conflict")
    given = content.read(call)
    # Of `text` alone: `markdown_text` has a limit of its own, which was looked at in reading it.
    if (
        given.text is not None
        and call.maybe("markdown_text") is None
        and len(given.text) > content.TEXT_UPDATED
    ):
        raise SlackError("msg_too_long")
    previous = shapes.message(ws, row)
    changed = row.model_copy(deep=True)
    _apply(changed, given)
    if not (changed.text or changed.blocks or changed.attachments or changed.files) or _says_nothing(given):
        raise SlackError("no_text")
    # Slack marks nothing as edited that is changed with blocks.
    messages.edit(ws, changed, previous, mark=given.blocks is None)
    body = shapes.message(ws, changed, metadata=True)
    return {"channel": channel.id, "ts": changed.ts, "text": changed.text, "message": body}


def _apply(row: Message, given: content.Content) -> None:
    if given.text is not None:
        row.text, row.blocks = given.text, []
    if given.blocks is not None:
        row.blocks = given.blocks
    if given.attachments is not None:
        row.attachments = given.attachments
    if given.metadata is not None:
        row.metadata = given.metadata or None


def _says_nothing(given: content.Content) -> bool:
    return (
        given.text is None and given.blocks is None and given.attachments is None and given.metadata is None
    )


@method(
    "chat.delete",
    tier=TIER_3,
    scopes=("chat:write",),
    args=(Arg("channel", required=True), Arg("ts", required=True)),
    declined=("as_user",),
    errors=("channel_not_found", "message_not_found", "cant_delete_message"),
)
def delete(call: Call) -> Json:
    """Remove one of the app's messages."""
    channel = call.ws.store.channels.get(call.text("channel"))
    if channel is None or (channel.private and seed.BOT_USER_ID not in channel.members):
        raise SlackError("channel_not_found")
    row = own_message(call, channel, "cant_delete_message")
    messages.delete(call.ws, row)
    return {"channel": channel.id, "ts": row.ts}


@method(
    "chat.getPermalink",
    tier=SPECIAL,
    args=(Arg("channel", required=True), Arg("message_ts", required=True)),
    errors=("channel_not_found", "message_not_found"),
)
def get_permalink(call: Call) -> Json:
    """Return the address of a message, which the playground's page understands."""
    ws = call.ws
    channel = ws.store.channels.get(call.text("channel"))
    if channel is None or (not ws.sees_channel(seed.BOT_USER_ID, channel) and channel.private):
        raise SlackError("channel_not_found")
    row = ws.message(channel.id, call.text("message_ts"))
    if row is None or row.ephemeral_to is not None:
        raise SlackError("message_not_found")
    link = f"{ws.base_url}/archives/{channel.id}/p{row.ts.replace('.', '')}"
    if row.is_reply:
        link += f"?thread_ts={row.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}
