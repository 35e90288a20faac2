"""What a form remembers of where it was opened, in its ``private_metadata``."""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from typing import TypeVar

from pydantic import ConfigDict, TypeAdapter, with_config

from bot.errors import Refused

VERSION = 1


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class Opened:
    """Where a form was opened: its answer goes there."""

    channel: str
    thread_ts: str | None = None
    changes: str = ""
    """The open plan, by its ID, in whose place the one of the form comes; empty: in no plan's."""

    def dump(self) -> str:
        """Return it as the form keeps it."""
        return json.dumps({"v": VERSION, **asdict(self)})


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class Inspecting:
    """How far somebody is with the rows of a report: which page is open, and what was chosen on all of them.

    ``upload`` is the upload's ID, ``drop`` the positions of the rows to leave out, ``repairs`` whether the safe
    repairs are wanted too.
    """

    upload: str
    channel: str
    thread_ts: str | None = None
    page: int = 0
    drop: tuple[int, ...] = ()
    repairs: bool = True

    def turned_to(self, page: int) -> "Inspecting":
        """Return it with that page open."""
        return replace(self, page=max(0, page))

    def choosing(self, drop: Collection[int], *, repairs: bool) -> "Inspecting":
        """Return it with these choices."""
        return replace(self, drop=tuple(sorted(drop)), repairs=repairs)

    def keeping(self, position: int) -> "Inspecting":
        """Return it with that row kept: whoever edits it wants it."""
        return replace(self, drop=tuple(each for each in self.drop if each != position))

    def dump(self) -> str:
        """Return it as the form keeps it."""
        return json.dumps({"v": VERSION, **asdict(self)})


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class Naming:
    """What is given another name: of which sort it is, and by what it is found.

    ``called`` is which of a dataset's names is meant, where it is found by its ID.
    """

    what: str
    name: str
    called: str
    channel: str
    thread_ts: str | None = None

    def dump(self) -> str:
        """Return it as the form keeps it."""
        return json.dumps({"v": VERSION, **asdict(self)})


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class Declining:
    """What an approver says no to: ``plan`` is its kind and its ID. The channel is empty in their App Home."""

    plan: str
    channel: str
    thread_ts: str | None = None

    def dump(self) -> str:
        """Return it as the form keeps it."""
        return json.dumps({"v": VERSION, **asdict(self)})


Kept = TypeVar("Kept", Opened, Inspecting, Naming, Declining)
_OPENED, _INSPECTING, _NAMING = TypeAdapter(Opened), TypeAdapter(Inspecting), TypeAdapter(Naming)
_DECLINING = TypeAdapter(Declining)


def load(text: str) -> Opened:
    """Return what :meth:`Opened.dump` wrote.

    Raises:
        Refused: the form was opened by another version of the bot, and cannot be understood any more.
    """
    return _read(text, _OPENED)


def load_inspecting(text: str) -> Inspecting:
    """Return what :meth:`Inspecting.dump` wrote.

    Raises:
        Refused: the form was opened by another version of the bot, and cannot be understood any more.
    """
    return _read(text, _INSPECTING)


def load_naming(text: str) -> Naming:
    """Return what :meth:`Naming.dump` wrote.

    Raises:
        Refused: the form was opened by another version of the bot, and cannot be understood any more.
    """
    return _read(text, _NAMING)


def load_declining(text: str) -> Declining:
    """Return what :meth:`Declining.dump` wrote.

    Raises:
        Refused: the form was opened by another version of the bot, and cannot be understood any more.
    """
    return _read(text, _DECLINING)


def place_of(text: str) -> str:
    """Return the channel that any form's metadata names, where what comes of it is said; empty when it names none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    channel = found.get("channel") if isinstance(found, dict) else None
    return channel if isinstance(channel, str) else ""


def _read(text: str, kind: TypeAdapter[Kept]) -> Kept:
    try:
        found = json.loads(text)
        if found.pop("v") == VERSION:
            return kind.validate_python(found)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    raise Refused("This form is from before an update.", hint="Close it and open it again.")
