"""What the engine itself keeps of a resource, beside the status of its kind: all of it is part of one stored document.

``{"v": 1, "<kind>": …, "outbox": …, "effects": …, "failing": …}``: what is as at the beginning is left out.
"""

from dataclasses import dataclass, field
from typing import Any, Self

from bot.controller.documents import carried_over, dump, load
from bot.controller.effects import EffectRecord
from bot.controller.model import Document
from bot.controller.outbox_entries import OutboxEntries


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
    looked: bool = False
    """Whether all were looked at: what is left are edits that Slack refused."""
    turns: list[str] = field(default_factory=list)
    """The methods by which it has had its turn to read Slack."""
    read: list[str] = field(default_factory=list)
    """Messages of which Slack was read."""
    done: list[str] = field(default_factory=list)
    """Those that show what they show for ever, too."""


@dataclass(slots=True)
class EngineStatus:
    """What the engine knows of one resource."""

    outbox: OutboxEntries = field(default_factory=OutboxEntries)
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
        # Whoever only reads an effect makes a record of it: that is no effect.
        self.effects = {name: each for name, each in self.effects.items() if each != _UNTRIED}
        new = dump(self)
        outbox = new.pop("outbox")  # which keeps by itself what it does not know
        old = {name: value for name, value in saved.items() if name in new}
        others = {name: value for name, value in saved.items() if name not in _NOTHING}
        mine = carried_over(EngineStatus, old, new) | {"outbox": outbox}
        return others | {name: value for name, value in mine.items() if value != _NOTHING[name]}


_UNTRIED = EffectRecord()
_NOTHING = dump(EngineStatus())
