"""The shape of a record in Bedrock's conversation format: texts are lists of blocks."""

from collections.abc import Iterator
from typing import Any

from bot.datasets.clearance import STRUCTURAL
from bot.datasets.findings import Finding
from bot.datasets.record_keys import CONVERSATION
from bot.datasets.records import Record, reasoning_of
from bot.datasets.rule import error
from bot.datasets.rules.check import Check
from bot.datasets.rules.claude import IMAGE, message_list, messages_list, missing_content, role, wrong_type
from bot.profiles import sources
from bot.profiles.model import Profile, RecordFormat

_KINDS = frozenset(CONVERSATION.of_block)

EMPTY_CONTENT = error(
    "empty-content",
    "A message has no blocks.",
    'Its content is a list of blocks such as {"text": "..."}.',
    source=sources.NOVA_PREPARE,
)
UNKNOWN_BLOCK = error(
    "unknown-block",
    "A block is neither text nor anything else that this base is tuned on.",
    'A block is {"text": "..."}; tools cannot be tuned.',
    source=sources.NOVA_PREPARE,
)
REASONING = error(
    "unknown-block",
    "A block of reasoning has no text.",
    'It is {"reasoningContent": {"reasoningText": {"text": "..."}}}: nothing but text can be learned of it.',
    source=sources.NOVA_2_SFT,
)
IMAGE_IN_ANSWER = error(
    "image-in-answer",
    "An answer holds an image or a video.",
    "Only the user's messages may hold them.",
    source=sources.NOVA_PREPARE,
)
TOO_MANY_SYSTEM_BLOCKS = error(
    "too-many-system-blocks",
    "There are more system blocks than this base takes.",
    "Make them one.",
    source=sources.LLAMA_VALIDATOR,
)


def shape(record: Record, profile: Profile) -> Iterator[Finding]:
    """Keys, types and blocks, from the outside in."""
    version = record.value.get("schemaVersion", "")
    if not isinstance(version, str):
        yield wrong_type(record.line, "schemaVersion", version, "a string")
    yield from _system(record, profile)
    yield from messages_list(record)
    for index, message in enumerate(message_list(record)):
        path = f"messages[{index}]"
        if not isinstance(message, dict):
            yield wrong_type(record.line, path, message, "an object")
            continue
        yield from role(record.line, path, message)
        yield from _content(record.line, path, message, profile)


def _system(record: Record, profile: Profile) -> Iterator[Finding]:
    if "system" not in record.value:
        return
    system = record.value["system"]
    if not isinstance(system, list):
        yield wrong_type(record.line, "system", system, 'a list such as [{"text": "..."}]')
        return
    if profile.system_blocks_max is not None and len(system) > profile.system_blocks_max:
        yield TOO_MANY_SYSTEM_BLOCKS.at(record.line, "system")
    for index, block in enumerate(system):
        is_text = isinstance(block, dict) and isinstance(block.get("text"), str)
        if not is_text or _KINDS & set(block) != {"text"}:
            yield UNKNOWN_BLOCK.at(record.line, f"system[{index}]")


def _content(line: int, path: str, message: dict[str, Any], profile: Profile) -> Iterator[Finding]:
    place = f"{path}.content"
    if "content" not in message:
        yield from missing_content(line, place, message)
        return
    content = message["content"]
    if not isinstance(content, list):
        yield wrong_type(line, place, content, 'a list such as [{"text": "..."}]')
        return
    if not content:
        yield EMPTY_CONTENT.at(line, place)
    for index, block in enumerate(content):
        yield from _block(line, f"{place}[{index}]", block, message.get("role"), profile)


def _block(line: int, path: str, block: Any, role: Any, profile: Profile) -> Iterator[Finding]:
    if not isinstance(block, dict):
        yield wrong_type(line, path, block, 'an object such as {"text": "..."}')
    # In Bedrock's API a content block is a union: exactly one of its members is there.
    elif len(_KINDS & set(block)) > 1:
        yield UNKNOWN_BLOCK.at(
            line, path, "A block holds more than one thing.", "Each gets a block of its own.", "union"
        )
    elif "text" in block:
        if not isinstance(block["text"], str):
            yield wrong_type(line, f"{path}.text", block["text"], "a plain string")
    elif "image" in block or "video" in block:
        if role == "assistant":
            yield IMAGE_IN_ANSWER.at(line, path)
        elif profile.media is None:
            yield IMAGE.at(line, path)
    elif "reasoningContent" not in block or not profile.reasoning or role != "assistant":
        yield UNKNOWN_BLOCK.at(line, path)
    elif reasoning_of(block) is None:
        yield REASONING.at(line, f"{path}.reasoningContent", group="reasoning")


CHECKS = (Check(shape, STRUCTURAL, RecordFormat.BEDROCK_CONVERSATION),)
