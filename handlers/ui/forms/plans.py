"""The forms of plans that nobody has decided on: leases, office hours, sweeps, distillations, throughput adopted."""

from collections.abc import Sequence

from bot.distillations.teachers.registry import TEACHERS
from bot.profiles.hyperparameters import label_of
from bot.profiles.model import Hyperparameter
from bot.profiles.registry import PROFILES
from handlers.ui.blocks import (
    Block,
    context,
    field_input,
    modal,
    option,
    section,
    select,
    text_input,
)
from handlers.ui.limits import SELECT_OPTIONS
from handlers.ui.text import code

LEASE, SWEEP, DISTILLATION, ADOPTION = "lease", "sweep", "distillation", "adoption"
SCHEDULE = "schedule"
_PRICE = "The plan with its price comes next. Nothing is spent yet."
_INSTEAD = "The plan with these settings takes the place of this one. Nothing is spent yet."


def lease_form(models: Sequence[str], model: str, length: str, metadata: str) -> Block:
    """Draw the form of an open plan of a lease, filled with what it has."""
    return modal(
        LEASE,
        "Change the lease",
        [
            _which_model(models, model),
            _length(length),
            context(_INSTEAD),
        ],
        submit="Show the plan",
        metadata=metadata,
    )


def schedule_form(models: Sequence[str], model: str, hours: str, weeks: int, metadata: str) -> Block:
    """Draw the form of an open plan of office hours, filled with what it has."""
    return modal(
        SCHEDULE,
        "Change the hours",
        [
            _which_model(models, model),
            field_input(
                "hours",
                "Days and hours",
                text_input("hours", initial=hours),
                hint="Like mon-fri/9-17.",
            ),
            field_input("weeks", "For how many weeks", text_input("weeks", initial=str(weeks))),
            context(_INSTEAD),
        ],
        submit="Show the plan",
        metadata=metadata,
    )


def adoption_form(name: str, hour: str, metadata: str) -> Block:
    """Draw the form that asks how long throughput that was made elsewhere may go on, as a lease."""
    said = (
        f"{code(name, 63)} goes on as a lease: it is told in this channel, can be asked and made longer there, and is "
        f"deleted at its end. It costs {hour}, as it does now, and counts in the budgets from its start on."
    )
    return modal(
        ADOPTION,
        "Adopt",
        [section(said), _length(""), context(_PRICE)],
        submit="Show the plan",
        metadata=metadata,
    )


def _which_model(models: Sequence[str], chosen: str) -> Block:
    there = list(dict.fromkeys([chosen, *models]))[:SELECT_OPTIONS]
    return field_input(
        "model", "Model", select("model", [option(each, each) for each in there], chosen=chosen)
    )


def _length(initial: str) -> Block:
    return field_input(
        "length",
        "How long",
        text_input("length", initial=initial, placeholder="For instance 90m, 2h or 1h30m"),
        hint="Written as 90m, 2h or 1h30m.",
    )


def sweep_form(
    source: str,
    hyperparameters: Sequence[Hyperparameter],
    chosen: str,
    values: str,
    metadata: str,
    *,
    changes: bool,
) -> Block:
    """Draw the form of a sweep over what ``source`` names; ``changes``: it takes an open plan's place."""
    ranges = "\n".join(
        f"{label_of(each.name)}: {each.text(each.minimum)} to {each.text(each.maximum)}, "
        f"usually {each.text(each.default)}"
        for each in hyperparameters
    )
    options = [option(label_of(each.name), each.name) for each in hyperparameters]
    return modal(
        SWEEP,
        "Change the sweep" if changes else "Plan a sweep",
        [
            section(f"{code(source)} is trained once with each value."),
            field_input(
                "hyperparameter", "What to vary", select("hyperparameter", options, chosen=chosen or None)
            ),
            field_input(
                "values",
                "Values",
                text_input("values", initial=values, placeholder="For instance 2, 4, 6"),
                hint="Two or more, with commas between.",
            ),
            context(ranges),
            context(_INSTEAD if changes else _PRICE),
        ],
        submit="Show the plan",
        metadata=metadata,
    )


def distillation_form(
    prompts: str, teacher: str, base: str, max_tokens: int, system: str, metadata: str
) -> Block:
    """Draw the form of an open plan of a distillation, filled with what it has."""
    teachers = [option(each.label, each.name) for each in TEACHERS.values()]
    bases = [option(f"{each.label} ({each.region})", each.name) for each in PROFILES.values()]
    prompt = text_input("system", initial=system) | {"multiline": True}
    return modal(
        DISTILLATION,
        "Change the plan",
        [
            section(f"Prompts: {code(prompts)}"),
            field_input("teacher", "Who answers", select("teacher", teachers, chosen=teacher)),
            field_input("profile", "Dataset for", select("profile", bases, chosen=base)),
            field_input(
                "max_tokens",
                "Longest answer",
                text_input("max_tokens", initial=str(max_tokens)),
                hint="In tokens; it is what an answer can cost at most.",
            ),
            field_input(
                "system",
                "System prompt",
                prompt,
                hint="For prompts that have none of their own.",
                optional=True,
            ),
            context(_INSTEAD),
        ],
        submit="Show the plan",
        metadata=metadata,
    )
