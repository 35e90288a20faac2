"""The question that a command asks back when its name is missing: which one? With a menu of those that there are."""

from collections.abc import Mapping, Sequence

from bot.clock import duration_of_minutes
from bot.controller.model import Message
from bot.datasets.model import Dataset, Role
from bot.deployments.cards import DeploymentView
from bot.errors import Refused
from bot.leases.cards import LeaseView
from bot.profiles.registry import PROFILES
from bot.wording import quoted
from handlers.core import CommandContext, Reply, Say
from handlers.lookup import newest, with_role
from handlers.ui.blocks import actions, option, section, select
from handlers.ui.limits import SELECT_OPTIONS, clip, first

PICK = "menu.pick"
"""The action of choosing; the value is the command as it would have been typed."""


def which_model(context: CommandContext, command: str, usage: str) -> Reply:
    """Ask which model is meant; ``command`` has ``{}`` in its place."""
    names = [line.name for line in context.services.serving.models().lines]
    return _ask("model", names, command, usage, "`/tune start` plans the job that makes one.")


def which_lease(context: CommandContext, command: str, usage: str, *, deployed: bool = True) -> Reply:
    """Ask which of the models in service is meant, of those whose end somebody can move.

    ``deployed``: whether it may be one that is deployed, which ends by nothing but its removal.
    """
    leases = context.services.leases.live()
    bound = {each.model_name for each in leases if each.is_bound} - {
        each.model_name for each in leases if not each.is_bound
    }
    without = bound if deployed else bound | {each.model_name for each in context.services.deployments.live()}
    return _ask(
        "model in service" if deployed else "lease",
        [each for each in context.services.serving.live_names() if each not in without],
        command,
        usage,
        "`/tune serve MODEL` wakes one.",
    )


def which_of_one_name(
    command: str, leases: Sequence[LeaseView], deployed: DeploymentView | None = None
) -> Reply:
    """Ask which of those is meant that are called the same; ``command`` has ``{}`` in its place."""
    choices = {_told_apart(each): each.id for each in leases}
    if deployed:
        choices |= {f"{clip(deployed.model_name, 30)}: deployed ({deployed.id})": deployed.id}
    return _choose("of that name", choices, command, f"/tune {command.format(leases[0].id)}", "")


def _told_apart(view: LeaseView) -> str:
    left = f", {duration_of_minutes(view.left_minutes)} left" if view.left_minutes is not None else ""
    made = "made elsewhere" if view.is_adopted else "leased here"
    return f"{clip(view.model_name, 30)}: {made}{left} ({view.id})"


def which_job(context: CommandContext, command: str, usage: str) -> Reply:
    """Ask which job is meant."""
    names = dict.fromkeys(context.services.jobs.names())
    return _ask("job", [*names], command, usage, "`/tune start` plans one.")


def which_dataset(context: CommandContext, command: str, usage: str, *, but: Dataset | None = None) -> Reply:
    """Ask which dataset is meant; ``but`` is one that cannot be."""
    names = dict.fromkeys(each.name for each in newest(context) if but is None or each.id != but.id)
    what = "dataset" if but is None else "other dataset"
    return _ask(what, [*names], command, usage, "Drop a `.jsonl` file here to add one.")


def which_source(context: CommandContext, command: str, usage: str) -> Reply:
    """Ask which dataset or job is meant: of datasets those that a job can start from."""
    ready = with_role(newest(context), Role.TRAINING)
    choices = {f"{each.name} (dataset)": each.name for each in ready}
    choices |= {
        f"{name} (job)": name for name in context.services.jobs.names() if name not in choices.values()
    }
    return _choose("dataset or job", choices, command, usage, "Drop a `.jsonl` file here to add one.")


def which_base(command: str, usage: str) -> Reply:
    """Ask which base model is meant."""
    choices = {each.label: each.name for each in PROFILES.values()}
    return _choose("base model", choices, command, usage, "")


def which_model_of_theirs(context: CommandContext, command: str, usage: str) -> Reply:
    """Ask which of the models is meant that the person may delete."""
    return _ask(
        "model of yours", context.services.deletions.theirs(), command, usage, "`/tune models` lists all."
    )


def which_of_theirs(context: CommandContext, usage: str) -> Reply:
    """Ask which dataset or model is meant that the person may rename."""
    models, datasets = context.services.renaming.theirs()
    choices = {f"{name} (model)": f"model {typed(name)}" for name in models}
    choices |= {f"{name} (dataset)": f"dataset {typed(name)}" for name in datasets}
    otherwise = "`/tune models` and `/tune datasets` list all."
    return _choose("dataset or model of yours", choices, "rename {}", usage, otherwise, quotes=False)


def which_to_hand_over(context: CommandContext, usage: str) -> Reply:
    """Ask which job, lease, deployment or plan of office hours is meant that the person may hand over."""
    names = context.services.handovers.names()
    return _ask(
        "job, lease, deployment or office hours of yours",
        names,
        "handover {}",
        usage,
        "`/tune jobs` and `/tune models` list all.",
    )


def _ask(what: str, names: Sequence[str], command: str, usage: str, otherwise: str) -> Reply:
    return _choose(what, {name: name for name in names}, command, usage, otherwise)


def _choose(
    what: str, names: Mapping[str, str], command: str, usage: str, otherwise: str, *, quotes: bool = True
) -> Reply:
    """Return the question; ``names`` are what is to be typed, by what people read.

    Raises:
        Refused: there is none to choose from; the hint says how to get one.
    """
    if not names:
        raise Refused(f"There is no {what} yet.", hint=otherwise)
    shown, _ = first([*names.items()], SELECT_OPTIONS)
    said = f"Which {what}? Choose one, or write {quoted(usage)}."
    before, _, after = command.rpartition("{}")
    choices = [option(label, f"{before}{typed(name) if quotes else name}{after}") for label, name in shown]
    menu = select(PICK, choices, placeholder="Choose one")
    return Say(Message(text=said, blocks=[section(said), *actions(menu)]))


def typed(name: str) -> str:
    """Return a name as it has to be typed: one word, whatever is in it."""
    return f'"{name}"' if " " in name else name
