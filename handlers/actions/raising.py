"""The buttons by which a budget is raised, or who may is asked to."""

from bot.wording import Person, mrkdwn, wording
from handlers.action import Action, Body
from handlers.core import CommandContext, Invocation, Reply, Who, say
from handlers.ui.cards.spending import RAISE_ONE
from handlers.ui.forms.raising import ASK
from handlers.ui.parts.plans import RAISE
from handlers.views import raising


def _for_plan(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    return raising.open_for_plan(invocation, context, invocation.value)


def _for_budget(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    scope, least, plan = (*invocation.value.split(" ", 2), "", "")[:3]
    return raising.open_for_budget(invocation, context, scope, least or "0", plan)


def _ask(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    asked = context.services.raising.ask(raising.key_of(invocation.value))
    named = [part for each in asked for part in (", ", Person(each))][1:]
    return say(mrkdwn(wording("I have asked ", *named, ". The plan stays as it is until then.")))


ACTIONS = (
    Action(RAISE, Who.ANYONE, _for_plan),
    Action(ASK, Who.TRAINER, _ask),
    Action(RAISE_ONE, Who.RAISER, _for_budget),
)
