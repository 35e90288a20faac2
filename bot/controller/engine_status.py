"""What the engine itself keeps of a resource, beside the status of its kind: all of it is part of one stored document.

``{"v": 1, "<kind>": …, "outbox": …, "effects": …, "failing": …}``: what is as at the beginning is left out.
"""

from dataclasses import dataclass, field
from typing import Any, Self

from bot.controller.documents import carried_over, dump, load
from bot.controller.effects import EffectRecord
from bot.controller.model import Document


@dataclass(slots=True)
class OutboxEntry:
    """How far one message is."""

    state: str
    """``absent`` (nobody tried), ``posting``, ``posted`` or ``gave_up``."""
    tries: int = 0
    """Attempts whose outcome was unclear."""
    at: float | None = None
    """When the last attempt began, by the store's time."""
    channel: str = ""
    """The channel that it is in, or is to be in; empty while it is not known by which channel a person is reached."""
    thread: str | None = None
    since: float | None = None
    """No message before it is looked at."""
    ts: str | None = None
    """The message; None: there is none, or nobody knows it."""
    shown: str | None = None
    """The digest of its content; None: nobody knows it."""
    era: str | None = None
    """The store's era in which that was true."""
    reason: str = ""
    """Why it was given up or last refused."""
    gist: str | None = None
    """What of its content people wait for."""
    turn: float | None = None
    """When it is its turn among live messages, by the store's time (0: it was); None: it waits for none."""
    gone: int = 0
    """How often somebody deleted it."""
    owner: str | None = None
    """The person whom it concerns. Where else it may go is told by this and what follows: see ``fallbacks``."""
    to: str | None = None
    """The person or channel whose turn it is."""
    tried: list[str] = field(default_factory=list)
    """The places that did not take it, and ``refused``, why not."""
    refused: list[str] = field(default_factory=list)


def entry_in(status: Document, name: str) -> OutboxEntry | None:
    """Return what a stored status says of one message, without reading all the rest; None: nothing.

    Raises:
        ValueError: what stands there is none.
    """
    stored = status.get("outbox", {}).get(name)
    return load(OutboxEntry, stored) if stored else None


@dataclass(slots=True)
class Failing:
    """What goes wrong with a resource, in a row, and since when by the store's time; see ``giving_up``."""

    tries: int = 0
    """Failures of the step itself."""
    waits: int = 0
    """Vendors that were away."""
    throttles: int = 0
    """Vendors that asked to slow down."""
    since: float | None = None
    """When the failures began."""
    waiting_since: float | None = None
    """When the waiting began, be it for a vendor that is away or for one that asked for it."""
    error: str = ""
    """What went wrong last, in words."""
    gave_up: int | None = None
    """The generation that was given up."""


@dataclass(slots=True)
class Settling:
    """The last look at a resource's messages: the digest of what they show for ever, and when it is time for it."""

    of: str
    at: float


@dataclass(slots=True)
class EngineStatus:
    """What the engine knows of one resource."""

    outbox: dict[str, OutboxEntry] = field(default_factory=dict)
    """What is said about it, by name."""
    effects: dict[str, EffectRecord] = field(default_factory=dict)
    """What was done about it on the outside, by name and item."""
    failing: Failing = field(default_factory=Failing)
    settle: Settling | None = None
    journal: list[str] = field(default_factory=list)
    """The events of its life that the log has."""
    begun: int = 0
    """How often work on it was begun of which no end is known."""
    held_up: float | None = None
    """Since when, by the store's time, what was made cannot be kept."""
    troubles_over: int = 0
    """How many troubles that people were told of are over."""

    @classmethod
    def of(cls, status: Document) -> Self:
        """Return what a stored status says of it.

        Raises:
            ValueError: it is none.
        """
        return load(cls, status)

    def onto(self, saved: Document) -> dict[str, Any]:
        """Return the stored status with this in it, and all that belongs to others, or to a later version."""
        self.effects = {name: each for name, each in self.effects.items() if each != _UNTRIED}
        new = dump(self)
        old = {name: value for name, value in saved.items() if name in new}
        others = {name: value for name, value in saved.items() if name not in new}
        mine = carried_over(EngineStatus, old, new)
        return others | {name: value for name, value in mine.items() if value != _NOTHING[name]}


_UNTRIED = EffectRecord()
_NOTHING = dump(EngineStatus())
