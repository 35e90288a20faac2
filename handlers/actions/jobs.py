"""The buttons of plans and jobs. What they change is seen on the card itself, which is drawn anew."""

from collections.abc import Callable

from bot.pricing.decisions import Pressed
from handlers.core import Front, Invocation, Nothing, Reply, Say, Who, say
from handlers.presses import Action, Body
from handlers.ui.text import code


def _press(decision: Pressed) -> Callable[[Invocation, Body, Front], Reply]:
    def run(invocation: Invocation, _body: Body, front: Front) -> Reply:
        front.services.jobs.press(invocation.value, decision, invocation.user)
        return Nothing()

    return run


def _stop(invocation: Invocation, _body: Body, front: Front) -> Reply:
    view = front.services.jobs.stop(invocation.value, invocation.user)
    done = say(f"Stopping {code(view.name)}. Its own message says when Bedrock has stopped it.")
    return Say(done.message, replace=True)


ACTIONS = (
    Action("job.start", Who.TRAINER, _press("start")),
    Action("job.cancel", Who.TRAINER, _press("cancel")),
    Action("job.approve", Who.ANYONE, _press("approve")),
    Action("job.decline", Who.ANYONE, _press("decline")),
    Action("job.stop", Who.TRAINER, _stop),
)
