"""The menu of `/tune`, for whoever opens it: what they may do, and what they may see of what is going on."""

from bot.access import allowed
from bot.controller.model import Message
from handlers.core import CommandContext, Invocation
from handlers.lookup import running
from handlers.ui.menu import Offered, menu


def greeting(invocation: Invocation, context: CommandContext) -> Message:
    """Return the menu as a message."""
    services, user = context.services, invocation.user
    offered = Offered(
        checks=allowed(lambda: services.access.check_contributor(user)),
        asks=allowed(lambda: services.access.check_asker(user, invocation.channel)),
        spends=allowed(lambda: services.access.check_spending(user, invocation.channel)),
    )
    return menu(running(context, lists=offered.checks), offered)
