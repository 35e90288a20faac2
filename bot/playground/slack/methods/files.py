"""files.info, files.delete, and the two calls around an upload."""

from bot.playground.slack import messages, seed, shapes
from bot.playground.slack.errors import SlackError
from bot.playground.slack.methods import content
from bot.playground.slack.methods.common import thread_for
from bot.playground.slack.methods.registry import Arg, Call, method
from bot.playground.slack.rates import TIER_3, TIER_4
from bot.playground.slack.state import Channel, Json, Message, StoredFile

SNIPPET_BYTES = 1_000_000
ALT_TEXT = 1_000


@method(
    "files.info",
    tier=TIER_4,
    scopes=("files:read",),
    args=(
        Arg("file", required=True),
        Arg("count", "integer"),
        Arg("cursor"),
        Arg("limit", "integer"),
        Arg("page", "integer"),
    ),
    errors=("file_not_found", "file_deleted"),
)
def info(call: Call) -> Json:
    """Describe a file that the app may see: its own, or one in a channel that it is in."""
    row = _visible(call, call.text("file"))
    return {"file": shapes.file(call.ws, row), "comments": [], "response_metadata": {"next_cursor": ""}}


def _visible(call: Call, file_id: str) -> StoredFile:
    row = call.ws.store.files.get(file_id)
    if row is None or not row.completed or not call.ws.sees_file(seed.BOT_USER_ID, row):
        raise SlackError("file_not_found")
    if row.deleted:
        raise SlackError("file_deleted")
    return row


@method(
    "files.delete",
    tier=TIER_3,
    scopes=("files:write",),
    args=(Arg("file", required=True),),
    errors=("file_not_found", "file_deleted", "cant_delete_file"),
)
def delete(call: Call) -> Json:
    """Delete one of the app's own files."""
    row = _visible(call, call.text("file"))
    if row.user != seed.BOT_USER_ID:
        raise SlackError("cant_delete_file")
    row.deleted = True
    call.ws.store.files.put(row)
    call.ws.store.drop_bytes(row.id)
    return {}


@method(
    "files.getUploadURLExternal",
    tier=TIER_4,
    scopes=("files:write",),
    args=(
        Arg("filename", required=True),
        Arg("length", "integer", required=True),
        Arg("snippet_type"),
        Arg("alt_txt"),
    ),
    errors=("missing_argument", "snippet_too_large", "alt_txt_too_large"),
    missing="missing_argument",
)
def get_upload_url(call: Call) -> Json:
    """Begin an upload: an ID and the address that takes the bytes."""
    ws, length = call.ws, int(call.args["length"])
    if length <= 0:
        raise SlackError(
            "missing_argument", messages=["[ERROR] missing required field: length"], arg="length"
        )
    if call.maybe("snippet_type") and length > SNIPPET_BYTES:
        raise SlackError("snippet_too_large")
    if len(call.text("alt_txt")) > ALT_TEXT:
        raise SlackError("alt_txt_too_large")
    row = StoredFile(
        id=ws.store.next_id("F0"),
        name=call.text("filename"),
        title=call.text("filename"),
        user=seed.BOT_USER_ID,
        size=length,
        created=int(ws.now()),
        snippet_type=call.maybe("snippet_type"),
        alt_text=call.maybe("alt_txt"),
    )
    ws.store.files.put(row)
    return {"upload_url": f"{ws.base_url}/upload/v1/{row.id}", "file_id": row.id}


@method(
    "files.completeUploadExternal",
    tier=TIER_4,
    scopes=("files:write",),
    args=(
        Arg("files", "json", required=True),
        Arg("channel_id"),
        Arg("channels", "list"),
        Arg("thread_ts"),
        Arg("initial_comment"),
        Arg("blocks", "raw"),
        *content.CUSTOM_ARGS,
    ),
    errors=(
        "file_not_found", "channel_not_found", "not_in_channel", "invalid_blocks", "invalid_channel",
        "posting_to_channel_denied",
    ),
)  # fmt: skip
def complete_upload(call: Call) -> Json:
    """End uploads and share the files. As in Slack, the answer does not yet say where they are shared."""
    ws = call.ws
    rows = [_uploaded(call, item) for item in _items(call)]
    channels = [_channel(call, name) for name in _channel_ids(call)]
    thread_ts = _thread(call, channels)
    blocks = content.read_blocks(call.args.get("blocks"))
    for row, item in zip(rows, _items(call), strict=True):
        row.title = str(item.get("title") or row.name)
        row.completed = True
        ws.store.files.put(row)
    answer = [shapes.file(ws, row) | {"shares": {}, "channels": [], "groups": [], "ims": []} for row in rows]
    for channel in channels:
        message = Message(
            channel=channel.id,
            ts=ws.next_ts(),
            user=seed.BOT_USER_ID,
            by_app=True,
            text=call.text("initial_comment"),
            blocks=blocks or [],
            thread_ts=thread_ts,
        )
        content.customize(call, message)
        messages.share_files(ws, rows, channel, message)
    return {"files": answer}


def _items(call: Call) -> list[Json]:
    items = call.args["files"]
    if not isinstance(items, list) or not items or not all(isinstance(item, dict) for item in items):
        raise SlackError(
            "invalid_arguments", messages=["[ERROR] must be an array of objects [json-pointer:/files]"]
        )
    return items


def _uploaded(call: Call, item: Json) -> StoredFile:
    row = call.ws.store.files.get(str(item.get("id")))
    if row is None or row.user != seed.BOT_USER_ID or not row.uploaded or row.deleted:
        raise SlackError("file_not_found")
    return row


def _channel_ids(call: Call) -> list[str]:
    listed = [str(name) for name in call.args.get("channels", [])]
    single = call.maybe("channel_id")
    return [single] if single is not None else listed


def _channel(call: Call, channel_id: str) -> Channel:
    channel = call.ws.store.channels.get(channel_id)
    if channel is None or (channel.private and seed.BOT_USER_ID not in channel.members):
        raise SlackError("channel_not_found")
    if seed.BOT_USER_ID not in channel.members:
        raise SlackError("not_in_channel")
    if channel.archived:
        raise SlackError("posting_to_channel_denied")
    return channel


def _thread(call: Call, channels: list[Channel]) -> str | None:
    if not call.maybe("thread_ts"):
        return None
    if len(channels) != 1:
        raise SlackError("invalid_channel")
    try:
        return thread_for(call, channels[0])
    except SlackError:
        raise SlackError("invalid_arguments", messages=["[ERROR] invalid `thread_ts`"]) from None
