"""What people see of a purchase that is to be decided on, as values."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from bot.spending.budgets import Budget
from bot.spending.model import Decision
from bot.spending.votes import MadeWay
from bot.wording import Said


class Glass(StrEnum):
    """Whether an operator may start it in an emergency without an approver."""

    CLOSED = ""
    BESIDE = "beside"
    """Beside those who may approve it."""
    ALONE = "alone"
    """Nobody is left who could approve it: ``approvers`` are the operators."""


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
    declined_for: str = ""
    """Why it was declined, in the approver's own words; empty: they gave no reason."""
    made_way: MadeWay = MadeWay.NONE
    """What has taken its place, where it was called off for that."""
    overridden_for: str = ""
    """Why an operator started it without an approver, in their own words; empty: nobody did."""
    glass: Glass = Glass.CLOSED
    is_strict: bool = False
    """Whether no operator may start it without an approver, in whatever emergency."""
    is_anew: bool = False
    """Whether whoever reads it was asked the same at another figure, which does not hold any more."""


@dataclass(frozen=True, slots=True)
class StartedWithoutApproval:
    """An operator started in an emergency what an approver would have had to agree to, and why, in their own words.

    ``asked_by`` had asked for it in ``channel``. Without a channel it is told where others read along who may not see
    that: what it is and why is left out.
    """

    by: str
    reason: str
    what: str
    cost: str
    asked_by: str
    channel: str


@dataclass(frozen=True, slots=True)
class NobodyLeft:
    """Of those who could approve an open plan nobody is left. ``for_operator``: it is told to who can name another.

    Without a channel it is told where others read along who may not see that: what it is is left out.
    ``starts`` is the question, for whom may start it in an emergency: they may not see the channel that it is asked in.
    """

    what: str
    cost: str
    asked_by: str
    channel: str
    for_operator: bool
    starts: ApprovalCard | None = None


@dataclass(frozen=True, slots=True)
class Care:
    """Something of ``channel`` is in the care of ``to`` now: ``before`` had it, and ``by`` gave it.

    ``paying`` is whose budget it goes on counting in; empty: it costs nothing by itself.
    """

    channel: str
    before: str
    to: str
    by: str
    paying: str


@dataclass(frozen=True, slots=True)
class BudgetNearing:
    """A budget is nearly or wholly used. ``used`` is what counts in it, ``month`` what people call the month."""

    budget: Budget
    used: Decimal
    left: Decimal
    month: str


@dataclass(frozen=True, slots=True)
class RaiseAsked:
    """Somebody asks whoever may to raise a budget, for a plan that it has no room for: *Raise the budget*.

    ``plan`` is its kind and its ID, ``needs`` what it costs at most in US dollars; None: nobody knows. ``least`` is
    what the budget has to be for it to fit.
    """

    by: str
    budget: Budget
    left: Decimal
    needs: Decimal | None
    least: Decimal
    month: str
    plan: str


@dataclass(frozen=True, slots=True)
class BudgetRaised:
    """Somebody raised a budget for the rest of the month, for the others who hear of money."""

    by: str
    before: Budget
    budget: Budget
    month: str


@dataclass(frozen=True, slots=True)
class Declined:
    """An approver said no; ``reason`` is in their own words, or empty."""

    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StoppedBefore:
    """Somebody stopped it before it was started."""

    by: str


@dataclass(frozen=True, slots=True)
class StopAsked:
    """Somebody asked to stop what runs."""

    by: str


@dataclass(frozen=True, slots=True)
class CannotStop:
    """It cannot be stopped, and why; ``by`` asked for it."""

    by: str
    why: Said


@dataclass(frozen=True, slots=True)
class CannotLook:
    """Nobody may look whether it is there already, and why.

    ``asked_for``: its creation was tried and may have taken effect, so that it is called neither a refusal nor nothing.
    """

    why: Said
    asked_for: bool


@dataclass(frozen=True, slots=True)
class Recovered:
    """It was lost track of, found in the account, and is followed again."""


@dataclass(frozen=True, slots=True)
class Queued:
    """It waits in line: so many are under way in the region, and the account may not have more at once."""

    busy: int
    region: str


CreationEvent = CannotLook | Queued
"""What holds a purchase up that was agreed to."""

PlanEvent = StoppedBefore | CreationEvent | Recovered
"""What happens to a purchase of any kind, and is told in the same words."""
