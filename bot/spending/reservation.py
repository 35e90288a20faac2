"""Reserving what is about to be spent, and telling approvers of the budgets that are nearly or wholly used by it.

They are told directly, once for each step, budget and month: after each reservation, from what counts by then, so that
a crash in between only delays it to the next claim. The tellings are things of their own, whose IDs make them one; that
they are there is noted last, for the whole month.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.controller.crash_points import crash_point
from bot.controller.model import in_words
from bot.controller.ports import SpecWriter
from bot.notifications.reconciler import notification
from bot.spending.budget_service import BudgetService
from bot.spending.budgets import Shortfall
from bot.spending.ledger import Entry


def reserve(
    budget_service: BudgetService,
    store: SpecWriter,
    approvers: Iterable[str],
    entries: Sequence[Entry],
    now: datetime,
    *,
    more: bool = False,
) -> Shortfall | None:
    """Reserve all the entries, or none: return why they do not fit, or None and have the approvers told.

    ``more``: they were reserved before, and are to grow.
    """
    short = budget_service.reserve(*entries, more=more)
    crash_point("after-reserve")
    if short is None:
        tell_approvers(budget_service, store, approvers, entries[0], now)
    return short


def tell_approvers(
    budget_service: BudgetService, store: SpecWriter, approvers: Iterable[str], entry: Entry, now: datetime
) -> None:
    """Have the approvers told of the budgets that the entry has used up, or nearly."""
    people = sorted(approvers)
    for near in budget_service.nearing(entry) if people else []:
        for user in people:
            about = f"budget:{near.month}"
            store.register(notification(about, near.about, user, in_words(near.sentence), now))
        crash_point("after-nearing")
        budget_service.note_told(near)
