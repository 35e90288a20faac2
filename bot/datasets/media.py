"""Pictures and videos in a record of the conversation format: where they stand, and where they lie."""

import re
from collections.abc import Iterator
from typing import Any

from bot.datasets.records import Json, Record

KINDS = ("image", "video")

# AWS's own validation script refuses other characters in the place of a file.
URI = re.compile(r"s3://([a-z0-9][a-z0-9.-]{0,62})/([\w\-/.]+)", re.ASCII)


def blocks_of(record: Record) -> Iterator[tuple[str, str, str, Any]]:
    """Yield ``(path, role, kind, value)`` of every picture and video in a record of the conversation format."""
    messages = record.value.get("messages")
    for index, message in enumerate(messages if isinstance(messages, list) else ()):
        content = message.get("content") if isinstance(message, dict) else None
        for place, block in enumerate(content if isinstance(content, list) else ()):
            for kind in KINDS if isinstance(block, dict) else ():
                if kind in block:
                    path = f"messages[{index}].content[{place}]"
                    yield path, str(message.get("role")), kind, block[kind]


def bucket_of(value: Json) -> str | None:
    """Return the bucket that a picture or video lies in, None when it does not say."""
    try:
        match = URI.fullmatch(value["source"]["s3Location"]["uri"])
    except (KeyError, TypeError):
        return None
    return match[1] if match else None
