"""Prompts that a teacher answers."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from bot.distillations.cards import (
    DistillationCard,
    DistillationEnded,
    DistillationMilestone,
    DistillationPlanCard,
    DistillationProblem,
    DistillationStalled,
    DistillationView,
    NothingStarted,
    TeacherList,
    TeacherRow,
)
from bot.distillations.plan import (
    DistillationPhase,
    DistillationPlan,
    DistillationTerms,
    LeftOut,
    Prepared,
    PromptSource,
    Tokens,
)
from bot.distillations.teachers.registry import TEACHERS
from bot.jobs.stalls import Stall
from bot.pricing.model import Quote
from bot.profiles.model import PriceKind
from bot.spending.cards import CannotStop, Declined, StopAsked
from bot.spending.model import Check, Decision
from handlers.ui.example_values import APPROVER, BUDGET, CHANNEL, COLLEAGUE, HELD, NOW, TRAINER
from handlers.ui.examples import Examples

_PLAN = DistillationPlan(
    "4e4e4e4e4e4e", "distill-prompts-1", "nova-pro", "amazon.nova-pro-v1:0", "us-east-1", "nova-lite",
    PromptSource("prompts.txt"), "arn:aws:iam::123456789012:role/tunesmith-bedrock", "s3://tunesmith-east/batch/",
    TRAINER, CHANNEL, "You route health-insurance claims. Answer with one line of JSON and nothing else.",
)  # fmt: skip
_LEFT_OUT = (LeftOut("the same is asked twice", 12, (3, 4)), LeftOut("it is empty", 2, (21, 46)))
_PREPARED = Prepared(
    "prompts.txt", "a1" * 32, "s3://tunesmith-east/batch/in.jsonl", 41_000, 120, _LEFT_OUT, Tokens(8_000, 14_000),
    Tokens(0, 122_880),
)  # fmt: skip
_IN = Quote(
    PriceKind.BATCH_INPUT, Decimal("0.40"), "half of https://aws.amazon.com/bedrock/pricing, as of 2026-11-01"
)
_OUT = Quote(PriceKind.BATCH_OUTPUT, Decimal("1.60"), _IN.source)
_TERMS = DistillationTerms(_IN, _OUT, Decimal("0.01"), Decimal("0.21"), "")
_OPEN = DistillationPlanCard(
    _PLAN, _PREPARED, _TERMS, (*HELD[:5], BUDGET), Decision.OPEN, None, DistillationPhase.PLANNED
)
_TOO_FEW = Check(
    "prompts", False, "64 prompts; a batch job needs at least 100.",
    "Send more prompts, or ask AWS to lower the quota *Minimum number of records per batch inference job*.", final=True,
)  # fmt: skip
_NEEDS = replace(_TERMS, needs_approval="$0.21 is more than the $0.10 that may be spent without approval.")
_UNKNOWN = replace(
    _TERMS,
    per_1m_input=replace(_IN, usd=None),
    per_1m_output=replace(_OUT, usd=None),
    least=None,
    most=None,
    needs_approval="The price is unknown, so it needs approval.",
)
DISTILLATION = DistillationView(
    "4e4e4e4e4e4e", "distill-prompts-1", "nova-pro", "nova-lite", "us-east-1", TRAINER, CHANNEL,
    DistillationPhase.RUNNING, 120, "at most $0.21", elapsed=timedelta(minutes=40), processed=60, failed=2,
)  # fmt: skip
_FAILED = replace(
    DISTILLATION,
    phase=DistillationPhase.FAILED,
    elapsed=timedelta(hours=1),
    explanation="Bedrock could not read the prompts.",
    mend="Let the role read the bucket: `./tunesmith iam` prints the policy.",
)
_DONE = replace(DISTILLATION, phase=DistillationPhase.COMPLETED, processed=120, elapsed=timedelta(hours=1))

EXAMPLES: Examples = {
    "plan of a distillation": _OPEN,
    "plan of a distillation, a check fails": replace(_OPEN, checks=(*HELD[:5], _TOO_FEW)),
    "plan of a distillation, needs an approver": replace(_OPEN, terms=_NEEDS, approvers=(APPROVER,)),
    "plan of a distillation, waits for approval": replace(
        _OPEN, terms=_NEEDS, approvers=(APPROVER,), decision=Decision.REQUESTED, decided_by=TRAINER
    ),
    "plan of a distillation, unknown price that needs an approver": replace(
        _OPEN, terms=_UNKNOWN, approvers=(APPROVER, TRAINER, COLLEAGUE)
    ),
    "plan of a distillation, nobody can approve": replace(_OPEN, terms=_UNKNOWN),
    "plan of a distillation, started without approval": replace(
        _OPEN, terms=_NEEDS, decision=Decision.OVERRIDDEN, decided_by=APPROVER
    ),
    "plan of a distillation, declined": replace(
        _OPEN, terms=_NEEDS, decision=Decision.DECLINED, decided_by=APPROVER
    ),
    "plan of a distillation, cancelled": replace(_OPEN, decision=Decision.CANCELLED, decided_by=TRAINER),
    **{
        f"distillation, {phase.value}": DistillationCard(replace(DISTILLATION, phase=phase))
        for phase in (DistillationPhase.STARTING, DistillationPhase.COLLECTING)
    },
    **{
        f"distillation, {phase.value}, told in its thread": DistillationCard(
            replace(DISTILLATION, phase=phase), is_live=True
        )
        for phase in (DistillationPhase.COMPLETED, DistillationPhase.STOPPED, DistillationPhase.REFUSED)
    },
    "plan of a distillation, started": replace(_OPEN, decision=Decision.APPROVED, decided_by=TRAINER),
    "distillation, waits": DistillationCard(
        replace(DISTILLATION, phase=DistillationPhase.WAITING, processed=None, failed=None)
    ),
    "distillation, answering": DistillationCard(DISTILLATION),
    "distillation, stopping": DistillationCard(
        replace(DISTILLATION, phase=DistillationPhase.STOPPING, stopped_by=COLLEAGUE)
    ),
    "distillation, failed": DistillationCard(_FAILED),
    "distillation, stalled": DistillationStalled(
        DISTILLATION, Stall("Answering", NOW, from_history=True, stood=timedelta(hours=3)), answers=True
    ),
    "distillation's end, answered": DistillationEnded(
        _DONE,
        "prompts.answered.jsonl",
        117,
        (LeftOut("the answer was cut short", 3, (7, 12, 80)),),
        "≈ $0.14; estimated: at most $0.31",
    ),
    "distillation's end, failed": DistillationEnded(_FAILED, "", 0, (), ""),
    "distillation's end, not kept": DistillationEnded(
        _DONE, "prompts.answered.jsonl", 117, (), "$0.14", "I could not store the dataset: S3 did not answer."
    ),
    "distillation, problem": DistillationProblem(
        "prompts.txt", "It has no prompts. Put one on each line, and send it again.", TRAINER
    ),
    **{
        f"distillation, news: {type(event).__name__}": DistillationMilestone(DISTILLATION, event)
        for event in (
            NothingStarted("The file is gone from Slack."),
            StopAsked(COLLEAGUE),
            CannotStop(TRAINER, "I may not call `StopModelInvocationJob`."),
            Declined(APPROVER),
        )
    },
    "teachers": TeacherList(
        tuple(
            TeacherRow(each.name, each.label, tuple(each.regions), _IN, _OUT) for each in TEACHERS.values()
        ),
        (DISTILLATION,),
    ),
}
