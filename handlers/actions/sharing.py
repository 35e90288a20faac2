"""The button that takes a share back."""

from handlers.action import Action, Body
from handlers.commands.unshare import withdrawn
from handlers.core import CommandContext, Invocation, Reply, Say, Who
from handlers.ui.cards.sharing import shared_card


def _unshare(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    model, _, channel = invocation.value.partition(" ")
    shared = withdrawn(context, model, channel)
    return Say(shared_card(shared, invocation.user), replace=True)


ACTIONS = (Action("model.unshare", Who.CONTRIBUTOR, _unshare),)
