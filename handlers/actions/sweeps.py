"""The buttons of a sweep and of its approval. What they change is seen on the card itself, which is drawn anew."""

from collections.abc import Callable

from bot.spending.votes import Choice
from handlers.action import Action, Body
from handlers.core import CommandContext, Invocation, Nothing, Reply, Who


def _press(decision: Choice) -> Callable[[Invocation, Body, CommandContext], Reply]:
    def run(invocation: Invocation, _body: Body, front: CommandContext) -> Reply:
        front.services.sweeps.press(invocation.value, decision, invocation.user)
        return Nothing()

    return run


ACTIONS = (
    Action("sweep.start", Who.TRAINER, _press("start")),
    Action("sweep.cancel", Who.ENDER, _press("cancel")),
    Action("sweep.approve", Who.ANYONE, _press("approve")),
    Action("sweep.decline", Who.ANYONE, _press("decline")),
)
