"""The keys that a record, a message and a block have in each of the two formats."""

from typing import NamedTuple

from bot.profiles.model import RecordFormat


class Keys(NamedTuple):
    """The keys that one format knows, by where they stand; whatever else is there is nothing of the format."""

    of_record: tuple[str, ...]
    of_message: tuple[str, ...]
    of_block: tuple[str, ...]


CLAUDE = Keys(("system", "messages"), ("role", "content"), ("text",))
"""Claude's own. A block of text may stand where a plain string belongs; another key in it says that it is more."""

CONVERSATION = Keys(
    ("schemaVersion", "system", "messages"),
    ("role", "content"),
    ("text", "image", "video", "reasoningContent"),
)
"""Those of Bedrock's conversation format."""


def keys_of(record_format: RecordFormat) -> Keys:
    """Return the keys of a base's format."""
    return CLAUDE if record_format is RecordFormat.CLAUDE_MESSAGES else CONVERSATION
