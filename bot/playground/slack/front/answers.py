"""What an app says back: by a response URL, or in its acknowledgement of a command."""

from typing import Any

from bot.playground.slack import messages, seed, shapes
from bot.playground.slack.errors import SlackError
from bot.playground.slack.methods import content
from bot.playground.slack.state import Json, Message, ResponseUrl
from bot.playground.slack.workspace import Workspace

_KNOWN = {
    "text", "blocks", "attachments", "response_type", "replace_original", "delete_original", "thread_ts", "mrkdwn",
    "unfurl_links", "unfurl_media", "metadata", "link_names", "parse",
}  # fmt: skip


def give(ws: Workspace, row: ResponseUrl, body: Json) -> None:
    """Post, replace or delete as an answer says. The lock is held.

    Raises:
        SlackError: Slack would not take the answer.
    """
    unknown = sorted(body.keys() - _KNOWN)
    if unknown:
        raise SlackError("invalid_arguments", messages=[f"[ERROR] unknown field: {name}" for name in unknown])
    if body.get("response_type") not in (None, "ephemeral", "in_channel"):
        raise SlackError("invalid_arguments", messages=["[ERROR] invalid `response_type`"])
    original = ws.message(row.channel, row.message_ts) if row.message_ts else None
    if body.get("delete_original"):
        _require(original)
        messages.delete(ws, _require(original))
        return
    blocks = content.read_blocks(body.get("blocks"))
    attachments = content.read_attachments(body.get("attachments"))
    text = str(body.get("text") or "")
    if not (text or blocks or attachments):
        raise SlackError("no_text")
    fresh = {"text": text[: content.TEXT_POSTED], "blocks": blocks or [], "attachments": attachments or []}
    if body.get("replace_original"):
        changed = _require(original).model_copy(deep=True, update=fresh)
        # Slack marks nothing as edited that is changed with blocks.
        messages.edit(ws, changed, shapes.message(ws, _require(original)), mark=not blocks)
    else:
        _post(ws, row, body, fresh)


def _require(original: Message | None) -> Message:
    if original is None:
        raise SlackError("message_not_found")
    return original


def _post(ws: Workspace, row: ResponseUrl, body: Json, fresh: Json) -> None:
    in_channel = body.get("response_type") == "in_channel"
    # "To publish a message to a specific thread, you'll need to include an attribute response_type and set its value to
    # in_channel" (docs.slack.dev/interactivity/handling-user-interaction): what one person sees goes to the channel.
    thread_ts = (body.get("thread_ts") or row.thread_ts) if in_channel else None
    message = Message(
        channel=row.channel,
        ts=ws.next_ts(),
        user=seed.BOT_USER_ID,
        by_app=True,
        thread_ts=str(thread_ts) if thread_ts else None,
        ephemeral_to=None if in_channel else row.user,
        **fresh,
    )
    messages.post(ws, message)


def as_body(answer: Any) -> Json | None:
    """Return an acknowledgement's content as an answer, or None when it says nothing to show."""
    if isinstance(answer, str) and answer.strip():
        return {"text": answer}
    if isinstance(answer, dict) and any(answer.get(key) for key in ("text", "blocks", "attachments")):
        return answer
    return None
