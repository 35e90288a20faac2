"""The buttons of distillations. What they change is seen on the card itself, which is drawn anew."""

from handlers.action import Action, Body
from handlers.core import CommandContext, Invocation, Nothing, Open, Reply, Who, kept, undoable
from handlers.ui.blocks import notice
from handlers.ui.cards.distillations import KEEP
from handlers.ui.parts.plans import ends, keep_button
from handlers.ui.text import block_of_code, code


def _stop(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    view = context.services.distillations.stop(invocation.value, invocation.user)
    kept_then, keep = ". The answers that are there by then are kept", keep_button(KEEP, view.id)
    card = context.links.thread(view.channel, view.thread_ts)
    return undoable(ends(f"Stopping {code(view.name)}", view.ends_in, invocation.user, kept_then, keep, card))


def _keep(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    view = context.services.distillations.keep(invocation.value, invocation.user)
    return kept(code(view.name))


def _keep_waiting(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    context.services.distillations.keep_waiting(invocation.value, invocation.user)
    return Nothing()


def _show_raw(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    raw = context.services.distillations.raw_failure(invocation.value)
    return Open(notice("What Bedrock said", block_of_code(raw) if raw else "It said nothing."))


ACTIONS = (
    Action("distillation.stop", Who.ENDER, _stop),
    Action(KEEP, Who.ENDER, _keep),
    Action("distillation.wait", Who.CONTRIBUTOR, _keep_waiting),
    Action("distillation.raw", Who.ANYONE, _show_raw),
)
