"""Goes through the texts of a record, whichever of the two formats it is in, for repairs that rewrite them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.datasets.records import Json
from bot.datasets.repairs.row import messages_of


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A text that came out otherwise: its place in the record, and what it was."""

    path: str
    before: str


def rewritten(value: Json, change: Callable[[str], str]) -> tuple[Json, tuple[Rewritten, ...]]:
    """Return the record with every text changed, and those that came out otherwise. Changes nothing itself."""
    found: list[Rewritten] = []

    def text(said: str, path: str) -> str:
        after = change(said)
        if after != said:
            found.append(Rewritten(path, said))
        return after

    def content(said: Any, path: str) -> Any:
        if isinstance(said, str):
            return text(said, path)
        if not isinstance(said, list):
            return said
        return [
            block | {"text": text(block["text"], f"{path}[{index}].text")}
            if isinstance(block, dict) and isinstance(block.get("text"), str)
            else block
            for index, block in enumerate(said)
        ]

    changed = dict(value)
    if "system" in value:
        changed["system"] = content(value["system"], "system")
    messages = messages_of(value)
    if messages:
        changed["messages"] = [
            message | {"content": content(message["content"], f"messages[{index}].content")}
            if "content" in message
            else message
            for index, message in enumerate(messages)
        ]
    return changed, tuple(found)
