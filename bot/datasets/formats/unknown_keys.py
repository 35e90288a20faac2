"""The keys of a record in the base's own format that the format does not have, at every depth."""

from collections.abc import Collection, Iterator
from typing import Any

from bot.datasets.formats.messages import role_of, texts_of
from bot.datasets.leftovers.leftover import Leftover, Steps, leftovers, repeated, settled
from bot.datasets.record_keys import keys_of
from bot.datasets.records import Json
from bot.datasets.spelling import misspelt
from bot.profiles.model import Profile


def unknown_keys(value: Json, profile: Profile) -> tuple[Leftover, ...]:
    """Return every key that the format does not have, but those that were meant to be one of its own.

    Nothing of a row without ``messages``: what it has may be all there is.
    """
    if "messages" not in value:
        return ()
    return repeated(settled(_unknown(value, profile)), texts_of(value))


def _unknown(value: Json, profile: Profile) -> Iterator[Leftover]:
    of_record, of_message, of_block = keys_of(profile.record_format)
    yield from _of(value, of_record)
    yield from _of_blocks(value.get("system"), of_block, ("system",))
    messages = value["messages"]
    for index, message in enumerate(messages if isinstance(messages, list) else ()):
        if isinstance(message, dict):
            at: Steps = ("messages", index)
            yield from _of(message, of_message, at, role_of(message))
            yield from _of_blocks(message.get("content"), of_block, (*at, "content"))


def _of(value: Json, known: Collection[str], at: Steps = (), role: str = "") -> Iterator[Leftover]:
    meant = misspelt(value, tuple(known))
    yield from (each for each in leftovers(value, known, at, role) if each.key not in meant)


def _of_blocks(content: Any, known: Collection[str], at: Steps) -> Iterator[Leftover]:
    for index, block in enumerate(content if isinstance(content, list) else ()):
        if isinstance(block, dict) and isinstance(block.get("text"), str):
            kinds = ("type",) if block.get("type") == "text" else ()
            yield from leftovers(block, (*known, *kinds), (*at, index))
