"""What is shown of office hours."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.pricing.model import Quote
from bot.schedules.model import ScheduleEnd, SchedulePhase, SchedulePlan
from bot.spending.cards import Care, Declined, StoppedBefore
from bot.spending.model import Check, Decision
from bot.spending.votes import MadeWay
from bot.wording import Said


@dataclass(frozen=True, slots=True)
class ScheduleCard:
    """The one live message of office hours: the price first, then when it is on next."""

    id: str
    owner: str
    """Whose they are now; the plan has who planned them."""
    plan: SchedulePlan
    phase: SchedulePhase
    zone: str
    week: str
    """What a week costs at most, and ``total`` all of it."""
    total: str
    usd: Decimal | None
    """The figure of all of it, which *Start* agrees to."""
    hour: Quote
    decision: Decision
    needs_approval: str = ""
    decided_by: str | None = None
    approvers: tuple[str, ...] = ()
    made_way: MadeWay = MadeWay.NONE
    """What has taken its place, where it was called off for that."""
    blocked: Said = ""
    mend: str = ""
    budget: Check | None = None
    """What it would mean for the budgets; None: none applies."""
    is_undoable: bool = False
    """Whether it was called off or stopped just now, which *Keep* takes back; ``stopped_by`` says who stopped it."""
    stopped_by: str = ""
    until: datetime | None = None
    next_on: datetime | None = None
    days_on: int = 0
    """On how many days it was on, of ``plan.most``."""
    end: ScheduleEnd | None = None


@dataclass(frozen=True, slots=True)
class ScheduleCalledOff:
    """For whoever planned them: somebody else said no before they began."""

    owner: str
    no: Declined | StoppedBefore


@dataclass(frozen=True, slots=True)
class ScheduleHandedOver:
    """Office hours are in another's care now."""

    model: str
    care: Care


@dataclass(frozen=True, slots=True)
class ScheduleRecovered:
    """Office hours that the store had forgotten go on as they were agreed to."""

    model: str
    channel: str
    until: datetime


@dataclass(frozen=True, slots=True)
class ScheduleEnded:
    """Why office hours are over, with what plans them anew."""

    id: str
    owner: str
    model: str
    weeks: int
    days_on: int
    end: ScheduleEnd
    stopped_by: str = ""
