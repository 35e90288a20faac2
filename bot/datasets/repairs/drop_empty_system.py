"""Leaves a system prompt out in which there is nothing: null, an empty text or list, an empty system turn."""

from typing import Any

from bot.datasets.clearance import OfRow
from bot.datasets.formats.messages import SYSTEM_ROLES, is_text_block
from bot.datasets.invisible import any_blank
from bot.datasets.records import Json
from bot.datasets.repairs.row import Fixed, Place, RowRepair, Words, messages_of
from bot.datasets.rule import error, warning
from bot.profiles import sources
from bot.profiles.model import Profile
from bot.wording import is_blank

EMPTY_SYSTEM = error(
    "empty-system",
    "The system prompt is empty.",
    "A record without a system prompt has no `system` at all.",
    source=sources.CLAUDE_VALIDATOR,
    repair="drop-empty-system",
)
NO_SYSTEM_BLOCKS = warning(
    "empty-system",
    "The list of system blocks is empty.",
    "Llama's validator takes it; a record without a system prompt better has no `system` at all.",
    source=sources.LLAMA_VALIDATOR,
    repair="drop-empty-system",
)
"""Llama takes no block or one. What Nova does with an empty list is not published, so there it stays an error."""


def fix(value: Json, profile: Profile) -> Fixed | None:
    """Return the record without its empty system prompts."""
    places: list[Place] = []
    fixed = value
    if "system" in value and _says_nothing(value["system"]):
        fixed = {key: each for key, each in value.items() if key != "system"}
        is_taken = value["system"] == [] and profile.system_blocks_max is not None
        places.append(Place(NO_SYSTEM_BLOCKS if is_taken else EMPTY_SYSTEM, "system"))
    messages = messages_of(value) or []
    empty = {index for index, message in enumerate(messages) if _is_empty_turn(message)}
    if empty:
        kept = [message for index, message in enumerate(messages) if index not in empty]
        fixed = fixed | {"messages": kept}
        places += [Place(EMPTY_SYSTEM, f"messages[{index}]") for index in sorted(empty)]
    return Fixed(fixed, tuple(places)) if places else None


def _is_empty_turn(message: Json) -> bool:
    if message.get("role") not in SYSTEM_ROLES or not _says_nothing(message.get("content")):
        return False
    # Whatever else the turn holds would go with it.
    return set(message) <= {"role", "content"}


def _says_nothing(system: Any) -> bool:
    if isinstance(system, list):
        return all(
            is_text_block(block) and set(block) <= {"type", "text"} and is_blank(block["text"])
            for block in system
        )
    return system is None or (isinstance(system, str) and is_blank(system))


REPAIR = RowRepair(
    "drop-empty-system",
    fix,
    Words("Drop the empty system prompt in {rows}", "Dropped the empty system prompt in {rows}"),
    (OfRow(any_blank),),
)
