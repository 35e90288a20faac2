"""What people see of strays, as values."""

from dataclasses import dataclass
from datetime import datetime

from bot.pricing.model import Quote
from bot.strays.model import Outcome, Stray
from bot.wording import Said


@dataclass(frozen=True, slots=True)
class StrayRow:
    """A stray as whoever may end it sees it."""

    stray: Stray
    hour: Quote
    """What an hour of one of its units costs; nothing for a deployment."""
    model: str = ""
    """What people call its model, where that is known here and seen."""
    may_be_adopted: bool = True
    """Whether it can become a lease or a deployment of ours: its base is known, and it is no other bot's."""
    is_undoable: bool = False
    """Whether it is to be deleted in a moment, which can still be taken back."""
    remover: str = ""
    """Who asked for that."""


@dataclass(frozen=True, slots=True)
class StrayList:
    """What runs in the account beside our own, the dearest first, as of ``at``; None: nobody has looked yet."""

    rows: tuple[StrayRow, ...]
    at: datetime | None
    trouble: Said = ""
    """Why one of the regions could not be looked at."""
    note: str = ""
    weekly: bool = False
    """Whether nobody has asked for it: it is told once a week."""


@dataclass(frozen=True, slots=True)
class StrayRemoved:
    """For whoever wanted it deleted: what came of it."""

    name: str
    region: str
    by_hour: bool
    """Whether it was billed by the hour."""
    outcome: Outcome
    why: Said = ""
    """What AWS said, where it does not let it be deleted."""
