"""The buttons of leases and models."""

from bot.figures import whole
from handlers.action import Action, Body
from handlers.commands.release import RELEASE_ANOTHER, end
from handlers.commands.serve import DEFAULT_MINUTES, Asked, propose, serve, swap
from handlers.core import CommandContext, Invocation, Open, Reply, Say, Who, kept, say, show
from handlers.ui.blocks import notice
from handlers.ui.cards.leases import KEEP_LEASE
from handlers.ui.parts.lease_buttons import BESIDE, EXTEND, KEEP_AWAKE, LET_END, SWAP, read_extend
from handlers.ui.text import block_of_code, clock_time, code


def _extend(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    lease, minutes, shown = read_extend(invocation.value)
    longer = context.services.extensions.extend(lease, minutes, invocation.user, shown)
    return Say(show(longer).message, replace=True)


def _release(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    return end(invocation, context, invocation.value)


def _release_another(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    return end(invocation, context, invocation.value, of_another=True)


def _keep(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    view = context.services.leases.keep(invocation.value, invocation.user)
    return kept(code(view.model_name))


def _let_end(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    view = context.services.leases.let_end(invocation.value, invocation.user)
    until = f" at {clock_time(view.release_at)}" if view.release_at else " when its time is over"
    return say(f"{code(view.model_name)} ends{until}, by itself. I warn nobody of that any more.")


def _keep_awake(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    view = context.services.leases.keep_awake(invocation.value, invocation.user)
    end = f", and ends at {clock_time(view.release_at)} all the same" if view.release_at else ""
    return say(f"{code(view.model_name)} is not released for idleness in the next hour{end}.")


def _show_raw(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    raw = context.services.leases.find(invocation.value).raw_failure
    return Open(notice("What Bedrock said", block_of_code(raw) if raw else "It said nothing."))


def _swap(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    lease, _, model = invocation.value.partition(" ")
    return swap(invocation, context, model, lease)


def _beside(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    model, minutes, idle = (*invocation.value.split(" "), "", "")[:3]
    length = whole(minutes) or DEFAULT_MINUTES
    return propose(invocation, context, model, length, whole(idle), beside=True)


def _serve(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    return serve(invocation, context, Asked(invocation.value))


ACTIONS = (
    Action(EXTEND, Who.TRAINER, _extend),
    Action("lease.release", Who.ENDER, _release),
    Action(KEEP_LEASE, Who.ENDER, _keep),
    Action(LET_END, Who.ENDER, _let_end),
    Action(KEEP_AWAKE, Who.TRAINER, _keep_awake),
    Action("lease.raw", Who.ANYONE, _show_raw),
    Action(RELEASE_ANOTHER, Who.ENDER, _release_another),
    Action(SWAP, Who.TRAINER, _swap),
    Action(BESIDE, Who.TRAINER, _beside),
    Action("model.serve", Who.TRAINER, _serve),
)
