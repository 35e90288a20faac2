"""What answers take from the budgets: at most, before they are ordered, and in the end."""

from datetime import datetime
from decimal import Decimal

from bot.distillations import estimates
from bot.distillations.model import KIND, DistillationStatus
from bot.distillations.plan import DistillationPhase, DistillationPlan, DistillationTerms
from bot.distillations.transitions import NEVER_STARTED
from bot.spending.ledger import Entry, SpendingKind
from bot.spending.votes import Votes, others


def entry_of(plan: DistillationPlan, terms: DistillationTerms | None, at: datetime, presses: Votes) -> Entry:
    """Return the ledger's line for a distillation."""
    return Entry(
        id=f"{KIND}:{plan.id}",
        kind=SpendingKind.ANSWERS,
        owner=plan.owner,
        channel=plan.channel,
        model=plan.teacher,
        base=plan.profile,
        dataset=plan.source.name,
        at=at,
        committed=terms.most if terms else None,
        others=others(presses, plan.owner),
    )


def actual(progress: DistillationStatus) -> Decimal | None:
    """Return what a distillation that is over cost, in US dollars; None when that is not known."""
    if progress.phase in NEVER_STARTED:
        return Decimal(0)
    if progress.collected and progress.terms:
        return estimates.spent(progress.terms, progress.collected.usage)
    seen = progress.observation
    unanswered = seen is not None and seen.status == "Failed" and not seen.processed
    return Decimal(0) if progress.phase is DistillationPhase.FAILED and unanswered else None
