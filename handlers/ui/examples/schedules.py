"""Office hours."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from bot.leases.endpoint import LeasePhase
from bot.schedules.cards import (
    ScheduleCalledOff,
    ScheduleCard,
    ScheduleEnded,
    ScheduleHandedOver,
    ScheduleRecovered,
)
from bot.schedules.hours import parse
from bot.schedules.model import ScheduleEnd, SchedulePhase, SchedulePlan
from bot.schedules.views import ScheduleView
from bot.spending.cards import Care, Declined, StoppedBefore
from bot.spending.model import Check, Decision
from handlers.ui.example_values import APPROVER, BASE_ENDED, CHANNEL, COLLEAGUE, NOW, TRAINER, lease
from handlers.ui.examples import Examples

_PLAN = SchedulePlan(
    "claims-router", "arn", "claude-3-haiku", "us-west-2", parse("mon-fri/9-17"), 4, TRAINER, CHANNEL, "r"
)
_OPEN = ScheduleCard(
    "0f0f0f0f0f0f",
    TRAINER,
    _PLAN,
    SchedulePhase.PLANNED,
    "Europe/Berlin",
    "at most $990.00",
    "at most $3,960.00",
    Decimal(3960),
    lease(LeasePhase.PLANNED).hour,
    Decision.OPEN,
    needs_approval="$3,960.00 is more than the $25.00 that may be spent without approval.",
    approvers=(APPROVER,),
)
_RUNS = replace(
    _OPEN,
    phase=SchedulePhase.RUNNING,
    decision=Decision.APPROVED,
    decided_by=APPROVER,
    until=NOW + timedelta(weeks=4),
    next_on=NOW + timedelta(hours=14),
    days_on=3,
)
_TOO_MUCH = Check(
    "budget",
    False,
    "Serving with its start-up costs at most $3,960.00, and only $249.92 of this channel's $250.00 for November "
    "is left.",
    "Make it smaller, wait until 1 December, or have it raised: `/tune budget` says by whom.",
)
OFFICE_HOURS = ScheduleView(
    _OPEN.id,
    "claims-router",
    _PLAN.hours,
    "Europe/Berlin",
    "at most $990.00",
    TRAINER,
    until=_RUNS.until,
    next_on=_RUNS.next_on,
    may_end=True,
    link="https://x.slack.com/archives/C1/p1",
)
_ENDED = ScheduleEnded(_OPEN.id, TRAINER, "claims-router", 4, 20, ScheduleEnd.OVER)

EXAMPLES: Examples = {
    "office hours, plan": _OPEN,
    "office hours, plan whose base has ended": replace(
        _OPEN, blocked=BASE_ENDED.sentence, mend=BASE_ENDED.mend
    ),
    "office hours, plan over the budget": replace(_OPEN, budget=_TOO_MUCH),
    "office hours, wait for approval": replace(
        _OPEN, phase=SchedulePhase.AWAITING_APPROVAL, decision=Decision.REQUESTED, decided_by=TRAINER
    ),
    "office hours, running": _RUNS,
    "office hours, in another's care": replace(_RUNS, owner=COLLEAGUE),
    "office hours, stopped just now": replace(_RUNS, is_undoable=True, stopped_by=COLLEAGUE),
    "office hours, over": replace(_RUNS, phase=SchedulePhase.ENDED, next_on=None, end=ScheduleEnd.OVER),
    "office hours, declined": ScheduleCalledOff(TRAINER, Declined(APPROVER, "Two weeks are enough.")),
    "office hours, handed over": ScheduleHandedOver(
        "claims-router", Care(CHANNEL, TRAINER, COLLEAGUE, TRAINER, TRAINER)
    ),
    "office hours, forgotten": ScheduleRecovered("claims-router", CHANNEL, NOW + timedelta(weeks=2)),
    "office hours, called off": ScheduleCalledOff(TRAINER, StoppedBefore(COLLEAGUE)),
    **{
        f"office hours, news: {end.value}": replace(_ENDED, end=end, stopped_by=COLLEAGUE)
        for end in ScheduleEnd
    },
}
