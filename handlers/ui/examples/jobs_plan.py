"""The plan of a job."""

from dataclasses import replace
from datetime import timedelta

from bot.jobs.cards import PlanCard
from bot.jobs.history import TimeRange
from bot.pricing.model import TrainingEstimate
from bot.spending.model import Check, Decision
from handlers.ui.example_values import (
    APPROVER,
    BASE_ENDED,
    BUDGET,
    COLLEAGUE,
    ENDED,
    ESTIMATE,
    HELD,
    HIDDEN,
    HOUR,
    LIFECYCLE,
    LONG_NAME,
    NO_FIGURE,
    NO_ROOM,
    NO_TRUST,
    PLAN,
    QUOTA,
    STORAGE_PRICE,
    TRAINER,
    UNKNOWN_PRICE,
)
from handlers.ui.examples import Examples

_TIP = (
    "There is no validation dataset, so early stopping has no loss to look at: expect all 4 epochs to be trained and "
    "paid. Split some records off to have it end sooner."
)
_OPEN = PlanCard(
    PLAN, ESTIMATE, STORAGE_PRICE, HOUR, LIFECYCLE, (*HELD, BUDGET), "", Decision.OPEN, steps=(2, 8),
    takes=TimeRange(timedelta(minutes=45), timedelta(hours=2), 7),
)  # fmt: skip
_NEEDS = "$0.16 is more than the $0.10 that may be spent without approval."
_LONG = replace(
    PLAN,
    job_name=f"{LONG_NAME}-1",
    model_name=LONG_NAME,
    dataset_name=LONG_NAME,
    base_model_name="claims-router",
)

EXAMPLES: Examples = {
    "plan of a job": _OPEN,
    "plan of a job, long names": replace(
        _OPEN,
        plan=_LONG,
        advice=(_TIP,),
    ),
    "plan of a job, checks fail": replace(_OPEN, preflight=(*HELD, BUDGET, NO_TRUST, QUOTA, HIDDEN)),
    "plan of a job, over the budget": replace(_OPEN, preflight=(*HELD, NO_ROOM)),
    "plan of a job, its base has ended": replace(_OPEN, lifecycle=ENDED, preflight=(*HELD, BASE_ENDED)),
    "plan of a job, being converted for another base": replace(
        _OPEN, lifecycle=ENDED, preflight=(*HELD, BASE_ENDED), instead="nova-micro"
    ),
    "plan of a job, planned anew on another base": replace(
        _OPEN,
        lifecycle=ENDED,
        preflight=(*HELD, BASE_ENDED),
        instead="nova-micro",
        is_planned_anew=True,
        decision=Decision.CANCELLED,
    ),
    "plan of a job, can never start": replace(
        _OPEN,
        preflight=(*HELD, Check("model name", False, "The name is taken.", "Choose another.", final=True)),
    ),
    "plan of a job, needs an approver": replace(_OPEN, needs_approval=_NEEDS, approvers=(APPROVER,)),
    "plan of a job, unknown price that needs an approver": replace(
        _OPEN,
        training=TrainingEstimate(9_921, 4, UNKNOWN_PRICE, None),
        storage_month=replace(UNKNOWN_PRICE, kind=STORAGE_PRICE.kind),
        needs_approval="The price is unknown, so it needs approval.",
        approvers=(APPROVER, TRAINER, COLLEAGUE),
        advice=(_TIP,),
        preflight=(*HELD, NO_FIGURE, QUOTA),
    ),
    "plan of a job, nobody can approve": replace(
        _OPEN,
        training=TrainingEstimate(9_921, 4, UNKNOWN_PRICE, None),
        needs_approval="The price is unknown, so it needs approval.",
    ),
    "plan of a job, waits for approval": replace(
        _OPEN, needs_approval=_NEEDS, approvers=(APPROVER,), decision=Decision.REQUESTED, decided_by=TRAINER
    ),
    "plan of a job, started": replace(_OPEN, decision=Decision.APPROVED, decided_by=TRAINER),
    "plan of a job, started without approval": replace(
        _OPEN, needs_approval=_NEEDS, decision=Decision.OVERRIDDEN, decided_by=APPROVER
    ),
    "plan of a job, declined": replace(
        _OPEN, needs_approval=_NEEDS, decision=Decision.DECLINED, decided_by=APPROVER
    ),
    "plan of a job, cancelled": replace(_OPEN, decision=Decision.CANCELLED, decided_by=TRAINER),
}
