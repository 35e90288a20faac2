"""Budgets, and the question to an approver."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from bot.spending.budgets import Budget
from bot.spending.cards import (
    ApprovalCard,
    BudgetNearing,
    BudgetRaised,
    Glass,
    NobodyLeft,
    RaiseAsked,
    StartedWithoutApproval,
)
from bot.spending.ledger import WORKSPACE
from bot.spending.model import Decision
from bot.spending.reports import Share, SpendingReport, Standing
from handlers.ui.example_values import APPROVER, CHANNEL, COLLEAGUE, OTHER_CHANNEL, TRAINER
from handlers.ui.examples import Examples

_ASKED = ApprovalCard(
    "lease:9d9d9d9d9d9d",
    "Serve `claims-router` for 2 h",
    "at most $44.00, on Provisioned Throughput that is billed by the hour",
    Decimal(44),
    "$44.00 is more than the $25.00 that may be spent without approval.",
    TRAINER,
    (APPROVER,),
    Decision.REQUESTED,
)
_EMPTY = SpendingReport(
    "November", datetime(2026, 12, 1, tzinfo=UTC), Decimal(0), Decimal(0), (), (), (), (), 0
)


def _standing(scope: str, cap: int, spent: str, committed: str) -> Standing:
    return Standing(Budget(scope, Decimal(cap)), Decimal(spent), Decimal(committed))


_SPENT = replace(
    _EMPTY,
    spent=Decimal("126.40"),
    committed=Decimal("44.16"),
    standings=(
        _standing(WORKSPACE, 500, "126.40", "44.16"),
        _standing(CHANNEL, 200, "82.20", "44.00"),
        _standing(TRAINER, 100, "38.20", "0.16"),
    ),
    people=(
        Share(TRAINER, Decimal("82.36"), 0, 412, 96_310),
        Share(COLLEAGUE, Decimal("44.04")),
        Share(APPROVER, Decimal("44.16"), 1),
    ),
    models=(
        Share("claims-router", Decimal("126.36")),
        Share("triage-v2", Decimal("44.20"), 0, 12_840, 16_721_500),
    ),
    channels=(Share(CHANNEL, Decimal("126.20")), Share(OTHER_CHANNEL, Decimal("44.36"))),
    unpriced=1,
    of_base=Decimal("1.44"),
)

_WHY = "The regulator's deadline is tonight, and both approvers are in the air. *Not* <!channel>"

EXAMPLES: Examples = {
    "approval, asked for": _ASKED,
    "approval, asked again at another figure": replace(_ASKED, is_anew=True),
    "approval, nobody can decide": replace(_ASKED, approvers=()),
    "approval, given": replace(_ASKED, decision=Decision.APPROVED, decided_by=APPROVER),
    "approval, declined": replace(_ASKED, decision=Decision.DECLINED, decided_by=APPROVER),
    "approval, declined with a reason": replace(
        _ASKED,
        decision=Decision.DECLINED,
        decided_by=APPROVER,
        declined_for="The demo is on Thursday: please lease it then, and for one hour. *Not* <!channel>",
    ),
    "approval, an operator may in an emergency": replace(_ASKED, glass=Glass.BESIDE),
    "approval, only an operator is left": replace(_ASKED, approvers=(APPROVER,), glass=Glass.ALONE),
    "approval, started without one": replace(
        _ASKED, decision=Decision.OVERRIDDEN, decided_by=APPROVER, overridden_for=_WHY
    ),
    "approval, that it was started without one": StartedWithoutApproval(
        APPROVER, _WHY, _ASKED.what, _ASKED.cost, TRAINER, CHANNEL
    ),
    "approval, that it was started without one, in the operators' channel": StartedWithoutApproval(
        APPROVER, "", "", "", TRAINER, ""
    ),
    "approval, nobody is left, in the operators' channel": NobodyLeft("", "", TRAINER, "", for_operator=True),
    "approval, nobody is left, for whoever asked": NobodyLeft(
        _ASKED.what, _ASKED.cost, TRAINER, CHANNEL, for_operator=False
    ),
    "approval, nobody is left, for an operator": NobodyLeft(
        _ASKED.what, _ASKED.cost, TRAINER, CHANNEL, for_operator=True
    ),
    "approval, nobody is left, for an operator who may start it": NobodyLeft(
        _ASKED.what,
        _ASKED.cost,
        TRAINER,
        CHANNEL,
        for_operator=True,
        starts=replace(_ASKED, glass=Glass.ALONE),
    ),
    "budget, somebody asks to raise it": RaiseAsked(
        TRAINER,
        Budget(CHANNEL, Decimal(200)),
        Decimal(20),
        Decimal(44),
        Decimal(224),
        "November",
        "lease:9d9d9d9d9d9d",
    ),
    "budget, raised": BudgetRaised(
        APPROVER, Budget(WORKSPACE, Decimal(500)), Budget(WORKSPACE, Decimal(600), Decimal(500)), "November"
    ),
    "budget, nearly used": BudgetNearing(
        Budget(CHANNEL, Decimal(200)), Decimal(164), Decimal(36), "November"
    ),
    "budget, nothing spent": _EMPTY,
    "budget, three caps": _SPENT,
    "budget, for who may raise one": replace(_SPENT, may_raise=True, raisers=(APPROVER,)),
    "budget, without caps": replace(_SPENT, standings=()),
}
