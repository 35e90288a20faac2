"""The buttons of kept questions."""

from bot.errors import Refused
from handlers.action import Action, Body
from handlers.commands.serve import join
from handlers.core import CommandContext, Invocation, Reply, Who, say
from handlers.ui.cards.kept import FORGET, WAKE, WAKE_MINUTES
from handlers.ui.plans import read_vote
from handlers.ui.text import code


def _wake(invocation: Invocation, _body: Body, front: CommandContext) -> Reply:
    """Have the model woken at the figure of the button; who presses after another uses the same lease."""
    front.services.access.check_spending(invocation.user, invocation.channel)
    kept_id, shown = read_vote(invocation.value)
    if shown is None:
        raise Refused("That button says no price.", hint="Ask again, and press the new one.")
    model = front.services.kept.model_of(kept_id)
    if joined := join(invocation, front, model, invocation.channel, WAKE_MINUTES):
        return joined
    plan = front.services.waking.wake(
        model=model,
        minutes=WAKE_MINUTES,
        by=invocation.user,
        channel=invocation.channel,
        request=invocation.request,
        thread_ts=invocation.thread_ts,
        shown=shown,
    )
    front.services.kept.woken(kept_id, plan.id)
    return say(f"{code(model)} is being woken. Its kept questions are answered once it is awake.")


def _forget(invocation: Invocation, _body: Body, front: CommandContext) -> Reply:
    front.services.kept.forget(invocation.value, invocation.user)
    return say("Forgotten: I ask it no more.")


ACTIONS = (
    Action(WAKE, Who.TRAINER, _wake),
    Action(FORGET, Who.ASKER, _forget),
)
