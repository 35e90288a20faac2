"""Rows with a list of ``messages``: Claude's, Bedrock's conversation format, OpenAI's chat format."""

from collections.abc import Iterator
from typing import Any

from bot.datasets.formats.dialogue import ContentLost, Dialogue, Format, NotConvertible, lift_system
from bot.datasets.formats.roles import speaker
from bot.datasets.leftovers.leftover import Leftover, Steps, leftovers, repeated, settled
from bot.datasets.records import Json
from bot.datasets.spelling import shown
from bot.wording import quoted

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


def texts_of(row: Json) -> list[str]:
    """Return the texts of a row: its system prompt and its contents, plain or in blocks."""
    contents = [row.get("system"), *(message.get("content") for message in _messages(row))]
    plain = [each for each in contents if isinstance(each, str)]
    return plain + [block["text"] for block in _blocks(row) if isinstance(block.get("text"), str)]


def _has_messages(row: Json) -> bool:
    return isinstance(row.get("messages"), list)


def role_of(message: Json) -> str:
    """Return the role of a message in small letters, empty when it has none."""
    role = message.get("role")
    return role.strip().lower() if isinstance(role, str) else ""


def is_openai(row: Json) -> bool:
    """Tell a row with OpenAI's own marks: tools, weights, typed parts with image_url, or its other roles."""
    if not _has_messages(row):
        return False
    if any(row.get(key) is not None for key in _OPENAI_KEYS):
        return True
    return any(
        role_of(message) in _OPENAI_ROLES or any(message.get(key) is not None for key in _OPENAI_KEYS)
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
    return any(role_of(message) in SYSTEM_ROLES for message in _messages(row))


_LOST_BLOCKS = {
    "image_url": "an image",
    "image": "an image",
    "input_audio": "a sound",
    "file": "a file",
    "video": "a video",
    "refusal": "a refusal block",
}


def read(row: Json) -> Dialogue:
    """Return what the messages say.

    Raises:
        NotConvertible: something would be lost or guessed.
    """
    unused = repeated(settled(_unused(row)), texts_of(row))
    media = _media(row)
    if media:
        content = dict.fromkeys(quoted(shown(each.key)) for each in unused if not each.inert)
        raise NotConvertible(f"{' and '.join([*content, *media])} would be lost")
    if any(not each.inert for each in unused):
        raise ContentLost(each for each in unused if not each.inert)
    turns = [_turn(message) for message in row["messages"]]
    system, turns = lift_system(turns, _system(row.get("system")))
    return Dialogue(system, tuple(turns), unused)


def _unused(row: Json) -> Iterator[Leftover]:
    """Yield every key that is neither a role nor a text: of the row, of its messages, and of their blocks."""
    version = ("schemaVersion",) if isinstance(row.get("schemaVersion"), str) else ()
    yield from leftovers(row, ("messages", "system", *version))
    yield from _unused_in_blocks(row.get("system"), ("system",))
    for index, message in enumerate(row["messages"]):
        if isinstance(message, dict):
            at: Steps = ("messages", index)
            yield from leftovers(message, ("role", "content"), at, role_of(message))
            yield from _unused_in_blocks(message.get("content"), (*at, "content"))


def _unused_in_blocks(content: Any, at: Steps) -> Iterator[Leftover]:
    for index, block in enumerate(content if isinstance(content, list) else ()):
        if isinstance(block, dict) and isinstance(block.get("text"), str):
            yield from leftovers(block, ("text", "type"), (*at, index))


def _media(row: Json) -> list[str]:
    """Return what stands in blocks of its own that a text cannot hold."""
    others = [block for block in _blocks(row) if not is_text_block(block)]
    kinds = {str(block.get("type") or next(iter(block), "")) for block in others}
    return sorted({_LOST_BLOCKS[kind] for kind in kinds if kind in _LOST_BLOCKS})


def _turn(message: Any) -> tuple[str, str]:
    if not isinstance(message, dict):
        raise NotConvertible("a message is no object")
    role = role_of(message)
    role = speaker(role) or role
    if role not in ("system", "user", "assistant"):
        raise NotConvertible(f"there is a turn of the role {quoted(role[:40])}")
    return role, _content(message.get("content"))


def _content(content: Any) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, list) and content and all(is_text_block(block) for block in content):
        return "\n".join(block["text"] for block in content)
    raise NotConvertible("a message has no plain text")


def is_text_block(block: Any) -> bool:
    """Tell ``{"text": ...}`` and ``{"type": "text", "text": ...}`` from every other block; bookkeeping may be in it."""
    return (
        isinstance(block, dict)
        and isinstance(block.get("text"), str)
        and block.get("type", "text") == "text"
        and all(each.inert for each in leftovers(block, ("type", "text")))
    )


def _system(system: Any) -> str | None:
    return None if system is None or system == [] else _content(system)


OPENAI = Format("openai-chat", "OpenAI's chat format", is_openai, read)
CONVERSATION = Format("bedrock-conversation-2024", "Bedrock's conversation format", is_conversation, read)
CLAUDE = Format("claude-messages", "Claude's messages format", _has_messages, read)
