"""The buttons that open forms, and the select that changes one."""

from handlers.action import Action, Body
from handlers.core import CommandContext, Invocation, Reply, Who
from handlers.ui.forms.start import BASE_CHANGED, VALIDATION_CHANGED
from handlers.views import start, validate


def _start(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    return start.open_form(invocation, context, invocation.value or None)


def _change_base(invocation: Invocation, body: Body, context: CommandContext) -> Reply:
    return start.change_base(invocation, body.get("view", {}), context)


def _change_validation(_invocation: Invocation, body: Body, context: CommandContext) -> Reply:
    return start.change_validation(body.get("view", {}), context)


def _validate(invocation: Invocation, _body: Body, _context: CommandContext) -> Reply:
    return validate.open_form(invocation)


ACTIONS = (
    Action("dataset.start", Who.TRAINER, _start),
    Action(BASE_CHANGED, Who.ANYONE, _change_base),
    Action(VALIDATION_CHANGED, Who.ANYONE, _change_validation),
    Action("validate.form", Who.CONTRIBUTOR, _validate),
)
