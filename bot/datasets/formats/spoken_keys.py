"""Messages that say by other keys who speaks: ``{"user": "Hi"}``, and LangChain's ``{"type": "human", ...}``."""

from typing import Any

from bot.datasets.formats.dialogue import Dialogue, Format, NotConvertible, dropped, lift_system, text_of
from bot.datasets.formats.roles import speaker
from bot.datasets.leftovers.leftover import Leftover
from bot.datasets.records import Json
from bot.wording import quoted


def _messages(row: Json) -> list[Json]:
    messages = row.get("messages")
    listed = (
        isinstance(messages, list) and bool(messages) and all(isinstance(each, dict) for each in messages)
    )
    return messages if listed and isinstance(messages, list) else []


def _is_named_by_key(row: Json) -> bool:
    """Tell messages of which each has one key, the name of who speaks."""
    messages = _messages(row)
    return bool(messages) and all(len(each) == 1 and speaker(next(iter(each))) for each in messages)


def _is_langchain(row: Json) -> bool:
    messages = _messages(row)
    return bool(messages) and all(
        isinstance(each.get("type"), str)
        and "role" not in each
        and ("content" in each or isinstance(each.get("data"), dict))
        for each in messages
    )


def _read_named(row: Json) -> Dialogue:
    turns = []
    for message in _messages(row):
        [(name, text)] = message.items()
        turns.append((str(speaker(name)), text_of(text, name)))
    return _finished(row, turns, [])


def _read_langchain(row: Json) -> Dialogue:
    turns: list[tuple[str, str]] = []
    lost: list[Leftover] = []
    for index, message in enumerate(_messages(row)):
        role = speaker(message["type"])
        if role is None:
            raise NotConvertible(f"there is a turn of the type {quoted(message['type'][:40])}")
        at: tuple[str | int, ...] = ("messages", index)
        inner: Any = message
        if "content" not in message:
            lost += dropped(message, ("type", "data"), at, role)
            inner, at = message["data"], (*at, "data")
        turns.append((role, text_of(inner.get("content"), "content")))
        lost += dropped(inner, ("type", "content"), at, role)
    return _finished(row, turns, lost)


def _finished(row: Json, turns: list[tuple[str, str]], lost: list[Leftover]) -> Dialogue:
    given = row.get("system")
    system, turns = lift_system(turns, None if given is None else text_of(given, "system"))
    return Dialogue(system, tuple(turns), (*lost, *dropped(row, ("messages", "system"))))


NAMED_BY_KEY = Format(
    "messages-by-speaker", "messages with who speaks as their key", _is_named_by_key, _read_named
)
LANGCHAIN = Format("langchain", "LangChain's messages", _is_langchain, _read_langchain)
