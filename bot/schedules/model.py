"""Office hours as they are kept: what was agreed to, and which leases came of it."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from bot.pricing.model import Quote
from bot.schedules.hours import OfficeHours
from bot.spending.digest import digest_of
from bot.spending.model import Check, Handover, Request
from bot.spending.record import PurchaseSchema, PurchaseSpec
from bot.spending.undo import Kept, Wishes
from bot.wording import Said

KIND = "schedule"
CARD = "card"
"""The one live message. Its thread is that of all its leases, unless it was asked for in one."""


class SchedulePhase(StrEnum):
    """Where office hours stand. Their leases have phases of their own."""

    PLANNED = "planned"
    AWAITING_APPROVAL = "awaiting approval"
    RUNNING = "running"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    ENDED = "ended"


TABLE: dict[SchedulePhase, frozenset[SchedulePhase]] = {
    SchedulePhase.PLANNED: frozenset(
        {SchedulePhase.AWAITING_APPROVAL, SchedulePhase.RUNNING, SchedulePhase.CANCELLED}
    ),
    SchedulePhase.AWAITING_APPROVAL: frozenset(
        {SchedulePhase.RUNNING, SchedulePhase.DECLINED, SchedulePhase.CANCELLED}
    ),
    SchedulePhase.RUNNING: frozenset({SchedulePhase.ENDED}),
}


_OVER = frozenset({SchedulePhase.DECLINED, SchedulePhase.CANCELLED, SchedulePhase.ENDED})


class ScheduleEnd(StrEnum):
    """Why they are over."""

    OVER = "over"
    STOPPED = "stopped"
    DEARER = "dearer"
    MODEL_GONE = "model gone"
    NOT_ALLOWED = "not allowed"
    """Whoever has them may not spend there any more: the operator took them, or the channel, off the list."""


@dataclass(frozen=True, slots=True)
class SchedulePlan:
    """Everything that was agreed to but the price, frozen. ``request`` is the ID of what asked."""

    model_name: str
    model_arn: str
    profile: str
    region: str
    hours: OfficeHours
    weeks: int
    owner: str
    channel: str
    request: str
    idle: int = 0
    """Minutes without a question after which a day's lease is released early; 0: it is not."""

    @property
    def id(self) -> str:
        """The short digest by which people and keys know it."""
        return digest_of(replace(self, hours=str(self.hours)))[:12]  # type: ignore[arg-type]

    @property
    def most(self) -> int:
        """How many leases it may have."""
        return self.weeks * len(self.hours.days)


@dataclass(frozen=True, slots=True)
class ScheduleProgress:
    """How far they were when they ran, as it was kept outside of the store: from there they go on."""

    zone: str
    until: datetime
    leases: tuple[str, ...]
    last: datetime | None
    last_end: datetime | None
    at: datetime
    """When that was; once they are found again, when that was."""


@dataclass(frozen=True, slots=True)
class ScheduleSpec(PurchaseSpec):
    """What people want: the plan, what it costs at most, and its end."""

    plan: SchedulePlan
    day_usd: Decimal | None = None
    """What one day's lease costs at most, when it was offered; None: nobody knows."""
    needs_approval: str = ""
    own_is_fine: bool = False
    hour: Quote | None = None
    """What an hour of one unit cost then: it never costs more."""
    stop: Request | None = None
    kept: Kept | None = None
    """Who took a wish to stop it back."""
    found_again: ScheduleProgress | None = None
    """Set when the store had forgotten them: they run already, and nobody decides anew."""
    handed: tuple[Handover, ...] = ()
    """In whose care they were given since, the last of them now."""

    @property
    def owner(self) -> str:
        """Whose they are now. The plan has who planned them."""
        return self.handed[-1].to if self.handed else self.plan.owner

    @property
    def week_usd(self) -> Decimal | None:
        """What a week of it costs at most."""
        return None if self.day_usd is None else self.day_usd * len(self.plan.hours.days)

    @property
    def usd(self) -> Decimal | None:
        """What all of it costs at most."""
        return None if self.day_usd is None else self.day_usd * self.plan.most

    @property
    def ending(self) -> Request | None:
        """Who had it stopped, once nobody can take that back."""
        return self.stop if self.stop and self.stop.is_final else None


@dataclass(slots=True)
class ScheduleStatus:
    """What has been done. ``phase`` is written by ``advance`` alone."""

    round: int = 1
    phase: SchedulePhase = SchedulePhase.PLANNED
    asked: tuple[str, ...] = ()
    """Who was asked last to approve it, by ID (``bot.spending.asking``)."""
    asked_at_usd: str | None = None
    """At what figure, as text; empty: one that nobody knows. None: nobody was asked."""
    explanation: Said = ""
    gate_checked: bool = False
    blocked: Said = ""
    """Why it cannot be started, and what mends it."""
    mend: str = ""
    budget: Check | None = None
    """What it would mean for the budgets, as of the last look before it was decided; None: none applies."""
    zone: str = ""
    """The time zone of whoever planned it, as Slack said it then; empty: not asked yet."""
    until: datetime | None = None
    """When it ends; None before it runs."""
    leases: tuple[str, ...] = ()
    """Those that came of it, by ID."""
    last: datetime | None = None
    """The beginning of the last hours for which a lease came."""
    last_end: datetime | None = None
    """When those hours end."""
    next_on: datetime | None = None
    """When the next lease comes."""
    end: ScheduleEnd | None = None
    handed_told: int = 0
    """Of how many handovers both people were told."""

    @property
    def failed(self) -> bool:
        """Whether nothing of it goes on, so that the same may be planned again."""
        return self.phase in _OVER


def advance(status: ScheduleStatus, to: SchedulePhase) -> bool:
    """Move it to ``to`` and return whether that changed anything; a forbidden move changes nothing."""
    if to not in TABLE.get(status.phase, frozenset()):
        return False
    status.phase = to
    return True


STOPS: Wishes[ScheduleSpec] = Wishes(
    wish=lambda spec: spec.stop,
    put=lambda spec, wish: replace(spec, stop=wish),
    kept=lambda spec: spec.kept,
    note=lambda spec, kept: replace(spec, kept=kept),
)
"""Where its spec has the wish to stop it."""
SCHEMA = PurchaseSchema(KIND, ScheduleSpec, ScheduleStatus)
