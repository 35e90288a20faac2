"""Makes one string of a list of text blocks, joined by line breaks, where the base takes strings.

Where it takes a limited number of system blocks (Llama: one), the system blocks become one block.
"""

from typing import Any

from bot.datasets.clearance import STRUCTURAL
from bot.datasets.formats.messages import is_text_block
from bot.datasets.records import Json
from bot.datasets.repairs.row import Fixed, Place, RowRepair, Words, messages_of
from bot.datasets.rule import error
from bot.profiles import sources
from bot.profiles.model import Profile, RecordFormat

TEXT_BLOCKS = error(
    "text-blocks",
    "A text is given as a list of blocks; this base takes a plain string.",
    "Write the text itself.",
    source=sources.CLAUDE_VALIDATOR,
    repair="join-text-blocks",
)
SYSTEM_BLOCKS = error(
    "too-many-system-blocks",
    "There are more system blocks than this base takes.",
    "Make them one.",
    source=sources.LLAMA_VALIDATOR,
    repair="join-text-blocks",
)


def fix(value: Json, profile: Profile) -> Fixed | None:
    """Return the record with strings for texts, or with one system block."""
    if profile.record_format is RecordFormat.BEDROCK_CONVERSATION:
        return _one_system_block(value, profile)
    places: list[Place] = []
    changed = dict(value)
    if _are_texts(value.get("system")):
        changed["system"] = _joined(value["system"])
        places.append(Place(TEXT_BLOCKS, "system"))
    messages = messages_of(value) or []
    fixed = list(messages)
    for index, message in enumerate(messages):
        if _are_texts(message.get("content")):
            fixed[index] = message | {"content": _joined(message["content"])}
            places.append(Place(TEXT_BLOCKS, f"messages[{index}].content"))
    if not places:
        return None
    if messages:
        changed["messages"] = fixed
    return Fixed(changed, tuple(places))


def _one_system_block(value: Json, profile: Profile) -> Fixed | None:
    system = value.get("system")
    most = profile.system_blocks_max
    if most is None or not isinstance(system, list) or len(system) <= most or not _are_texts(system):
        return None
    return Fixed(value | {"system": [{"text": _joined(system)}]}, (Place(SYSTEM_BLOCKS, "system"),))


def _are_texts(content: Any) -> bool:
    return isinstance(content, list) and bool(content) and all(map(_is_text_alone, content))


def _is_text_alone(block: Any) -> bool:
    return is_text_block(block) and set(block) <= {"type", "text"}


def _joined(blocks: list[Json]) -> str:
    return "\n".join(block["text"] for block in blocks)


REPAIR = RowRepair(
    "join-text-blocks",
    fix,
    Words("Join text blocks in {rows}", "Joined text blocks by line breaks in {rows}"),
    STRUCTURAL,
)
