"""The buttons of deployments."""

from handlers.action import Action, Body
from handlers.commands.release import remove
from handlers.commands.serve import deploy
from handlers.core import CommandContext, Invocation, Open, Reply, Say, Who, kept, say
from handlers.ui.blocks import notice
from handlers.ui.cards.deployments import BESIDE, KEEP, RAW, REMOVE, REMOVE_ANOTHER, REPLACE, TAKE_BACK
from handlers.ui.text import block_of_code, code


def _remove(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    return remove(invocation, context, context.services.deployments.find(invocation.value))


def _remove_another(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    view = context.services.deployments.find(invocation.value)
    return remove(invocation, context, view, of_another=True)


def _keep(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    view = context.services.deployments.keep(invocation.value, invocation.user)
    said = f"{code(view.model_name)} stays. I ask again when nobody has asked it for another month."
    return Say(say(said).message, replace=True)


def _take_back(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    view = context.services.deployments.take_back(invocation.value, invocation.user)
    return kept(code(view.model_name))


def _replace(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    deployment, _, model = invocation.value.partition(" ")
    return deploy(invocation, context, model, before=deployment)


def _beside(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    return deploy(invocation, context, invocation.value)


def _show_raw(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    raw = context.services.deployments.find(invocation.value).failure
    return Open(notice("What Bedrock said", block_of_code(raw) if raw else "It said nothing."))


ACTIONS = (
    Action(REMOVE, Who.ENDER, _remove),
    Action(REMOVE_ANOTHER, Who.ENDER, _remove_another),
    Action(KEEP, Who.ENDER, _keep),
    Action(TAKE_BACK, Who.ENDER, _take_back),
    Action(REPLACE, Who.TRAINER, _replace),
    Action(BESIDE, Who.TRAINER, _beside),
    Action(RAW, Who.ANYONE, _show_raw),
)
