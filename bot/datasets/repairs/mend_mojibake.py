"""Writes words as they were meant whose UTF-8 was read as Windows-1252: ``FÃ¼r`` becomes ``Für``."""

from typing import Any

from bot.datasets.content import mojibake
from bot.datasets.records import Json
from bot.datasets.repairs.row import Mended, Place, RowRepair, messages_of
from bot.datasets.rules.rule import warning
from bot.profiles.model import Profile

MOJIBAKE = warning(
    "mojibake",
    "A text was read in a wrong encoding: its UTF-8 was taken for Windows-1252.",
    "The model learns to write such words. What they were can be told without a doubt, so one press brings them back.",
    repair="mend-mojibake",
)


def mend(value: Json, profile: Profile) -> Mended | None:  # noqa: ARG001
    """Return the record with such words as they were meant."""
    places: list[Place] = []
    changed = dict(value)
    if "system" in value:
        changed["system"] = _content(value["system"], "system", places)
    messages = messages_of(value)
    if messages:
        changed["messages"] = [
            message | {"content": _content(message["content"], f"messages[{index}].content", places)}
            if "content" in message
            else message
            for index, message in enumerate(messages)
        ]
    return Mended(changed, tuple(places)) if places else None


def _content(content: Any, path: str, places: list[Place]) -> Any:
    if isinstance(content, str):
        return _text(content, path, places)
    if not isinstance(content, list):
        return content
    return [
        block | {"text": _text(block["text"], f"{path}[{index}].text", places)}
        if isinstance(block, dict) and isinstance(block.get("text"), str)
        else block
        for index, block in enumerate(content)
    ]


def _text(text: str, path: str, places: list[Place]) -> str:
    found = mojibake.example(text)
    if found is None:
        return text
    said, meant = found
    places.append(
        Place(MOJIBAKE, path, f"A text was read in a wrong encoding: `{said}` was meant to be `{meant}`.")
    )
    return mojibake.mended(text)


REPAIR = RowRepair("mend-mojibake", mend)
