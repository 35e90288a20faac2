"""A job and the budgets: reserved before anything can be created, accounted for once it is over."""

from collections.abc import Sequence
from datetime import datetime

from bot.jobs import purchase as spending
from bot.jobs.context import JobContext
from bot.jobs.dependencies import PurchaseDependencies
from bot.jobs.transitions import NEVER_STARTED
from bot.spending import reservation
from bot.spending.budgets import Outlook, Shortfall
from bot.spending.ledger import Entry
from bot.spending.model import Decision


def look(job: JobContext, dependencies: PurchaseDependencies) -> Outlook | None:
    """Return what the job would mean for the budgets, or None when none applies."""
    return dependencies.budget_service.look(_entry(job, dependencies.clock.now()))


def reserve(job: JobContext, dependencies: PurchaseDependencies) -> Shortfall | None:
    """Reserve what it costs at most; return why it does not fit, or None when it is reserved."""
    return reserve_all([_entry(job, dependencies.clock.now())], dependencies)


def reserve_all(entries: Sequence[Entry], dependencies: PurchaseDependencies) -> Shortfall | None:
    """Reserve all the entries, or none; approvers hear of budgets that come to their end by it."""
    approvers = reservation.Approvers(dependencies.access, dependencies.store, dependencies.renderer)
    return reservation.reserve(dependencies.budget_service, approvers, entries, dependencies.clock.now())


def keep(job: JobContext, dependencies: PurchaseDependencies) -> None:
    """Enter a job that was forgotten, and is followed again: the ledger has forgotten it, too."""
    if spending.is_ours(job.spec):
        reservation.enter(dependencies.budget_service, _entry(job, dependencies.clock.now()))


def account(job: JobContext, dependencies: PurchaseDependencies) -> None:
    """Write down what it cost, or that it cost nothing. What never got as far as its start was never reserved."""
    status = job.status
    if status.accounted or not spending.is_ours(job.spec) or not _was_to_start(job):
        return
    # Should the ledger have lost the entry, it counts in the month in which it was reserved, not in that of its end.
    entry = _entry(job, status.intent_at or dependencies.clock.now())
    spent, started = spending.actual(job.plan, job.terms, status), status.phase not in NEVER_STARTED
    reservation.account(dependencies.budget_service, status, entry, spent, started=started)


def _was_to_start(job: JobContext) -> bool:
    agreed = job.spec.votes.decision(job.needs_approval) is Decision.APPROVED
    return agreed or job.status.phase not in NEVER_STARTED


def _entry(job: JobContext, at: datetime) -> Entry:
    return spending.entry_of(job.plan, job.cost, at, job.spec.votes, round_=job.spec.round)
