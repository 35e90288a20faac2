"""A second opinion: the error rules once more, written naively from the published facts, nothing of the engine in it.

Standard library only, no streaming, no speed. Whoever changes a rule on purpose changes it in both places.
"""

import json
import unicodedata
from collections.abc import Iterator
from typing import Any

from bot.profiles.model import Profile, RecordFormat

_DEPTH = 100
_UNSEEN = {"\u034f", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u180b", "\u2800", "\u3164", "\uffa0"}
_OTHER_BLOCKS = {"image", "video", "document", "toolUse", "toolResult", "reasoningContent"}
_PICTURES = {
    "nova-lite": ({"jpeg", "png", "gif", "webp"}, {"mov", "mkv", "mp4", "webm"}),
    "nova-pro": ({"jpeg", "png", "gif", "webp"}, {"mov", "mkv", "mp4", "webm"}),
    "nova-2-lite": ({"jpeg", "png", "gif"}, {"mov", "mkv", "mp4"}),
}
_LOST = {"tools", "functions", "tool_calls", "function_call", "tool_call_id", "audio", "refusal"}


class Bad(Exception):
    """The line cannot be trained on; the text says why."""


def lines(data: bytes) -> list[bytes]:
    """Return the lines as an editor counts them: the first has number 1, no empty one after the last feed."""
    parts = data.split(b"\n")
    return parts[:-1] if parts[-1] == b"" else parts


def bad_lines(data: bytes, profile: Profile) -> dict[int, str]:
    """Return the lines that no job could be started with, by number, and why."""
    found = {}
    for number, line in enumerate(lines(data), start=1):
        try:
            judge(line, profile)
        except Bad as reason:
            found[number] = str(reason)
    return found


def judge(line: bytes, profile: Profile) -> None:
    """Say nothing of a good line.

    Raises:
        Bad: the first thing that is wrong with it.
    """
    row = _parsed(line)
    if not isinstance(row, dict):
        raise Bad("no object")
    if profile.record_format is RecordFormat.CLAUDE_MESSAGES:
        texts = list(_claude(row))
    else:
        texts = list(_conversation(row, profile))
    for text in texts:
        if _blank(text):
            raise Bad("a blank text")
        if any(word.text in text for word in profile.reserved_text):
            raise Bad("reserved text")
    if sum(len(text) // 3 for text in texts) > profile.limits.max_tokens_per_record:
        raise Bad("more tokens than even AWS's own estimate allows")


def _parsed(line: bytes) -> Any:
    try:
        text = line.decode("utf-8")
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Bad(f"no JSON: {error}") from error
    _plain(value, 0)
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) != len(pairs):
        raise Bad("a key stands twice")
    return dict(pairs)


def _no_constant(name: str) -> None:
    raise Bad(name)


def _plain(value: Any, depth: int) -> None:
    if depth > _DEPTH:
        raise Bad("too deep")
    if isinstance(value, str) and any("\ud800" <= character <= "\udfff" for character in value):
        raise Bad("half a character")
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        raise Bad("a number beyond all numbers")
    if isinstance(value, dict):
        for key, each in value.items():
            _plain(key, depth)
            _plain(each, depth + 1)
    if isinstance(value, list):
        for each in value:
            _plain(each, depth + 1)


def _claude(row: dict[str, Any]) -> Iterator[str]:
    if not set(row) <= {"system", "messages"}:
        raise Bad("an unknown key")
    if "system" in row:
        yield _text(row["system"])
    for message in _messages(row):
        if set(message) != {"role", "content"}:
            raise Bad("a message of other keys")
        yield _text(message["content"])


def _conversation(row: dict[str, Any], profile: Profile) -> Iterator[str]:
    version = row.get("schemaVersion")
    if not isinstance(version, str) or not version.strip():
        raise Bad("no schema version")
    for each in (row, *_messages(row)):
        if any(each.get(key) for key in _LOST):
            raise Bad("something to be learned that would be lost")
    for block in _system(row, profile):
        yield _block(block)
    for message in _messages(row):
        content = message.get("content")
        if not isinstance(content, list) or not content:
            raise Bad("no blocks")
        for block in content:
            if (
                message["role"] == "assistant"
                and profile.name == "nova-2-lite"
                and "reasoningContent" in block
            ):
                _reasoning(block, profile)
            elif not _is_allowed_picture(block, message["role"], profile):
                yield _block(block)


def _system(row: dict[str, Any], profile: Profile) -> list[Any]:
    """Return the system blocks; only Llama's validator is known to take a list of none."""
    if "system" not in row:
        return []
    system, most = row["system"], profile.system_blocks_max
    if not isinstance(system, list) or (most is None and not system) or len(system) > (most or len(system)):
        raise Bad("no list of system blocks, or too many or none in it")
    return system


def _messages(row: dict[str, Any]) -> list[dict[str, Any]]:
    messages = row.get("messages")
    if not isinstance(messages, list) or len(messages) < 2 or len(messages) % 2:
        raise Bad("no list of messages in pairs")
    for index, message in enumerate(messages):
        if not isinstance(message, dict) or message.get("role") != ("user", "assistant")[index % 2]:
            raise Bad("roles that do not take turns")
    return messages


def _is_allowed_picture(block: Any, role: str, profile: Profile) -> bool:
    if not isinstance(block, dict) or "text" in block:
        return False
    if role == "user" and profile.name in _PICTURES:
        images, videos = _PICTURES[profile.name]
        return any(
            _is_media(block.get(kind), known) for kind, known in (("image", images), ("video", videos))
        )
    return False


def _reasoning(block: dict[str, Any], profile: Profile) -> None:
    """Reasoning has a text, and no reserved words in it; it may be empty."""
    if _OTHER_BLOCKS & set(block) != {"reasoningContent"} or "text" in block:
        raise Bad("a block that is more than reasoning")
    try:
        text = _text(block["reasoningContent"]["reasoningText"]["text"])
    except (KeyError, TypeError) as error:
        raise Bad("reasoning without a text") from error
    if any(word.text in text for word in profile.reserved_text):
        raise Bad("reserved text")


def _is_media(value: Any, formats: set[str]) -> bool:
    try:
        place = value["source"]["s3Location"]["uri"]
        return value["format"].lower() in formats and place.startswith("s3://") and place.count("/") > 2
    except (KeyError, TypeError, AttributeError):
        return False


def _block(block: Any) -> str:
    if not isinstance(block, dict) or "text" not in block or _OTHER_BLOCKS & set(block):
        raise Bad("a block that is no text")
    return _text(block["text"])


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Bad("no text")
    return value


def _blank(text: str) -> bool:
    return all(
        character.isspace()
        or character in _UNSEEN
        or (character != "\x7f" and unicodedata.category(character) == "Cc")
        or _ignorable(ord(character))
        for character in text
    )


def _ignorable(code: int) -> bool:
    """Default_Ignorable_Code_Point of Unicode, the ranges of more than one."""
    return code in (0xAD, 0x61C, 0xFEFF) or any(
        first <= code <= last
        for first, last in (
            (0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0xFE00, 0xFE0F),
            (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
        )
    )  # fmt: skip
