"""A job and the budgets: reserved before anything can be created, accounted for once it is over."""

from collections.abc import Sequence
from datetime import datetime

from bot.controller.crash_points import crash_point
from bot.jobs import entries as spending
from bot.jobs.context import JobParts, JobWork
from bot.jobs.transitions import NEVER_STARTED
from bot.spending import reservation
from bot.spending.budgets import Outlook, Shortfall
from bot.spending.ledger import Entry
from bot.spending.model import Decision


def look(work: JobWork, parts: JobParts) -> Outlook | None:
    """Return what the job would mean for the budgets, or None when none applies."""
    return parts.treasury.look(_entry(work, parts.clock.now()))


def reserve(work: JobWork, parts: JobParts) -> Shortfall | None:
    """Reserve what it costs at most; return why it does not fit, or None when it is reserved."""
    return reserve_all([_entry(work, parts.clock.now())], parts)


def reserve_all(entries: Sequence[Entry], parts: JobParts) -> Shortfall | None:
    """Reserve all the entries, or none; approvers hear of budgets that come to their end by it."""
    approvers = parts.settings.approvers
    return reservation.reserve(parts.treasury, parts.store, approvers, entries, parts.clock.now())


def keep(work: JobWork, parts: JobParts) -> None:
    """Enter a job that was forgotten, and is followed again: the ledger has forgotten it, too."""
    if spending.is_ours(work.spec):
        parts.treasury.keep(_entry(work, parts.clock.now()))
        crash_point("after-reserve")


def account(work: JobWork, parts: JobParts) -> None:
    """Write down what it cost, or that it cost nothing. What never got as far as its start was never reserved."""
    progress = work.progress
    if progress.accounted or not spending.is_ours(work.spec) or not _was_to_start(work):
        return
    entry = _entry(work, progress.intent_at or parts.clock.now())
    if progress.phase in NEVER_STARTED:
        parts.treasury.free(entry)
    else:
        parts.treasury.settle(entry, spending.actual(work.plan, work.terms, progress))
    crash_point("after-account")
    progress.accounted = True


def _was_to_start(work: JobWork) -> bool:
    agreed = work.spec.presses.decision(work.needs_approval) is Decision.APPROVED
    return agreed or work.progress.phase not in NEVER_STARTED


def _entry(work: JobWork, at: datetime) -> Entry:
    return spending.entry_of(work.plan, work.cost, at, work.spec.presses, round_=work.spec.round)
