"""A message that grows: what its chunks are, how they join, when it ends."""

from collections.abc import Sequence
from typing import Any

from bot.playground.slack import events
from bot.playground.slack.blocks import too_many, validate_blocks
from bot.playground.slack.errors import SlackError
from bot.playground.slack.state import Json, Message
from bot.playground.slack.workspace import Workspace

CALL_CHARS = 12_000
"""Characters of ``markdown_text`` in one call: docs.slack.dev/reference/methods/chat.appendStream."""
_STATUSES = ("pending", "in_progress", "complete", "error")
_CHUNK_KEYS: dict[str, tuple[set[str], set[str]]] = {
    "markdown_text": ({"text"}, set()),
    "task_update": ({"id", "title", "status"}, {"details", "output", "sources"}),
    "plan_update": ({"title"}, set()),
    "blocks": ({"blocks"}, set()),
}


def chunks_of(markdown_text: str | None, chunks: Any) -> list[Json]:
    """Return one call's content as chunks.

    Raises:
        SlackError: both ways are used at once, a chunk is malformed, or there is too much text.
    """
    if markdown_text and chunks:
        raise SlackError("cannot_provide_both_markdown_text_and_chunks")
    if chunks is not None and not isinstance(chunks, list):
        raise SlackError("invalid_chunks", messages=["[ERROR] must provide an array [json-pointer:/chunks]"])
    found = list(chunks or [])
    if markdown_text:
        found.append({"type": "markdown_text", "text": markdown_text})
    for index, chunk in enumerate(found):
        _check_chunk(chunk, f"/chunks/{index}")
    if sum(map(text_length, found)) > CALL_CHARS:
        raise SlackError("msg_too_long")
    return found


def text_length(chunk: Json) -> int:
    """Return how many characters of a message's allowance a chunk uses."""
    return len(chunk.get("text", "")) + len(str(chunk.get("details", ""))) + len(str(chunk.get("output", "")))


def _check_chunk(chunk: Any, pointer: str) -> None:
    kind = chunk.get("type") if isinstance(chunk, dict) else None
    if kind not in _CHUNK_KEYS:
        raise SlackError(
            "invalid_chunks", messages=[f"[ERROR] unsupported type: {kind} [json-pointer:{pointer}/type]"]
        )
    required, optional = _CHUNK_KEYS[kind]
    for key in sorted(required - chunk.keys()):
        raise SlackError(
            "invalid_chunks", messages=[f"[ERROR] missing required field: {key} [json-pointer:{pointer}]"]
        )
    for key in sorted(chunk.keys() - required - optional - {"type"}):
        raise SlackError(
            "invalid_chunks", messages=[f"[ERROR] unknown field: {key} [json-pointer:{pointer}/{key}]"]
        )
    if kind == "task_update" and chunk["status"] not in _STATUSES:
        message = f"[ERROR] must be one of {', '.join(_STATUSES)} [json-pointer:{pointer}/status]"
        raise SlackError("invalid_chunks", messages=[message])
    if kind == "blocks" and (found := validate_blocks(chunk["blocks"], surface="message")):
        raise SlackError("invalid_blocks", messages=[finding.text for finding in found])


def grow(ws: Workspace, row: Message, chunks: Sequence[Json]) -> None:
    """Add chunks to a message that is being streamed.

    Raises:
        SlackError: the message would hold more than Slack lets a streamed one.
    """
    stream = row.stream
    assert stream is not None
    added = sum(map(text_length, chunks))
    if stream.chars + added > ws.limits.stream_chars:
        raise SlackError("msg_too_long")
    parts = list(stream.parts)
    for chunk in chunks:
        parts = _joined(parts, dict(chunk))
    blocks = rendered(parts)
    if too_many(blocks):
        raise SlackError("msg_blocks_too_many")
    stream.chars += added
    stream.parts = parts
    row.text = "".join(part["text"] for part in parts if part["type"] == "markdown_text")
    row.blocks = blocks


def _joined(parts: list[Json], chunk: Json) -> list[Json]:
    kind = chunk["type"]
    if kind == "markdown_text" and parts and parts[-1]["type"] == kind:
        return [*parts[:-1], {"type": kind, "text": parts[-1]["text"] + chunk["text"]}]
    for index, part in enumerate(parts):
        same_task = kind == "task_update" and part.get("id") == chunk["id"] and part["type"] == kind
        if same_task or (kind == "plan_update" and part["type"] == kind):
            return [*parts[:index], part | chunk, *parts[index + 1 :]]
    return [*parts, chunk]


def rendered(parts: Sequence[Json]) -> list[Json]:
    """Return the blocks that a stream's parts are shown as."""
    blocks: list[Json] = []
    for number, part in enumerate(parts, 1):
        block_id = f"stream{number}"
        if part["type"] == "markdown_text":
            blocks.append({"type": "markdown", "block_id": block_id, "text": part["text"]})
        elif part["type"] == "task_update":
            blocks.append({"type": "task_card", "block_id": block_id} | _task(part))
        elif part["type"] == "plan_update":
            blocks.append({"type": "plan", "block_id": block_id, "title": part["title"], "tasks": []})
        else:
            blocks.extend(part["blocks"])
    return blocks


def _task(part: Json) -> Json:
    task = {key: value for key, value in part.items() if key not in ("type", "id")}
    return {"task_id": part["id"], **task}


def require_open(ws: Workspace, row: Message | None, *, closing: bool = False) -> Message:
    """Return a message whose stream is open. ``stopped_by_user`` is an error of chat.appendStream only.

    Raises:
        SlackError: there is no such message, it is not the app's, or its stream has ended in one of three ways.
    """
    if row is None:
        raise SlackError("message_not_found")
    if not row.by_app:
        raise SlackError("message_not_owned_by_app")
    if row.stream is not None and row.stream.state == "stopped_by_user" and not closing:
        raise SlackError("stopped_by_user")
    if not ws.is_streaming(row):
        raise SlackError("message_not_in_streaming_state")
    return row


def show_expired(ws: Workspace, channel: str, ts: str) -> None:
    """Tell the page that a stream has died of age, unless it ended otherwise."""
    with ws.store.lock:
        row = ws.message(channel, ts)
        if (
            row is not None
            and row.stream is not None
            and row.stream.state == "open"
            and not ws.is_streaming(row)
        ):
            events.page_changed(ws, row)
