"""The buttons of leases and models."""

from collections.abc import Callable

from bot.spending.votes import Choice
from handlers.action import Action, Body
from handlers.arguments import whole
from handlers.commands.release import RELEASE_ANOTHER, end
from handlers.commands.serve import DEFAULT_MINUTES, propose
from handlers.core import CommandContext, Invocation, Nothing, Open, Reply, Say, Who, show
from handlers.ui.blocks import notice
from handlers.ui.text import block_of_code


def _press(decision: Choice) -> Callable[[Invocation, Body, CommandContext], Reply]:
    def run(invocation: Invocation, _body: Body, front: CommandContext) -> Reply:
        front.services.leases.press(invocation.value, decision, invocation.user)
        return Nothing()

    return run


def _extend(invocation: Invocation, _body: Body, front: CommandContext) -> Reply:
    lease, _, more = invocation.value.partition(" ")
    minutes = whole(more) or DEFAULT_MINUTES
    longer = front.services.extensions.extend(lease, minutes, invocation.user)
    return Say(show(longer).message, replace=True)


def _decide_extension(decision: Choice) -> Callable[[Invocation, Body, CommandContext], Reply]:
    def run(invocation: Invocation, _body: Body, front: CommandContext) -> Reply:
        lease, _, number = invocation.value.partition(" ")
        front.services.extensions.decide(lease, whole(number) or 0, decision, invocation.user)
        return Nothing()

    return run


def _release(invocation: Invocation, _body: Body, front: CommandContext) -> Reply:
    return end(invocation, front, invocation.value)


def _release_another(invocation: Invocation, _body: Body, front: CommandContext) -> Reply:
    return end(invocation, front, invocation.value, of_another=True)


def _show_raw(invocation: Invocation, _body: Body, front: CommandContext) -> Reply:
    raw = front.services.leases.find(invocation.value).raw_failure
    return Open(notice("What Bedrock said", block_of_code(raw) if raw else "It said nothing."))


def _serve(invocation: Invocation, _body: Body, front: CommandContext) -> Reply:
    return propose(invocation, front, invocation.value, DEFAULT_MINUTES)


ACTIONS = (
    Action("lease.start", Who.TRAINER, _press("start")),
    Action("lease.cancel", Who.ENDER, _press("cancel")),
    Action("lease.approve", Who.ANYONE, _press("approve")),
    Action("lease.decline", Who.ANYONE, _press("decline")),
    Action("lease.extend", Who.TRAINER, _extend),
    Action("extension.approve", Who.ANYONE, _decide_extension("approve")),
    Action("extension.decline", Who.ANYONE, _decide_extension("decline")),
    Action("lease.release", Who.ENDER, _release),
    Action("lease.raw", Who.ANYONE, _show_raw),
    Action(RELEASE_ANOTHER, Who.ENDER, _release_another),
    Action("model.serve", Who.TRAINER, _serve),
)
