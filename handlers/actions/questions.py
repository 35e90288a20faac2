"""The buttons under an answer."""

from handlers.action import Action, Body
from handlers.commands.ask import begun
from handlers.core import CommandContext, Invocation, Reply, Who
from handlers.ui.cards.questions import AGAIN, COMPARE


def _again(invocation: Invocation, _body: Body, front: CommandContext) -> Reply:
    again = front.services.questions.again
    return begun(again(invocation.value, invocation.request, invocation.user, invocation.team))


def _compare(invocation: Invocation, _body: Body, front: CommandContext) -> Reply:
    return begun(front.services.questions.compare(invocation.value, invocation.user, invocation.team))


ACTIONS = (Action(AGAIN, Who.ASKER, _again), Action(COMPARE, Who.ASKER, _compare))
