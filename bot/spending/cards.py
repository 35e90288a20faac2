"""What people see of a purchase that is to be decided on, as values."""

from dataclasses import dataclass
from decimal import Decimal

from bot.spending.model import Decision


@dataclass(frozen=True, slots=True)
class ApprovalCard:
    """Asks an approver: *Approve* and *Decline* while undecided.

    ``resource`` is what the votes are counted by: the kind and the ID of what is bought, as its service reads them.
    """

    resource: str
    what: str
    cost: str
    usd: Decimal | None
    """What it is offered for: *Approve* agrees to no more."""
    reason: str
    asked_by: str
    approvers: tuple[str, ...]
    decision: Decision
    decided_by: str | None = None
