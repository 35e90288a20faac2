"""Rows with a list of ``messages``: Claude's, Bedrock's conversation format, OpenAI's chat format."""

from typing import Any

from bot.datasets.formats.dialogue import Dialogue, Format, NotConvertible, dropped, lift_system
from bot.datasets.records import Json

SYSTEM_ROLES = ("system", "developer")
MEANINGFUL = frozenset(
    {"tools", "functions", "tool_calls", "function_call", "tool_call_id", "audio", "refusal"}
)
"""Keys that are part of what is to be learned: dropping them would change it, so no repair does."""

_OPENAI_ROLES = frozenset({"tool", "function", "developer"})
_OPENAI_KEYS = MEANINGFUL | {"parallel_tool_calls", "weight"}


def _messages(row: Json) -> list[Json]:
    messages = row.get("messages")
    return [each for each in messages if isinstance(each, dict)] if isinstance(messages, list) else []


def _blocks(row: Json) -> list[Json]:
    """All blocks of all contents that are lists, and of a system that is one."""
    contents = [message.get("content") for message in _messages(row)] + [row.get("system")]
    return [block for each in contents if isinstance(each, list) for block in each if isinstance(block, dict)]


def _has_messages(row: Json) -> bool:
    return isinstance(row.get("messages"), list)


def _role(message: Json) -> str:
    role = message.get("role")
    return role.strip().lower() if isinstance(role, str) else ""


def is_openai(row: Json) -> bool:
    """Tell a row with OpenAI's own marks: tools, weights, typed parts with image_url, or its other roles."""
    if not _has_messages(row):
        return False
    if any(row.get(key) is not None for key in _OPENAI_KEYS):
        return True
    return any(
        _role(message) in _OPENAI_ROLES or any(message.get(key) is not None for key in _OPENAI_KEYS)
        for message in _messages(row)
    ) or any(block.get("type") in ("image_url", "input_audio", "file") for block in _blocks(row))


def is_conversation(row: Json) -> bool:
    """Tell a row of Bedrock's conversation format: its schema version, or blocks without a type."""
    if not _has_messages(row):
        return False
    return "schemaVersion" in row or any("type" not in block and "text" in block for block in _blocks(row))


def has_plain_texts(row: Json) -> bool:
    """Tell a row in which the system prompt or a content is a plain string."""
    return isinstance(row.get("system"), str) or any(
        isinstance(message.get("content"), str) for message in _messages(row)
    )


def has_system_turn(row: Json) -> bool:
    """Tell a row in which the system prompt is one of the messages."""
    return any(_role(message) in SYSTEM_ROLES for message in _messages(row))


_LOST_BLOCKS = {
    "image_url": "an image",
    "image": "an image",
    "input_audio": "a sound",
    "file": "a file",
    "video": "a video",
    "refusal": "a refusal block",
}


def _read(row: Json) -> Dialogue:
    lost = _losses(row)
    if lost:
        raise NotConvertible(f"{' and '.join(lost)} would be lost")
    turns = [_turn(message) for message in row["messages"]]
    extra = {key for message in _messages(row) for key in dropped(message, ("role", "content"))}
    system, turns = lift_system(turns, _system(row.get("system")))
    top = dropped(row, ("messages", "system", "schemaVersion"))
    return Dialogue(system, tuple(turns), tuple(sorted({*top, *extra})))


def _losses(row: Json) -> list[str]:
    """Return what a record of text alone cannot hold: tools and what came of them, answers left out, pictures."""
    keys = sorted(key for key in MEANINGFUL if _means_something(row, key))
    lost = [f"`{key}`" for key in keys]
    if any(message.get("weight") == 0 for message in _messages(row)):
        lost.append("`weight` 0, by which an answer is not learned,")
    others = [block for block in _blocks(row) if not is_text_block(block)]
    kinds = {str(block.get("type") or next(iter(block), "")) for block in others}
    return lost + sorted({_LOST_BLOCKS[kind] for kind in kinds if kind in _LOST_BLOCKS})


def _means_something(row: Json, key: str) -> bool:
    return bool(row.get(key)) or any(message.get(key) for message in _messages(row))


def _turn(message: Any) -> tuple[str, str]:
    if not isinstance(message, dict):
        raise NotConvertible("a message is no object")
    role = _role(message)
    role = "system" if role in SYSTEM_ROLES else role
    if role not in ("system", "user", "assistant"):
        raise NotConvertible(f"there is a turn of the role `{role[:40]}`")
    return role, _content(message.get("content"))


def _content(content: Any) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, list) and content and all(is_text_block(block) for block in content):
        return "\n".join(block["text"] for block in content)
    raise NotConvertible("a message has no plain text")


def is_text_block(block: Any) -> bool:
    """Tell ``{"text": ...}`` and ``{"type": "text", "text": ...}`` from every other block."""
    return (
        isinstance(block, dict)
        and isinstance(block.get("text"), str)
        and block.get("type", "text") == "text"
        and set(block) <= {"type", "text", "cache_control"}
    )


def _system(system: Any) -> str | None:
    return None if system is None or system == [] else _content(system)


OPENAI = Format("openai-chat", "OpenAI's chat format", is_openai, _read)
CONVERSATION = Format("bedrock-conversation-2024", "Bedrock's conversation format", is_conversation, _read)
CLAUDE = Format("claude-messages", "Claude's messages format", _has_messages, _read)
