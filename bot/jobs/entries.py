"""What a job takes from the budgets: at most, before it starts, and in the end."""

from datetime import datetime
from decimal import Decimal

from bot.jobs.ending import cost
from bot.jobs.model import JobPlan, Phase
from bot.jobs.phases import training_begun
from bot.jobs.record import KIND, JobSpec, JobStatus
from bot.jobs.terms import Terms
from bot.jobs.transitions import NEVER_STARTED
from bot.spending.ledger import Entry, SpendingKind
from bot.spending.votes import Votes, others


def entry_of(plan: JobPlan, usd: Decimal | None, at: datetime, presses: Votes, *, round_: int = 1) -> Entry:
    """Return the ledger's line for a job, or for a plan that is only looked at. A plan proposed anew is another."""
    return Entry(
        id=f"{KIND}:{plan.id}#{round_}",
        kind=SpendingKind.TRAINING,
        owner=plan.owner,
        channel=plan.channel,
        model=plan.model_name,
        base=plan.profile,
        dataset=plan.dataset_name,
        at=at,
        committed=usd,
        others=others(presses, plan.owner),
    )


def is_ours(spec: JobSpec) -> bool:
    """Whether its money is spent by us: a job that was made elsewhere, and is only followed, is not."""
    return spec.adopted is None or spec.found_again is not None


def actual(plan: JobPlan, terms: Terms, progress: JobStatus) -> Decimal | None:
    """Return what a job that is over cost, in US dollars; None when that is not known."""
    if progress.phase in NEVER_STARTED:
        return Decimal(0)
    if progress.phase is Phase.COMPLETED:
        return cost(plan, terms.training, progress.ending)
    begun = progress.observation is not None and training_begun(progress.observation)
    return None if begun else Decimal(0)
