"""A job and the budgets: reserved before anything can be created, accounted for once it is over."""

from collections.abc import Sequence
from datetime import datetime

from bot.jobs import purchase as spending
from bot.jobs.context import JobContext, JobDependencies
from bot.jobs.transitions import NEVER_STARTED
from bot.spending import reservation
from bot.spending.budgets import Outlook, Shortfall
from bot.spending.ledger import Entry
from bot.spending.model import Decision


def look(work: JobContext, parts: JobDependencies) -> Outlook | None:
    """Return what the job would mean for the budgets, or None when none applies."""
    return parts.budget_service.look(_entry(work, parts.clock.now()))


def reserve(work: JobContext, parts: JobDependencies) -> Shortfall | None:
    """Reserve what it costs at most; return why it does not fit, or None when it is reserved."""
    return reserve_all([_entry(work, parts.clock.now())], parts)


def reserve_all(entries: Sequence[Entry], parts: JobDependencies) -> Shortfall | None:
    """Reserve all the entries, or none; approvers hear of budgets that come to their end by it."""
    approvers = reservation.Approvers(parts.settings.approvers, parts.store, parts.renderer)
    return reservation.reserve(parts.budget_service, approvers, entries, parts.clock.now())


def keep(work: JobContext, parts: JobDependencies) -> None:
    """Enter a job that was forgotten, and is followed again: the ledger has forgotten it, too."""
    if spending.is_ours(work.spec):
        reservation.enter(parts.budget_service, _entry(work, parts.clock.now()))


def account(work: JobContext, parts: JobDependencies) -> None:
    """Write down what it cost, or that it cost nothing. What never got as far as its start was never reserved."""
    progress = work.progress
    if progress.accounted or not spending.is_ours(work.spec) or not _was_to_start(work):
        return
    # Should the ledger have lost the entry, it counts in the month in which it was reserved, not in that of its end.
    entry = _entry(work, progress.intent_at or parts.clock.now())
    spent, started = spending.actual(work.plan, work.terms, progress), progress.phase not in NEVER_STARTED
    reservation.account(parts.budget_service, progress, entry, spent, started=started)


def _was_to_start(work: JobContext) -> bool:
    agreed = work.spec.votes.decision(work.needs_approval) is Decision.APPROVED
    return agreed or work.progress.phase not in NEVER_STARTED


def _entry(work: JobContext, at: datetime) -> Entry:
    return spending.entry_of(work.plan, work.cost, at, work.spec.votes, round_=work.spec.round)
