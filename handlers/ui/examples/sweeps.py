"""The plan of a hyperparameter sweep."""

from dataclasses import replace
from decimal import Decimal

from bot.jobs.model import Phase
from bot.spending.model import Decision
from bot.sweeps.cards import JobsLost, SweepCard, SweepEnded, SweepRefused
from bot.sweeps.model import SweepRow
from handlers.ui.example_values import (
    APPROVER,
    BASE_ENDED,
    BUDGET,
    CHANNEL,
    CURVE,
    ENDED,
    HELD,
    LIFECYCLE,
    NO_ROOM,
    NO_TRUST,
    PLAN,
    STORAGE_PRICE,
    TRAINER,
)
from handlers.ui.examples import Examples

_ROWS = tuple(
    SweepRow(value, f"claims-20261122-{number}", f"claims-router-{number}", "at most $0.16")
    for number, value in enumerate(("0.5", "1", "1.5", "2"), 1)
)
_OPEN = SweepCard(
    "8b8b8b8b8b8b", PLAN, "learningRateMultiplier", _ROWS, "at most $0.64", Decimal("0.64"), LIFECYCLE,
    (*HELD, BUDGET), "", Decision.OPEN, storage=(STORAGE_PRICE,) * 4,
)  # fmt: skip
_LOSSES = (
    (Phase.COMPLETED, 0.4021),
    (Phase.COMPLETED, 0.3873),
    (Phase.COMPLETED, 0.3987),
    (Phase.FAILED, None),
)
_OVER = tuple(
    replace(row, job_id="3c3c3c3c3c3c", phase=phase, training_loss=loss, validation_loss=loss)
    for row, (phase, loss) in zip(_ROWS, _LOSSES, strict=True)
)
_RUNS = replace(
    _OPEN,
    decision=Decision.APPROVED,
    decided_by=TRAINER,
    rows=(*_OVER[:2], replace(_ROWS[2], phase=Phase.TRAINING), replace(_ROWS[3], phase=Phase.STARTING)),
)
_ENDED = SweepEnded(
    TRAINER,
    "learningRateMultiplier",
    _OVER,
    _OVER[1],
    "≈ $0.48; agreed: at most $0.64",
    ping=True,
    curve=CURVE,
    base="claude-3-haiku",
)

EXAMPLES: Examples = {
    "plan of a sweep": _OPEN,
    "plan of a sweep, unknown price that needs an approver": replace(
        _OPEN,
        cost="price unknown",
        usd=None,
        needs_approval="The price is unknown, so it needs approval.",
        approvers=(APPROVER, TRAINER),
    ),
    "plan of a sweep, nobody can approve": replace(
        _OPEN, cost="price unknown", usd=None, needs_approval="The price is unknown, so it needs approval."
    ),
    "plan of a sweep, waits for approval": replace(
        _OPEN,
        needs_approval="$0.64 is more than the $0.50 that may be spent without approval.",
        approvers=(APPROVER,),
        decision=Decision.REQUESTED,
        decided_by=TRAINER,
    ),
    "plan of a sweep, started without approval": replace(
        _OPEN,
        needs_approval="It costs more than the $0.50 up to which nobody has to approve.",
        decision=Decision.OVERRIDDEN,
        decided_by=APPROVER,
    ),
    "plan of a sweep, declined": replace(
        _OPEN,
        needs_approval="$0.64 is more than the $0.50 that may be spent without approval.",
        decision=Decision.DECLINED,
        decided_by=APPROVER,
    ),
    "plan of a sweep, twenty jobs": replace(_OPEN, rows=_ROWS * 5, storage=(STORAGE_PRICE,) * 20),
    "plan of a sweep, a check fails": replace(_OPEN, preflight=(*HELD, NO_TRUST)),
    "plan of a sweep, over the budget": replace(_OPEN, preflight=(*HELD, NO_ROOM)),
    "plan of a sweep, its base has ended": replace(_OPEN, lifecycle=ENDED, preflight=(*HELD, BASE_ENDED)),
    "plan of a sweep, being converted for another base": replace(
        _OPEN, lifecycle=ENDED, preflight=(*HELD, BASE_ENDED), instead="nova-micro"
    ),
    "plan of a sweep, planned anew on another base": replace(
        _OPEN, lifecycle=ENDED, instead="nova-micro", is_planned_anew=True, decision=Decision.CANCELLED
    ),
    "plan of a sweep, needs an approver": replace(
        _OPEN,
        needs_approval="$0.64 is more than the $0.50 that may be spent without approval.",
        approvers=(APPROVER,),
    ),
    "plan of a sweep, started": replace(_OPEN, decision=Decision.APPROVED, decided_by=TRAINER),
    "sweep, two of four done": _RUNS,
    "sweep, done": replace(_RUNS, rows=_OVER),
    "sweep, twenty jobs run": replace(_RUNS, rows=_RUNS.rows * 5, storage=(STORAGE_PRICE,) * 20),
    "sweep's end": _ENDED,
    "sweep's end, nothing to compare by": replace(
        _ENDED, rows=tuple(replace(row, validation_loss=None) for row in _OVER), best=None, curve=None
    ),
    "sweep's end, four are level": replace(
        _ENDED,
        rows=tuple(replace(row, phase=Phase.COMPLETED, validation_loss=0.3873) for row in _OVER),
        best=replace(_OVER[1], validation_loss=0.3873),
        held_out=12,
    ),
    "sweep's end, without a job that cannot be read": replace(
        _ENDED, rows=(*_OVER[:3], replace(_ROWS[3], is_lost=True)), cost="price unknown"
    ),
    "sweep's end, for the operators": JobsLost(
        "learningRateMultiplier", CHANNEL, TRAINER, (_ROWS[3].job_name,)
    ),
    "sweep's end, where others read along": JobsLost("", "", "", ("3c3c3c3c3c3c",)),
    "sweep's end, told directly": replace(_ENDED, why="you wanted quiet when it ended"),
    "plan of a sweep, cancelled": replace(_OPEN, decision=Decision.CANCELLED, decided_by=TRAINER),
    "plan of a sweep, refused": replace(
        _OPEN,
        decision=Decision.APPROVED,
        refused="All of them together do not fit into this channel's budget.",
    ),
    "sweep refused": SweepRefused(TRAINER, "All of them together do not fit into this channel's budget."),
}
