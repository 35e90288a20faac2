"""A distillation and the budgets: reserved before anything is ordered, accounted for once it is over."""

from bot.distillations import purchase as entries
from bot.distillations.context import DistillationContext, DistillationDependencies
from bot.distillations.transitions import NEVER_STARTED
from bot.jobs.reconciler.budget import reserve_all
from bot.spending import reservation
from bot.spending.budgets import Shortfall
from bot.spending.checks import fits_budget
from bot.spending.ledger import Entry
from bot.spending.model import Check, Decision


def look(work: DistillationContext, parts: DistillationDependencies) -> tuple[Check, ...]:
    """Return the line for the budgets; none when none applies."""
    seen = parts.jobs.budget_service.look(_entry(work, parts))
    return (fits_budget(seen),) if seen else ()


def reserve(work: DistillationContext, parts: DistillationDependencies) -> Shortfall | None:
    """Reserve what the answers cost at most; return why that does not fit, or None when it is reserved."""
    return reserve_all([_entry(work, parts)], parts.jobs)


def keep(work: DistillationContext, parts: DistillationDependencies) -> None:
    """Enter answers that were forgotten, and are followed again: the ledger has forgotten them, too."""
    reservation.enter(parts.jobs.budget_service, _entry(work, parts))


def account(work: DistillationContext, parts: DistillationDependencies) -> None:
    """Write down what the answers cost, or that they cost nothing. What was never to start was never reserved."""
    progress = work.progress
    if progress.accounted or work.spec.votes.decision(work.needs_approval) is not Decision.APPROVED:
        return
    entry, started = _entry(work, parts), progress.phase not in NEVER_STARTED
    reservation.account(parts.jobs.budget_service, progress, entry, entries.actual(progress), started=started)


def _entry(work: DistillationContext, parts: DistillationDependencies) -> Entry:
    at = work.progress.intent_at or parts.clock.now()
    return entries.entry_of(work.plan, work.progress.terms, at, work.spec.votes)
