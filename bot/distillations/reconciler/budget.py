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


def look(distillation: DistillationContext, dependencies: DistillationDependencies) -> tuple[Check, ...]:
    """Return the line for the budgets; none when none applies."""
    seen = dependencies.ordering.budget_service.look(_entry(distillation, dependencies))
    return (fits_budget(seen),) if seen else ()


def reserve(distillation: DistillationContext, dependencies: DistillationDependencies) -> Shortfall | None:
    """Reserve what the answers cost at most; return why that does not fit, or None when it is reserved."""
    return reserve_all([_entry(distillation, dependencies)], dependencies.ordering)


def keep(distillation: DistillationContext, dependencies: DistillationDependencies) -> None:
    """Enter answers that were forgotten, and are followed again: the ledger has forgotten them, too."""
    reservation.enter(dependencies.ordering.budget_service, _entry(distillation, dependencies))


def account(distillation: DistillationContext, dependencies: DistillationDependencies) -> None:
    """Write down what the answers cost, or that they cost nothing. What was never to start was never reserved."""
    status = distillation.status
    if (
        status.accounted
        or distillation.spec.votes.decision(distillation.needs_approval) is not Decision.APPROVED
    ):
        return
    entry, started = _entry(distillation, dependencies), status.phase not in NEVER_STARTED
    reservation.account(
        dependencies.ordering.budget_service, status, entry, entries.actual(status), started=started
    )


def _entry(distillation: DistillationContext, dependencies: DistillationDependencies) -> Entry:
    at = distillation.status.intent_at or dependencies.clock.now()
    return entries.entry_of(distillation.plan, distillation.status.terms, at, distillation.spec.votes)
