"""Reserving what is about to be spent, and telling approvers of the budgets that are nearly or wholly used by it.

They are told directly, once for each step, budget and month: after each reservation, from what counts by then, so that
a crash in between only delays it to the next claim. The tellings are resources of their own, whose IDs make them one;
that they are there is noted last, for the whole month. At the end what was reserved is settled or freed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from bot.access import Access
from bot.controller.effects import Effect, passing
from bot.controller.ports import Renderer, SpecWriter
from bot.notifications.reconciler import notification
from bot.spending.budget_service import BudgetService
from bot.spending.budgets import Shortfall, month_name
from bot.spending.cards import BudgetNearing
from bot.spending.ledger import Entry

RESERVE = Effect(
    "reserve", "reserving what it costs at most", "a reservation that is made again, which changes nothing"
)
NEARING = Effect(
    "nearing",
    "telling approvers of a budget that is nearly used",
    "a notification that is there already: its ID is the same",
)
ACCOUNT = Effect(
    "account",
    "settling or freeing what was reserved",
    "an entry that is closed: closing it again changes nothing",
)
SPENDING = (RESERVE, NEARING, ACCOUNT)
"""The effects of whatever spends."""


@dataclass(frozen=True, slots=True)
class Approvers:
    """Who hears of budgets that come to their end, as things stand then, and how they are told."""

    access: Access
    store: SpecWriter
    renderer: Renderer


def reserve(
    budget_service: BudgetService,
    approvers: Approvers,
    entries: Sequence[Entry],
    now: datetime,
    *,
    more: bool = False,
) -> Shortfall | None:
    """Reserve all the entries, or none: return why they do not fit, or None and have the approvers told.

    ``more``: they were reserved before, and are to grow.
    """
    with passing(RESERVE):
        short = budget_service.reserve(*entries, more=more)
    if short is None:
        tell_approvers(budget_service, approvers, entries[0], now)
    return short


def enter(budget_service: BudgetService, entry: Entry) -> None:
    """Enter what is followed again, whatever the budgets say: the ledger has forgotten it, too."""
    with passing(RESERVE):
        budget_service.keep(entry)


class Accounted(Protocol):
    """What remembers whether the ledger knows what something cost in the end."""

    accounted: bool


def account(
    budget_service: BudgetService, status: Accounted, entry: Entry, spent: Decimal | None, *, started: bool
) -> None:
    """Write down what it cost (None: nobody knows), or that nothing was bought."""
    with passing(ACCOUNT):
        if started:
            budget_service.settle(entry, spent)
        else:
            budget_service.free(entry)
    status.accounted = True


def settle(budget_service: BudgetService, entry: Entry, spent: Decimal | None) -> None:
    """Write down what a part of something cost that has a line of its own; the whole is accounted for after it."""
    with passing(ACCOUNT):
        budget_service.settle(entry, spent)


def tell_approvers(budget_service: BudgetService, approvers: Approvers, entry: Entry, now: datetime) -> None:
    """Have the approvers told of the budgets that the entry has used up, or nearly.

    Who approves by a channel alone hears of that channel's budget, and of no other.
    """
    access = approvers.access
    for near in budget_service.nearing(entry) if access.approvers else []:
        people = access.approvers_for(near.budget.scope) or access.raisers
        if not people:
            continue  # it is told once somebody is there to read it
        message = approvers.renderer.render(
            BudgetNearing(near.budget, near.used, near.left, month_name(near.month))
        )
        with passing(NEARING):
            for user in people:
                about = f"budget:{near.month}"
                approvers.store.register(notification(about, near.about, user, message, now))
        budget_service.note_told(near)
