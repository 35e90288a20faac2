"""Gemini's and Vertex AI's: ``{"systemInstruction"?: {"parts"}, "contents": [{"role", "parts": [{"text"}]}]}``."""

from typing import Any

from bot.datasets.formats.dialogue import Dialogue, Format, NotConvertible, dropped, lift_system
from bot.datasets.formats.roles import speaker
from bot.datasets.leftovers.leftover import Leftover
from bot.datasets.records import Json
from bot.wording import quoted

_SYSTEMS = ("systemInstruction", "system_instruction")


def _is_gemini(row: Json) -> bool:
    contents = row.get("contents")
    return (
        isinstance(contents, list)
        and bool(contents)
        and all(isinstance(each, dict) and "parts" in each for each in contents)
    )


def read(row: Json) -> Dialogue:
    """Return what the contents say.

    Raises:
        NotConvertible: something would be lost.
    """
    turns: list[tuple[str, str]] = []
    lost: list[Leftover] = []
    for index, turn in enumerate(row["contents"]):
        role = speaker(turn.get("role"))
        if role is None:
            raise NotConvertible(f"there is a turn of the role {quoted(str(turn.get('role'))[:40])}")
        turns.append((role, text_of_parts(turn["parts"])))
        lost += dropped(turn, ("role", "parts"), ("contents", index), role)
    names = [name for name in _SYSTEMS if row.get(name) is not None]
    if len(names) > 1:
        raise NotConvertible("there are two system instructions")
    given = _instruction(row[names[0]]) if names else None
    system, turns = lift_system(turns, given)
    if names and isinstance(row[names[0]], dict):
        lost += dropped(row[names[0]], ("role", "parts"), (names[0],))
    return Dialogue(system, tuple(turns), (*lost, *dropped(row, ("contents", *names))))


def _instruction(value: Any) -> str:
    return (
        value
        if isinstance(value, str)
        else text_of_parts(value.get("parts") if isinstance(value, dict) else value)
    )


def text_of_parts(parts: Any) -> str:
    """Return the text of parts; several are joined by line breaks, as blocks of text are.

    Raises:
        NotConvertible: a part is no text.
    """
    listed = parts if isinstance(parts, list) else [parts]
    texts = []
    for part in listed:
        if isinstance(part, str):
            texts.append(part)
        elif isinstance(part, dict) and isinstance(part.get("text"), str) and set(part) == {"text"}:
            texts.append(part["text"])
        else:
            kind = next((str(key) for key in part if key != "text"), "") if isinstance(part, dict) else ""
            raise NotConvertible(f"{quoted(kind[:40])} would be lost" if kind else "a part is no text")
    if not texts:
        raise NotConvertible("a turn has no parts")
    return "\n".join(texts)


GEMINI = Format("gemini-contents", "Gemini's contents format", _is_gemini, read)
