"""The question that a command asks back when its name is missing: which one? With a menu of those that there are."""

from collections.abc import Sequence

from bot.controller.model import Message
from bot.errors import Refused
from bot.wording import quoted
from handlers.core import CommandContext, Reply, Say
from handlers.lookup import newest
from handlers.ui.blocks import actions, option, section, select
from handlers.ui.limits import SELECT_OPTIONS, first

PICK = "menu.pick"
"""The action of choosing; the value is the command as it would have been typed."""


def which_model(front: CommandContext, command: str, usage: str) -> Reply:
    """Ask which model is meant; ``command`` has ``{}`` in its place."""
    names = [line.name for line in front.services.leases.models().lines]
    return _ask("model", names, command, usage, "`/tune start` plans the job that makes one.")


def which_lease(front: CommandContext, command: str, usage: str) -> Reply:
    """Ask which of the models that are in service is meant."""
    names = dict.fromkeys(lease.model_name for lease in front.services.leases.live())
    return _ask("model in service", [*names], command, usage, "`/tune serve MODEL` wakes one.")


def which_job(front: CommandContext, command: str, usage: str) -> Reply:
    """Ask which job is meant."""
    names = dict.fromkeys(front.services.jobs.names())
    return _ask("job", [*names], command, usage, "`/tune start` plans one.")


def which_dataset(front: CommandContext, command: str, usage: str) -> Reply:
    """Ask which dataset is meant."""
    names = dict.fromkeys(each.name for each in newest(front))
    return _ask("dataset", [*names], command, usage, "Drop a `.jsonl` file here to add one.")


def _ask(what: str, names: Sequence[str], command: str, usage: str, otherwise: str) -> Reply:
    """Return the question.

    Raises:
        Refused: there is none to choose from; the hint says how to get one.
    """
    if not names:
        raise Refused(f"There is no {what} yet.", hint=otherwise)
    shown, _ = first(names, SELECT_OPTIONS)
    said = f"Which {what}? Choose one, or write {quoted(usage)}."
    choices = [option(name, command.format(name)) for name in shown]
    menu = select(PICK, choices, placeholder=f"Choose a {what}")
    return Say(Message(text=said, blocks=[section(said), *actions(menu)]))
