"""The buttons of a model's deletion."""

from bot.errors import Refused
from bot.spending import undo
from handlers.action import Action, Body
from handlers.core import CommandContext, Invocation, Reply, Say, Who, explain, kept, say, show, undoable
from handlers.ui.cards.deletions import DELETE_NOW, KEEP
from handlers.ui.parts.plans import ends, keep_button
from handlers.ui.text import code


def _ask(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    return show(context.services.deletions.question(invocation.value))


def _delete(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    name, _, key = invocation.value.rpartition(" ")
    began = context.services.deletions.delete(
        name,
        key,
        channel=invocation.channel,
        thread_ts=invocation.thread_ts,
    )
    if not began:
        said = f"{code(name)} is being deleted already: I say so once it is gone."
        return Say(say(said).message, replace=True)
    then = "; I say so once Bedrock has confirmed that it is gone"
    keep = keep_button(KEEP, key)
    return undoable(ends(f"Deleting {code(name)}", undo.SECONDS, invocation.user, then, keep))


def _keep(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    try:
        return kept(code(context.services.deletions.keep(invocation.value)))
    except Refused as late:  # the button goes with it: it does nothing any more
        return Say(say(explain(late, str)).message, replace=True)


ACTIONS = (
    Action("model.delete", Who.OWNER, _ask),
    Action(DELETE_NOW, Who.OWNER, _delete),
    Action(KEEP, Who.OWNER, _keep),
)
