"""What a message may carry: text, blocks, attachments, metadata, and the limits of each."""

import json
import mimetypes
import re
from dataclasses import dataclass, field
from typing import Any

from bot.playground.slack.blocks import too_long, validate_message
from bot.playground.slack.errors import SlackError
from bot.playground.slack.methods.registry import Arg, Call
from bot.playground.slack.state import Json, Message

TEXT_POSTED = 40_000
"""Characters of ``text`` kept by chat.postMessage: warning ``message_truncated``."""
TEXT_UPDATED = 4_000
"""Characters of ``text`` taken by chat.update: error ``msg_too_long``."""
MARKDOWN_TEXT = 12_000
ATTACHMENTS = 100

ARGS = (
    Arg("text"),
    Arg("blocks", "raw"),
    Arg("attachments", "raw"),
    Arg("markdown_text"),
    Arg("metadata", "raw"),
    Arg("parse"),
    Arg("link_names", "boolean"),
)
CUSTOM_ARGS = (Arg("username"), Arg("icon_emoji"), Arg("icon_url"))
ERRORS = (
    "no_text", "invalid_blocks", "invalid_blocks_format", "markdown_text_conflict", "msg_too_long",
    "msg_blocks_too_long", "invalid_attachments", "too_many_attachments",
)  # fmt: skip
METADATA_ERRORS = ("invalid_metadata_format", "invalid_metadata_schema", "metadata_too_large")


@dataclass
class Content:
    """A message's content as given; None means that it was not given."""

    text: str | None = None
    blocks: list[Json] | None = None
    attachments: list[Json] | None = None
    metadata: Json | None = None
    shown: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self.shown = bool(self.text or self.blocks or self.attachments)


def read(call: Call) -> Content:
    """Return the content of a call.

    Raises:
        SlackError: it breaks one of Slack's rules; that there is something to show is left to the caller.
    """
    markdown = call.maybe("markdown_text")
    raw = call.args
    if markdown is not None and (call.maybe("text") or raw.get("blocks")):
        raise SlackError("markdown_text_conflict")
    metadata = read_metadata(call)
    attachments = read_attachments(raw.get("attachments"))
    if markdown is not None:
        if len(markdown) > MARKDOWN_TEXT:
            raise SlackError("msg_too_long")
        return Content(markdown, [{"type": "markdown", "text": markdown}], attachments, metadata)
    text = str(raw["text"]) if raw.get("text") is not None else None
    return Content(text, _with_known_files(call, read_blocks(raw.get("blocks"))), attachments, metadata)


def _with_known_files(call: Call, blocks: list[Json] | None) -> list[Json] | None:
    """Return the blocks when each picture in them that is a file of Slack's is one whose upload was completed.

    Slack says so of files that it has not processed yet, too: "invalid slack file [json-pointer:/blocks/0/slack_file]"
    (github.com/slackapi/python-slack-sdk/issues/1658).
    """
    wrong = [
        f"[ERROR] invalid slack file [json-pointer:/blocks/{number}/slack_file]"
        for number, block in enumerate(blocks or ())
        if (wanted := block.get("slack_file", {}).get("id")) and not _is_picture(call, wanted)
    ]
    if wrong:
        raise SlackError("invalid_blocks", messages=wrong)
    return blocks


def _is_picture(call: Call, file_id: str) -> bool:
    row = call.ws.store.files.get(file_id)
    if row is None or row.deleted or not row.completed:
        return False
    return (mimetypes.guess_type(row.name)[0] or "").startswith("image/")


def read_blocks(value: Any) -> list[Json] | None:
    """Return checked blocks, or None when there are none given."""
    if value in (None, ""):
        return None
    blocks = _parsed(value, "invalid_blocks_format")
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    findings = validate_message(blocks)
    if findings:
        raise SlackError("invalid_blocks", messages=[finding.text for finding in findings])
    if too_long(blocks):
        raise SlackError("msg_blocks_too_long")
    return blocks


def _parsed(value: Any, error: str) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise SlackError(error) from None


def read_attachments(value: Any) -> list[Json] | None:
    """Return attachments whose blocks are checked, or None when there are none given."""
    if value in (None, ""):
        return None
    attachments = _parsed(value, "invalid_attachments")
    if not isinstance(attachments, list) or not all(isinstance(item, dict) for item in attachments):
        raise SlackError("invalid_attachments")
    if len(attachments) > ATTACHMENTS:
        raise SlackError("too_many_attachments")
    for attachment in attachments:
        read_blocks(attachment.get("blocks"))
    return attachments


def read_metadata(call: Call) -> Json | None:
    """Return a message's metadata, or None when it is not given; ``{}`` removes it."""
    value = call.args.get("metadata")
    if value in (None, ""):
        return None
    metadata = _parsed(value, "invalid_metadata_format")
    if not isinstance(metadata, dict):
        raise SlackError("invalid_metadata_format")
    if not metadata:
        return {}
    event_type, payload = metadata.get("event_type"), metadata.get("event_payload")
    named = isinstance(event_type, str) and re.fullmatch(r"[A-Za-z0-9_]+", event_type)
    if "entities" not in metadata and (not named or not isinstance(payload, dict)):
        raise SlackError("invalid_metadata_schema")
    if len(json.dumps(metadata).encode()) > call.ws.limits.metadata_bytes:
        raise SlackError("metadata_too_large")
    return metadata


def posted_text(call: Call, content: Content) -> str:
    """Return the text to keep of a new message, cut where Slack cuts it."""
    text = content.text or ""
    if len(text) > TEXT_POSTED:
        call.warn("message_truncated")
        return text[:TEXT_POSTED]
    return text


def customize(call: Call, row: Message) -> None:
    """Give a message another name and icon, which needs a scope of its own."""
    if any(call.maybe(arg.name) for arg in CUSTOM_ARGS):
        call.require_scope("chat:write.customize")
        row.username = call.maybe("username")
        icons = {"emoji": call.maybe("icon_emoji"), "image_48": call.maybe("icon_url")}
        row.icons = {key: value for key, value in icons.items() if value} or None
