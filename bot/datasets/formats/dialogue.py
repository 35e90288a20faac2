"""What all convertible formats say: a system prompt and turns of plain text."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from bot.datasets.leftovers.leftover import Leftover, Steps, leftovers
from bot.datasets.records import Json
from bot.datasets.spelling import shown
from bot.wording import quoted


class NotConvertible(Exception):
    """The row says something that the target cannot hold, or does not say what would have to be guessed."""


class ContentLost(NotConvertible):
    """What is in these keys has no place in the target, and it is no bookkeeping: a person has to decide."""

    def __init__(self, lost: Iterable[Leftover]) -> None:
        self.lost = tuple(lost)
        keys = dict.fromkeys(quoted(shown(each.key)) for each in self.lost)
        super().__init__(f"{' and '.join(keys)} would be lost")


@dataclass(frozen=True, slots=True)
class Dialogue:
    """The content of one row. ``turns`` are (role, text); ``dropped`` is every key that neither of them holds.

    A format must name there whatever it does not read, at any depth: conversion takes bookkeeping along and refuses
    a row in which anything else would be lost.
    """

    system: str | None
    turns: tuple[tuple[str, str], ...]
    dropped: tuple[Leftover, ...] = ()


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its name, how its rows look, and how they are read (None when a person must decide)."""

    name: str
    label: str
    recognise: Callable[[Json], bool]
    read: Callable[[Json], Dialogue] | None
    obstacle: str = ""
    """Why it cannot be converted, when ``read`` is None."""


def text_of(value: Any, what: str) -> str:
    """Return ``value`` when it is a text.

    Raises:
        NotConvertible: it is something else.
    """
    if not isinstance(value, str):
        raise NotConvertible(f"{quoted(what)} is no text")
    return value


def dropped(value: Json, used: Iterable[str], at: Steps = (), role: str = "") -> tuple[Leftover, ...]:
    """Return the keys of a row, or of an object in it, that the conversion does not use.

    ``at`` is where the object stands in the row, ``role`` whose turn it is.
    """
    return tuple(leftovers(value, set(used), at, role))


def lift_system(turns: list[tuple[str, str]], system: str | None) -> tuple[str | None, list[tuple[str, str]]]:
    """Return the system prompt and the other turns; a system turn counts only at the very beginning.

    Raises:
        NotConvertible: there are several system prompts, or one in the middle.
    """
    if turns and turns[0][0] == "system":
        if system not in (None, turns[0][1]):
            raise NotConvertible("there are two different system prompts")
        system, turns = turns[0][1], turns[1:]
    if any(role == "system" for role, _ in turns):
        raise NotConvertible("a system turn stands in the middle of the conversation")
    return system, turns
