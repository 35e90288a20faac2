"""A lease and the budgets: reserved before anything can be bought, accounted for once it is released."""

from dataclasses import replace
from decimal import Decimal

from bot.controller.effects import Effect, passing
from bot.leases import purchase as entries
from bot.leases.context import LeaseContext, LeaseDependencies
from bot.leases.model import LEASE_SCHEMA, LeaseSpec
from bot.leases.transitions import NEVER_STARTED
from bot.spending import reservation
from bot.spending.budgets import Shortfall
from bot.spending.checks import fits_budget
from bot.spending.model import Decision

CORRECT = Effect(
    "correct", "putting what is reserved to what is written down", "a correction that is made again"
)
TAKE_EDITION = Effect(
    "edition",
    "taking the edition that more was reserved for",
    "a lease that is of that edition: it is corrected again, which changes nothing",
)


def look(lease: LeaseContext, dependencies: LeaseDependencies) -> None:
    """Note for the card what the lease would mean for the budgets."""
    entry = entries.entry_of(lease.spec, dependencies.prices, dependencies.clock.now())
    costs = entry.committed != 0  # a deployment costs nothing by the hour
    seen = dependencies.budget_service.look(entry) if costs else None
    lease.status.budget = fits_budget(seen) if seen else None


def reserve(lease: LeaseContext, dependencies: LeaseDependencies) -> Shortfall | None:
    """Reserve what it costs at most; return why it does not fit, or None. What was bought long ago always fits."""
    now = dependencies.clock.now()
    entry = entries.entry_of(lease.spec, dependencies.prices, now)
    approvers = reservation.Approvers(dependencies.access, dependencies.store, dependencies.renderer)
    if not lease.spec.found_again:
        return reservation.reserve(dependencies.budget_service, approvers, [entry], now)
    reservation.enter(dependencies.budget_service, entry)
    reservation.tell_approvers(dependencies.budget_service, approvers, entry, now)
    return None


def correct(lease: LeaseContext, dependencies: LeaseDependencies) -> None:
    """Put what is reserved to what is written down: whoever wanted more may have reserved it, and not got to write it.

    They may be just about to. So the edition that they reserved it for is taken first, after which that write does not
    work any more: they begin anew and reserve again, or see why not.
    """
    now, prices = dependencies.clock.now(), dependencies.prices
    with passing(CORRECT):
        later = dependencies.budget_service.correct(entries.entry_of(lease.spec, prices, now))
    if later is None:
        return

    def taken(spec: LeaseSpec) -> LeaseSpec:
        return replace(spec, edition=max(spec.edition, later))

    with passing(TAKE_EDITION):
        changed = dependencies.store.amend(lease.context.key, LEASE_SCHEMA.on_documents(taken))
    if changed:  # whoever has begun anew meanwhile is seen by the next turn, which this change makes due
        dependencies.budget_service.correct(entries.entry_of(LEASE_SCHEMA.spec_of(changed), prices, now))


def account(lease: LeaseContext, dependencies: LeaseDependencies) -> None:
    """Write down what it cost, or that it cost nothing. What was never to begin was never reserved."""
    status = lease.status
    if status.accounted or lease.spec.votes.decision(lease.needs_approval) is not Decision.APPROVED:
        return
    correct(lease, dependencies)
    entry = entries.entry_of(lease.spec, dependencies.prices, status.intent_at or dependencies.clock.now())
    started = status.phase not in NEVER_STARTED and status.intent_at is not None
    spent = entries.actual(lease.spec, status, dependencies.prices, lease.release)
    if lease.spec.renewals and started:
        spent = _account_renewals(lease, dependencies)
    reservation.account(dependencies.budget_service, status, entry, spent, started=started)


def _account_renewals(lease: LeaseContext, dependencies: LeaseDependencies) -> Decimal | None:
    """Settle what each renewal of its term cost, and return what the first term did."""
    first, *renewed = entries.actual_by_term(lease.spec, lease.status, dependencies.prices, lease.release)
    for number, spent in enumerate(renewed, 1):
        entry = entries.entry_of_renewal(lease.spec, number, dependencies.prices)
        reservation.settle(dependencies.budget_service, entry, spent)
    return first
