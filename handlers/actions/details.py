"""The button that shows what a message holds back."""

from bot.errors import NotFound
from handlers.action import Action, Body
from handlers.core import CommandContext, Invocation, Open, Reply, Who
from handlers.ui.folding import DETAILS, details_view


def _show(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    """Show them to whoever sees the message: Slack says where that is, and who alone sees it."""
    place = invocation.user if invocation.ephemeral else invocation.channel
    blocks = context.services.details.get(place, invocation.value)
    if blocks is None:
        raise NotFound(
            "I no longer have the details of this message.",
            hint="`/tune help` says which command shows them anew.",
        )
    return Open(details_view([dict(each) for each in blocks]))


ACTIONS = (Action(DETAILS, Who.ANYONE, _show),)
