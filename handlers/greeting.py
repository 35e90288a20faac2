"""The menu of `/tune`, for whoever opens it: what they may do, and what they may see of what is going on."""

from bot.access import allowed
from bot.controller.model import Message
from handlers.core import CommandContext, Invocation
from handlers.lookup import lease_with_link, with_links
from handlers.ui.menu import Offered, menu


def greeting(invocation: Invocation, front: CommandContext) -> Message:
    """Return the menu as a message."""
    services, user = front.services, invocation.user
    offered = Offered(
        checks=allowed(lambda: services.access.check_contributor(user)),
        spends=allowed(lambda: services.access.check_spending(user, invocation.channel)),
    )
    running = with_links(front, services.jobs.list("running", user)).views if offered.checks else ()
    leases = [lease_with_link(front, each) for each in services.leases.live()]
    return menu(running, leases, offered)
