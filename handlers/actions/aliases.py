"""The button and the menu of an alias."""

from handlers.action import Action, Body
from handlers.commands.alias import told
from handlers.core import CommandContext, Invocation, Reply, Who
from handlers.ui.cards.aliases import BACK, PROMOTE


def _back(invocation: Invocation, _body: Body, front: CommandContext) -> Reply:
    name, _, edition = invocation.value.rpartition(" ")
    shown = int(edition) if edition.isascii() and edition.isdigit() else -1
    return told(front, front.services.aliases.back(name, invocation.user, shown))


def _promote(invocation: Invocation, _body: Body, front: CommandContext) -> Reply:
    name, _, model = invocation.value.partition(" ")
    return told(front, front.services.aliases.point(name, model, invocation.user))


ACTIONS = (Action(BACK, Who.CONTRIBUTOR, _back), Action(PROMOTE, Who.CONTRIBUTOR, _promote))
