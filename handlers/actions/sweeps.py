"""The buttons of a sweep and of its approval. What they change is seen on the card itself, which is drawn anew."""

from collections.abc import Callable

from bot.spending.votes import Pressed
from handlers.action import Action, Body
from handlers.core import Front, Invocation, Nothing, Reply, Who


def _press(decision: Pressed) -> Callable[[Invocation, Body, Front], Reply]:
    def run(invocation: Invocation, _body: Body, front: Front) -> Reply:
        front.services.series.press(invocation.value, decision, invocation.user)
        return Nothing()

    return run


ACTIONS = (
    Action("series.start", Who.TRAINER, _press("start")),
    Action("series.cancel", Who.ENDER, _press("cancel")),
    Action("series.approve", Who.ANYONE, _press("approve")),
    Action("series.decline", Who.ANYONE, _press("decline")),
)
