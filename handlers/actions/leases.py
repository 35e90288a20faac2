"""The buttons of leases and models."""

from collections.abc import Callable

from bot.pricing.decisions import Pressed
from handlers.commands.serve import DEFAULT_MINUTES, propose
from handlers.core import Front, Invocation, Nothing, Reply, Say, Who, say
from handlers.presses import Action, Body
from handlers.ui.text import clock_time, code


def _press(decision: Pressed) -> Callable[[Invocation, Body, Front], Reply]:
    def run(invocation: Invocation, _body: Body, front: Front) -> Reply:
        front.services.leases.press(invocation.value, decision, invocation.user)
        return Nothing()

    return run


def _extend(invocation: Invocation, _body: Body, front: Front) -> Reply:
    lease, _, more = invocation.value.partition(" ")
    minutes = int(more) if more.isdecimal() else DEFAULT_MINUTES
    view = front.services.leases.extend(lease, minutes, invocation.user)
    until = f" until {clock_time(view.release_at)}" if view.release_at else ""
    return _said(f"{code(view.model_name)} stays in service{until}.")


def _release(invocation: Invocation, _body: Body, front: Front) -> Reply:
    view = front.services.leases.release(invocation.value, invocation.user)
    return _said(f"Releasing {code(view.model_name)}. I say so once AWS has confirmed that it is gone.")


def _said(mrkdwn: str) -> Say:
    return Say(say(mrkdwn).message, replace=True)


def _serve(invocation: Invocation, _body: Body, front: Front) -> Reply:
    return propose(invocation, front, invocation.value, DEFAULT_MINUTES)


ACTIONS = (
    Action("lease.start", Who.TRAINER, _press("start")),
    Action("lease.cancel", Who.ENDER, _press("cancel")),
    Action("lease.approve", Who.ANYONE, _press("approve")),
    Action("lease.decline", Who.ANYONE, _press("decline")),
    Action("lease.extend", Who.TRAINER, _extend),
    Action("lease.release", Who.ENDER, _release),
    Action("model.serve", Who.TRAINER, _serve),
)
