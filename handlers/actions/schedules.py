"""The buttons of office hours that run, or are over."""

from handlers.action import Action, Body
from handlers.core import CommandContext, Invocation, Nothing, Reply, Who, kept, say
from handlers.ui.cards.schedules import AGAIN, KEEP_HOURS, STOP
from handlers.ui.text import code


def _stop(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    context.services.schedules.stop(invocation.value, invocation.user)
    return Nothing()  # its card says so, with what takes it back


def _keep(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    plan = context.services.schedules.keep(invocation.value, invocation.user)
    return kept(f"the office hours of {code(plan.model_name)}")


def _again(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    """Plan them anew, at the prices of now: whoever presses decides anew."""
    if context.services.schedules.go_on(invocation.value, invocation.user):
        return Nothing()  # their plan is the answer
    return say("You have them planned again already: the plan is in this channel, further down.")


ACTIONS = (
    Action(STOP, Who.ENDER, _stop),
    Action(KEEP_HOURS, Who.ENDER, _keep),
    Action(AGAIN, Who.TRAINER, _again),
)
