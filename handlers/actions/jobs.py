"""The buttons of jobs. What they change is seen on the card itself, which is drawn anew."""

from bot.figures import whole
from handlers.action import Action, Body
from handlers.core import CommandContext, Invocation, Nothing, Open, Reply, Who, kept, undoable
from handlers.ui.blocks import notice
from handlers.ui.cards.jobs import KEEP
from handlers.ui.parts.plans import ends, keep_button
from handlers.ui.text import block_of_code, code
from handlers.views import start


def _stop(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    view = context.services.jobs.stop(invocation.value, invocation.user)
    keep, card = keep_button(KEEP, view.id), context.links.thread(view.channel, view.thread_ts)
    return undoable(ends(f"Stopping {code(view.name)}", view.ends_in, invocation.user, "", keep, card))


def _keep(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    view = context.services.jobs.keep(invocation.value, invocation.user)
    return kept(code(view.name))


def _keep_waiting(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    context.services.jobs.keep_waiting(invocation.value, invocation.user)
    return Nothing()


def _show_raw(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    raw = context.services.jobs.find(invocation.value).raw_failure
    return Open(notice("What Bedrock said", block_of_code(raw) if raw else "It said nothing."))


def _again(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    job, _, epochs = invocation.value.partition(" ")
    return start.open_again(invocation, context, job, whole(epochs))


def _follow(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    region, _, name = invocation.value.partition(" ")
    context.services.unmanaged.follow(region, name, by=invocation.user, channel=invocation.channel)
    return Nothing()  # its own message is the answer


ACTIONS = (
    Action("job.stop", Who.ENDER, _stop),
    Action(KEEP, Who.ENDER, _keep),
    Action("job.follow", Who.OVERSEER, _follow),
    Action("job.wait", Who.CONTRIBUTOR, _keep_waiting),
    Action("job.raw", Who.ANYONE, _show_raw),
    Action("job.again", Who.TRAINER, _again),
)
