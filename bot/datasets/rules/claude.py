"""The shape of a record in Claude's format: ``{"system"?: str, "messages": [{"role", "content": str}, ...]}``."""

from collections.abc import Iterator
from typing import Any

from bot.datasets.clearance import STRUCTURAL
from bot.datasets.findings import Finding
from bot.datasets.formats.roles import speaker
from bot.datasets.record_keys import CLAUDE
from bot.datasets.records import Json, Record
from bot.datasets.rule import error
from bot.datasets.rules.check import Check
from bot.datasets.spelling import misspelt, shown, visible
from bot.profiles import sources
from bot.profiles.model import Profile, RecordFormat
from bot.wording import quoted

MISSING_MESSAGES = error(
    "missing-messages",
    "The record has no `messages`.",
    'A record is {"system": "...", "messages": [{"role": "user", ...}, {"role": "assistant", ...}]}.',
    source=sources.PREPARE,
)
WRONG_TYPE = error(
    "wrong-type",
    "A field has the wrong type.",
    "`messages` is a list of objects; `role`, `content` and `system` are plain strings.",
    source=sources.CLAUDE_VALIDATOR,
)
TOO_FEW_MESSAGES = error(
    "too-few-messages",
    "The record has fewer than two messages.",
    "It needs at least a question of the user and an answer of the assistant.",
    source=sources.COOKBOOK,
)
MISSING_ROLE = error(
    "missing-role",
    "A message has no `role`.",
    "Its role is `user` or `assistant`.",
    source=sources.CLAUDE_VALIDATOR,
)
MISSING_CONTENT = error(
    "missing-content",
    "A message has no `content`.",
    "Its content is a string.",
    source=sources.CLAUDE_VALIDATOR,
)
UNKNOWN_ROLE = error(
    "unknown-role",
    "A message has a role that does not exist.",
    "The roles are `user` and `assistant`; the system prompt stands in `system`, outside of `messages`.",
    source=sources.CLAUDE_VALIDATOR,
)
MISPLACED_SYSTEM = error(
    "misplaced-system-turn",
    "A system turn stands among the messages and cannot be lifted out without a guess.",
    "There can be one system prompt, in `system`; say which one holds, or where its text belongs.",
    source=sources.CLAUDE_VALIDATOR,
)
IMAGE = error(
    "image",
    "A message holds an image or another block that is no text.",
    "This base is tuned on text only.",
    source=sources.PREPARE,
)
MISSPELT_KEY = error(
    "misspelt-key",
    "A key looks like a misspelling of one that counts.",
    "Rename it; dropping it would lose what it holds.",
    source=sources.COOKBOOK,
)

_NEAR_ROLES = {"customer": "user", "client": "user", "agent": "assistant", "support": "assistant"}
"""Who speaks in a service desk: likely, and for a person to say. Names that have one meaning are mended (``roles``)."""


def type_name(value: Any) -> str:
    """Return what JSON calls the type of ``value``."""
    if value is None:
        return "null"
    # By its exact type: to `isinstance` a bool is a number.
    names = {bool: "a boolean", dict: "an object", list: "a list", str: "a string"}
    return names.get(type(value), "a number")


def shape(record: Record, profile: Profile) -> Iterator[Finding]:  # noqa: ARG001
    """Keys and types, from the outside in."""
    value = record.value
    if "system" in value and not isinstance(value["system"], str):
        yield wrong_type(record.line, "system", value["system"], "a plain string")
    yield from messages_list(record)
    for index, message in enumerate(message_list(record)):
        path = f"messages[{index}]"
        if not isinstance(message, dict):
            yield wrong_type(record.line, path, message, "an object")
            continue
        yield from role(record.line, path, message)
        yield from _content(record.line, path, message)


def message_list(record: Record) -> list[Any]:
    """Return the messages, whatever they hold; none when there is no list."""
    messages = record.value.get("messages")
    return messages if isinstance(messages, list) else []


def messages_list(record: Record) -> Iterator[Finding]:
    """There is a list of at least two messages."""
    if "messages" not in record.value:
        # Under a misspelt key it is there, which `misspelt_keys` says better; so for the others below.
        if not _is_misspelt("messages", record.value, CLAUDE.of_record):
            yield _missing(record)
        return
    messages = record.value["messages"]
    if not isinstance(messages, list):
        yield wrong_type(record.line, "messages", messages, "a list")
    elif len(messages) < 2:
        yield TOO_FEW_MESSAGES.at(record.line, "messages")


def _missing(record: Record) -> Finding:
    """Say so, and where the records are when the row is a shell around them."""
    for key, value in record.value.items():
        if isinstance(value, list) and value and isinstance(value[0], dict) and "messages" in value[0]:
            words = f"The row is no record; {len(value):,} records seem to stand in a list under {quoted(shown(key))}."
            return MISSING_MESSAGES.at(
                record.line,
                "messages",
                words,
                "Write each element of that list on a line of its own.",
                "shell",
            )
    return MISSING_MESSAGES.at(record.line, "messages")


def role(line: int, path: str, message: dict[str, Any]) -> Iterator[Finding]:
    """The role is there and one of the two."""
    place = f"{path}.role"
    if "role" not in message:
        if not _is_misspelt("role", message, CLAUDE.of_message):
            yield MISSING_ROLE.at(line, place)
        return
    value = message["role"]
    if not isinstance(value, str):
        yield wrong_type(line, place, value, "`user` or `assistant`")
    # One at the head was lifted out by then: a row is judged as its repairs leave it.
    elif value in ("system", "developer"):
        yield MISPLACED_SYSTEM.at(line, place)
    elif value not in ("user", "assistant"):
        near = _NEAR_ROLES.get(value.strip().lower()) or speaker(value)
        hint = f"Did you mean {quoted(near)}? {UNKNOWN_ROLE.hint}" if near else None
        yield UNKNOWN_ROLE.at(
            line, place, f"There is no role {quoted(visible(value[:40]))}.", hint, group=value[:40]
        )


def wrong_type(line: int, path: str, value: Any, wanted: str) -> Finding:
    """Return the finding that says which type is there and which is wanted."""
    return WRONG_TYPE.at(line, path, f"It is {type_name(value)}; it must be {wanted}.")


def _content(line: int, path: str, message: dict[str, Any]) -> Iterator[Finding]:
    place = f"{path}.content"
    if "content" not in message:
        yield from missing_content(line, place, message)
        return
    content = message["content"]
    if isinstance(content, str):
        return
    if isinstance(content, list) and any(_is_other_block(block) for block in content):
        yield IMAGE.at(line, place)
    else:
        yield wrong_type(line, place, content, "a plain string")


def missing_content(line: int, place: str, message: dict[str, Any]) -> Iterator[Finding]:
    """Say that the content is missing, unless it is there under a misspelt key: that has a rule of its own."""
    if not _is_misspelt("content", message, CLAUDE.of_message):
        yield MISSING_CONTENT.at(line, place)


def _is_misspelt(key: str, value: Json, known: tuple[str, ...]) -> bool:
    return key in misspelt(value, known).values()


def _is_other_block(block: Any) -> bool:
    # Bedrock's own blocks have no `type`: their one key says what they are.
    return isinstance(block, dict) and (
        block.get("type", "text") != "text" or not {"text", "type"} & set(block)
    )


CHECKS = (Check(shape, STRUCTURAL, RecordFormat.CLAUDE_MESSAGES),)
