"""The buttons that give a dataset or a model another name."""

from bot.datasets.model import referred
from bot.directory.renaming import DATASET, MODEL
from handlers.action import Action, Body
from handlers.core import CommandContext, Invocation, Reply, Who
from handlers.views import rename


def _model(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    return rename.open_form(invocation, context, invocation.value, MODEL)


def _dataset(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    dataset_id, called = referred(invocation.value)
    return rename.open_form(invocation, context, dataset_id, DATASET, called)


ACTIONS = (
    Action("model.rename", Who.OWNER, _model),
    Action("dataset.rename", Who.OWNER, _dataset),
)
