"""The buttons of what runs in the account beside our own."""

from bot.profiles.model import Serving
from handlers.action import Action, Body
from handlers.core import CommandContext, Invocation, Reply, Say, Who, kept, say
from handlers.ui.cards.strays import ADOPT, DELETE, TAKE_BACK, deleting
from handlers.ui.text import code
from handlers.views import adoption


def _delete(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    region, _, stray = invocation.value.partition(" ")
    gone = context.services.strays.delete(region, stray)
    return Say(deleting(gone.row, gone.ends_in, invocation.user))


def _take_back(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    region, _, stray = invocation.value.partition(" ")
    return kept(code(context.services.strays.keep(region, stray), 63))


def _adopt(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    region, _, stray = invocation.value.partition(" ")
    row = context.services.strays.find(region, stray)
    if row.stray.serving is Serving.PROVISIONED_THROUGHPUT:
        return adoption.open_form(invocation, row)
    context.services.strays.adopt(
        region, stray, minutes=0, channel=invocation.channel, request=invocation.request
    )
    return say(
        f"{code(row.stray.name, 63)} becomes a deployment of this channel, in your care: its card follows here."
    )


ACTIONS = (
    Action(DELETE, Who.OVERSEER, _delete),
    Action(TAKE_BACK, Who.OVERSEER, _take_back),
    Action(ADOPT, Who.OVERSEER, _adopt),
)
