"""What every purchase is made of: the checks before it, who asked, and what an approver decides on."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from bot.wording import Said


@dataclass(frozen=True, slots=True)
class Request:
    """Something that a person asked for, once."""

    by: str
    at: datetime
    due: float | None = None
    """From when it is carried out, by the store's clock: until then it can be taken back. None: at once."""
    taken: bool = False
    """Whether it is carried out, so that nobody takes it back any more (``bot.spending.undo``)."""

    @property
    def is_final(self) -> bool:
        """Whether it cannot be taken back."""
        return self.due is None or self.taken


@dataclass(frozen=True, slots=True)
class Handover:
    """Something that was given into another person's care: to whom, by whom, and when.

    Who is told of it and may end it changes; what was spent, and whose budget that counts in, does not.
    """

    to: str
    by: str
    at: datetime


class Decision(StrEnum):
    """Where a plan that spends money stands with the people."""

    OPEN = "open"
    """Shown; nobody has pressed anything."""
    REQUESTED = "requested"
    """Asked for; it is over the limit, or its price is unknown, so an approver must agree."""
    APPROVED = "approved"
    """Agreed: by the asker within the limit, or by an approver."""
    OVERRIDDEN = "started without approval"
    """Agreed, as its cards tell it: by an operator in an emergency. What follows is what follows an approval."""
    DECLINED = "declined"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Offer:
    """What something is offered for, and who has to agree to that."""

    usd: Decimal | None
    """What it costs at most, in US dollars; None: nobody knows."""
    needs_approval: str
    """Why an approver has to agree; empty when nobody has to."""
    own_is_fine: bool
    """Whether an approver may approve it who asked for it themselves."""
    is_strict: bool = False
    """Whether nothing stands for an approver's agreement: not even an operator starts it in an emergency."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the preflight: what was looked at, whether it holds, and what mends it."""

    name: str
    ok: bool
    sentence: Said
    mend: str = ""
    checked: bool = True
    """False: it could not be looked at, and why. ``ok`` then says whether a start may go on all the same."""
    notice: bool = False
    """It holds, and is worth reading all the same."""
    apart: bool = False
    """It holds, and has a line of its own: it is about money."""
    final: bool = False
    """It fails by the plan itself, which is frozen: no later look finds otherwise, so nobody is told to press again."""
    instead: str = ""
    """It fails by the base model, and this one, by its profile's name, is open to the data once converted."""
