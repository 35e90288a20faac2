"""What a form remembers of where it was opened, in its ``private_metadata``."""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from pydantic import ConfigDict, TypeAdapter, with_config

from bot.errors import Refused

VERSION = 1


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class Kept:
    """What forms of all sorts have in common: how they remember, and are read."""

    def dump(self) -> str:
        """Return it as the form keeps it."""
        return json.dumps({"v": VERSION, **asdict(self)})

    @classmethod
    def of(cls, view: Mapping[str, Any]) -> Self:
        """Return what :meth:`dump` wrote into the form.

        Raises:
            Refused: the form was opened by another version of the bot, and cannot be understood any more.
        """
        reader = _READERS[cls]
        try:
            found = json.loads(_text_of(view))
            if found.pop("v") == VERSION:
                kept: Self = reader.validate_python(found)
                return kept
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            pass
        raise Refused("This form is from before an update.", hint="Close it and open it again.")


@dataclass(frozen=True, slots=True)
class Opened(Kept):
    """Where a form was opened: its answer goes there."""

    channel: str
    thread_ts: str | None = None
    changes: str = ""
    """The open plan, by its ID, in whose place the one of the form comes; empty: in no plan's."""
    source: str = ""
    """What a sweep is made from, as its service knows it."""


@dataclass(frozen=True, slots=True)
class Inspecting(Kept):
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


@dataclass(frozen=True, slots=True)
class Naming(Kept):
    """What is given another name: of which sort it is, and by what it is found.

    ``called`` is which of a dataset's names is meant, where it is found by its ID.
    """

    what: str
    name: str
    called: str
    channel: str
    thread_ts: str | None = None


@dataclass(frozen=True, slots=True)
class Declining(Kept):
    """What an approver says no to: ``plan`` is its kind and its ID. The channel is empty in their App Home."""

    plan: str
    channel: str
    thread_ts: str | None = None


@dataclass(frozen=True, slots=True)
class Overriding(Kept):
    """What an operator starts without an approver: ``plan`` is the button's value, with the figure that it showed."""

    plan: str
    channel: str
    thread_ts: str | None = None


@dataclass(frozen=True, slots=True)
class Raising(Kept):
    """Which budget is raised, what is needed at least in US dollars, and the plan that it is for; empty: for none.

    ``month`` is the one that the form shows, ``2026-11``: what was read of it holds for no other. Empty: an earlier
    release drew it.
    """

    scope: str
    least: str
    plan: str
    channel: str
    thread_ts: str | None = None
    month: str = ""


def place_of(view: Mapping[str, Any]) -> str:
    """Return the channel that any form remembers, where what comes of it is said; empty when it names none."""
    try:
        found = json.loads(_text_of(view))
    except (ValueError, RecursionError):
        return ""
    channel = found.get("channel") if isinstance(found, dict) else None
    return channel if isinstance(channel, str) else ""


def _text_of(view: Mapping[str, Any]) -> str:
    return str(view.get("private_metadata", ""))


_READERS: dict[type[Kept], TypeAdapter[Any]] = {
    each: TypeAdapter(each) for each in (Opened, Inspecting, Naming, Declining, Overriding, Raising)
}
"""Made beforehand: a form is to be answered within three seconds."""
