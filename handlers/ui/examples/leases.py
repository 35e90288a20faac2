"""Leases."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from bot.leases.cards import JoinedLease, LeaseCard, LongerLease, ModelUnits, SwapOffer
from bot.leases.endpoint import LeasePhase
from bot.leases.terms import held
from bot.profiles.model import Serving, Term
from bot.spending.model import Check, Decision
from bot.spending.votes import MadeWay
from handlers.ui.example_values import (
    APPROVER,
    BASE_ENDED,
    COLLEAGUE,
    LONG_NAME,
    NO_FIGURE,
    NOW,
    TRAINER,
    UNKNOWN_PRICE,
    lease,
)
from handlers.ui.examples import Examples

_FITS = Check(
    "budget",
    True,
    "That leaves $117.80 of this channel's $200.00 for November.",
)
_TOO_MUCH = Check(
    "budget", False, "$180.00 of this channel's $200.00 are spent or reserved in November; $44.00 more do not fit.",
    "Make it smaller, wait until 1 December, or have it raised: `/tune budget` says by whom.",
)  # fmt: skip
_NEEDS = "$44.00 is more than the $25.00 that may be spent without approval."
_PLANNED = LeaseCard(
    lease(LeasePhase.PLANNED), Decimal(44), Decision.OPEN, budget=_FITS, units=ModelUnits(1, 4)
)
_RUNS = LeaseCard(lease(LeasePhase.IN_SERVICE), Decimal(44), Decision.APPROVED, decided_by=TRAINER)

_TERM = LeaseCard(
    replace(lease(LeasePhase.PLANNED, term=Term.ONE_MONTH), total="at most $13,410.00"),
    Decimal(13_410),
    Decision.OPEN,
    "A term is billed to its end, so it always needs approval.",
    budget=_FITS,
    units=ModelUnits(1, None),
    approvers=(APPROVER,),
)
_BOUND = replace(
    lease(LeasePhase.IN_SERVICE, left_minutes=20 * 24 * 60, release_at=NOW + timedelta(days=20)),
    term=Term.ONE_MONTH,
    is_bound=True,
    total="at most $13,410.00",
)

EXAMPLES: Examples = {
    "lease, plan": _PLANNED,
    "lease, plan with a long name": replace(
        _PLANNED, view=replace(_PLANNED.view, model_name=LONG_NAME, base="claude-3-haiku")
    ),
    "lease, plan over the budget": replace(_PLANNED, budget=_TOO_MUCH),
    "lease, plan without model units": replace(_PLANNED, units=ModelUnits(1, 0)),
    "lease, plan and nobody says of model units": replace(_PLANNED, units=ModelUnits(1, None)),
    "lease, plan whose base has ended": replace(
        _PLANNED,
        view=replace(_PLANNED.view, explanation=BASE_ENDED.sentence, mend=BASE_ENDED.mend),
        is_blocked=True,
    ),
    "lease, plan that needs an approver": replace(_PLANNED, needs_approval=_NEEDS, approvers=(APPROVER,)),
    "lease, plan nobody can approve": replace(
        _PLANNED,
        view=replace(_PLANNED.view, hour=UNKNOWN_PRICE, total="price unknown"),
        usd=None,
        budget=None,
        needs_approval="The price is unknown, so it needs approval.",
    ),
    "lease, plan of unknown price that needs an approver": replace(
        _PLANNED,
        view=replace(_PLANNED.view, hour=UNKNOWN_PRICE, total="price unknown"),
        usd=None,
        needs_approval="The price is unknown, so it needs approval.",
        approvers=(APPROVER, COLLEAGUE, TRAINER),
        budget=replace(
            NO_FIGURE, sentence=NO_FIGURE.sentence.replace("Training", "Serving with its start-up")
        ),
    ),
    "lease, plan for a term": _TERM,
    "lease, plan for six months with a long name": replace(
        _TERM,
        view=replace(_TERM.view, model_name=LONG_NAME, term=Term.SIX_MONTHS, total="at most $79,506.00"),
    ),
    "lease, plan for a term of unknown price": replace(
        _TERM,
        view=replace(_TERM.view, hour=UNKNOWN_PRICE, total="price unknown"),
        usd=None,
        needs_approval="The price is unknown, so it needs approval.",
        approvers=(APPROVER,),
        budget=replace(
            NO_FIGURE, sentence=NO_FIGURE.sentence.replace("Training", "Serving with its start-up")
        ),
    ),
    "lease for a term, waits for approval": replace(
        _TERM,
        view=replace(_TERM.view, phase=LeasePhase.AWAITING_APPROVAL),
        decision=Decision.REQUESTED,
        decided_by=TRAINER,
    ),
    "lease for a term, in service": replace(_RUNS, view=_BOUND),
    "lease for a term, in service with a newer version": replace(
        _RUNS, view=replace(_BOUND, newer="claims-router-v2")
    ),
    "lease for a term, at its end": replace(
        _RUNS, view=replace(_BOUND, left_minutes=0, release_trouble=held().sentence)
    ),
    "lease for a term, joined": JoinedLease(_BOUND, own=False),
    "lease, called off": replace(
        _PLANNED, view=lease(LeasePhase.CANCELLED), decision=Decision.CANCELLED, decided_by=TRAINER
    ),
    "lease, replaced by another plan": replace(
        _PLANNED,
        view=lease(LeasePhase.CANCELLED),
        decision=Decision.CANCELLED,
        decided_by=TRAINER,
        made_way=MadeWay.PLAN,
    ),
    "lease, being asked for at AWS": replace(_RUNS, view=lease(LeasePhase.REQUESTING)),
    "lease, refused": replace(
        _RUNS,
        view=lease(
            LeasePhase.REFUSED,
            explanation="The account has no model units for this base.",
            mend="Ask AWS Support for one, then lease it again.",
            raw_failure="ServiceQuotaExceededException: no model units",
        ),
    ),
    "lease, waits for approval": LeaseCard(
        lease(LeasePhase.AWAITING_APPROVAL),
        Decimal(44),
        Decision.REQUESTED,
        _NEEDS,
        TRAINER,
        _FITS,
        (APPROVER,),
    ),
    "lease, in service, released early when nobody asks": replace(_RUNS, view=replace(_RUNS.view, idle=30)),
    "lease, released since nobody asked": replace(
        _RUNS,
        view=lease(LeasePhase.RELEASED, spent="≈ $22.00", estimated="at most $44.00", idle=30, idled=45),
    ),
    "lease, in service, with a newer version": replace(
        _RUNS, view=replace(_RUNS.view, newer="claims-router-v2")
    ),
    "lease, in service, a newer version on its way": replace(
        _RUNS, view=replace(_RUNS.view, next_name="claims-router-v2")
    ),
    "lease, a newer version may take its place": SwapOffer(
        "claims-router-v2", _RUNS.view, "at most $44.00", 60
    ),
    "lease, being created": replace(_RUNS, view=lease(LeasePhase.CREATING)),
    "lease, in service": _RUNS,
    "lease, in another's care": replace(_RUNS, view=replace(_RUNS.view, owner=COLLEAGUE, started_by=TRAINER)),
    "lease, in service on demand": replace(
        _RUNS,
        view=replace(_RUNS.view, serving=Serving.ON_DEMAND_DEPLOYMENT, total="by the token", spent=""),
    ),
    "lease, releasing in 10 s": replace(
        _RUNS, view=replace(_RUNS.view, released_by=COLLEAGUE, is_undoable=True)
    ),
    "lease, plan that was just called off": replace(
        _PLANNED, decision=Decision.CANCELLED, decided_by=TRAINER, is_undoable=True
    ),
    "lease, being released": replace(_RUNS, view=lease(LeasePhase.RELEASING, spent="$31.17")),
    "lease, released": replace(
        _RUNS, view=lease(LeasePhase.RELEASED, spent="≈ $31.17", estimated="at most $44.00")
    ),
    "lease, failed": replace(
        _RUNS,
        view=lease(
            LeasePhase.FAILED,
            explanation="Bedrock has no capacity for this base in us-west-2 now.",
            mend="Try again in an hour, or lease it at a quieter time of day.",
            raw_failure="ServiceUnavailableException: capacity",
        ),
    ),
    "lease, started without approval": replace(
        _RUNS, decision=Decision.OVERRIDDEN, needs_approval=_NEEDS, decided_by=APPROVER
    ),
    "lease, declined": replace(
        _RUNS,
        view=lease(LeasePhase.DECLINED),
        decision=Decision.DECLINED,
        needs_approval=_NEEDS,
        decided_by=APPROVER,
    ),
    "lease, with others who use it": replace(_RUNS, view=replace(_RUNS.view, joint=(COLLEAGUE, APPROVER))),
    "lease, joined": JoinedLease(_RUNS.view, own=False),
    "lease, joined for longer": JoinedLease(
        _RUNS.view, False, LongerLease(_RUNS.view, 45, "at most $66.00", Decimal(66))
    ),
    "lease, awake already": JoinedLease(_RUNS.view, own=True),
    "lease, more time offered": LongerLease(_RUNS.view, 60, "at most $66.00", Decimal(66)),
    "lease, more time needs an approver": LongerLease(
        _RUNS.view, 60, "at most $66.00", Decimal(66), f"An approver has to agree: {_NEEDS}"
    ),
    "lease, more time taken": LongerLease(_RUNS.view, 60, "at most $66.00", Decimal(66), done=True),
    "lease, more time asked for": LongerLease(
        _RUNS.view, 60, "at most $66.00", Decimal(66), _NEEDS, done=True
    ),
}
