"""The buttons of a model's deletion."""

from handlers.action import Action, Body
from handlers.core import CommandContext, Invocation, Reply, Say, Who, say, show
from handlers.ui.cards.deletions import DELETE_NOW
from handlers.ui.text import code


def _ask(invocation: Invocation, _body: Body, front: CommandContext) -> Reply:
    return show(front.services.deletions.question(invocation.value))


def _delete(invocation: Invocation, _body: Body, front: CommandContext) -> Reply:
    name, _, key = invocation.value.rpartition(" ")
    began = front.services.deletions.delete(
        name,
        key,
        channel=invocation.channel,
        thread_ts=invocation.thread_ts,
    )
    said = (
        f"I am deleting {code(name)}; I say so here once Bedrock has confirmed that it is gone."
        if began
        else f"{code(name)} is being deleted already: I say so here once it is gone."
    )
    return Say(say(said).message, replace=True)


ACTIONS = (
    Action("model.delete", Who.OWNER, _ask),
    Action(DELETE_NOW, Who.OWNER, _delete),
)
