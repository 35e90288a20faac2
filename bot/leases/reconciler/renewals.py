"""AWS has renewed a term by itself: entered in the ledger, and told where it is in service and to the operators.

Nobody has agreed to it and nobody can stop it, so that it is entered whatever the budgets say. The entry and the
messages are named after the number of the renewal: a crash in between has both made again, the same.
"""

from dataclasses import replace

from bot.controller.outbox.fallbacks import is_elsewhere
from bot.leases.cards import LeaseMilestone, TermRenewed
from bot.leases.context import LeaseContext, LeaseDependencies
from bot.leases.model import Renewal
from bot.leases.purchase import entry_of_renewal
from bot.leases.views import total
from bot.notifications.reconciler import notification
from bot.pricing.money import at_most
from bot.spending import reservation
from bot.spending.asking import told_of_money


def tell(lease: LeaseContext, dependencies: LeaseDependencies) -> None:
    """Enter what is new, and say all of it, each once."""
    spec, status = lease.spec, lease.status
    if status.renewals_told < len(spec.renewals):
        _enter(lease, dependencies)
    for number, each in enumerate(spec.renewals, 1):
        renewed = LeaseMilestone(lease.view, _card(lease, number, each, dependencies), mention_owner=True)
        lease.say(f"renewed:{number}", renewed, since=each.at)


def _enter(lease: LeaseContext, dependencies: LeaseDependencies) -> None:
    """Put each new one into the budgets, and have the operators told, in one write with that they are."""
    spec, status, now = lease.spec, lease.status, dependencies.clock.now()
    approvers = reservation.Approvers(dependencies.access, dependencies.store, dependencies.renderer)
    news = []
    for number, each in enumerate(spec.renewals, 1):
        if number <= status.renewals_told:
            continue
        entry = entry_of_renewal(spec, number, dependencies.prices)
        reservation.enter(dependencies.budget_service, entry)
        reservation.tell_approvers(dependencies.budget_service, approvers, entry, now)
        about, card = f"lease:{lease.plan.id}", _card(lease, number, each, dependencies)
        for who in told_of_money(lease.access):
            # In a channel that it is not from, others read along: there it is told by its reference.
            called = about if is_elsewhere(who, lease.plan.channel) else lease.view.model_name
            said = lease.render(replace(card, model=called))
            news.append(notification(about, f"renewed:{number}", who, said, now))
    status.renewals_told = len(spec.renewals)
    lease.save(also=news)


def _card(lease: LeaseContext, number: int, renewal: Renewal, dependencies: LeaseDependencies) -> TermRenewed:
    entry = entry_of_renewal(lease.spec, number, dependencies.prices)
    in_all = total(lease.spec, dependencies.prices)
    return TermRenewed(renewal.before, renewal.until, at_most(entry.committed), in_all)
