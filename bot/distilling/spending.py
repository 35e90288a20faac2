"""What answers take from the budgets: at most, before they are ordered, and in the end."""

from datetime import datetime
from decimal import Decimal

from bot.distilling import estimates
from bot.distilling.model import DistillPhase, DistillPlan, DistillTerms
from bot.distilling.record import KIND, DistillProgress
from bot.distilling.transitions import NEVER_STARTED
from bot.pricing.decisions import Presses, others
from bot.pricing.ledger import Entry, SpendingKind


def entry_of(plan: DistillPlan, terms: DistillTerms | None, at: datetime, presses: Presses) -> Entry:
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


def actual(progress: DistillProgress) -> Decimal | None:
    """Return what a distillation that is over cost, in US dollars; None when that is not known."""
    if progress.phase in NEVER_STARTED:
        return Decimal(0)
    if progress.collected and progress.terms:
        return estimates.spent(progress.terms, progress.collected.usage)
    seen = progress.observation
    unanswered = seen is not None and seen.status == "Failed" and not seen.processed
    return Decimal(0) if progress.phase is DistillPhase.FAILED and unanswered else None
