"""The form that starts a job. What is filled in comes back by the names of the blocks."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC

from bot.datasets.model import Dataset, referred
from bot.jobs.model import HyperparameterField, StartDefaults
from bot.profiles import registry
from bot.profiles.hyperparameters import label_of
from bot.profiles.registry import PROFILES
from handlers.ui import limits
from handlers.ui.blocks import (
    Block,
    Element,
    context,
    field_input,
    modal,
    option,
    section,
    select,
    text_input,
)
from handlers.ui.text import code, count, plain

START = "start"
BASE_CHANGED = "start.base"
"""The action of choosing another base model, which changes the hyperparameters."""
VALIDATION_CHANGED = "start.validation"
"""The action of choosing a validation dataset, without which some hyperparameters do nothing."""
MOST_OPTIONS = 100
"""What Slack takes in a select."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the selects of the start form offer, and what is chosen of it."""

    datasets: Sequence[Dataset]
    validation_datasets: Sequence[Dataset]
    dataset: str | None
    validation_dataset: str | None = None
    models: Sequence[str] = ()
    """Models made from the chosen base, which can be trained further."""
    base_model: str | None = None


def hyperparameter_block(profile: str, name: str) -> str:
    """Return the block of a hyperparameter. It names the base, so that another base's values do not stay behind."""
    return f"hyperparameter.{profile}.{name}"


def start_form(defaults: StartDefaults, choices: Choices, metadata: str) -> Block:
    """Draw the form of ``/tune start``; of a dataset that the base does not read, what makes a copy that it does."""
    chosen = next((each for each in choices.datasets if each.id == choices.dataset), None)
    if chosen is not None and not is_read_by(chosen, defaults.profile):
        return _conversion_form(chosen, defaults.profile, choices, metadata)
    return modal(
        START,
        "Start a job",
        [
            _dataset_select("dataset", "Training dataset", choices.datasets, chosen=choices.dataset),
            field_input("profile", "Base model", base_select(BASE_CHANGED, defaults.profile), dispatch=True),
            *([context("\n".join(plain(note) for note in defaults.notes))] if defaults.notes else []),
            field_input("job_name", "Job name", text_input("job_name", initial=defaults.job_name)),
            field_input(
                "model_name",
                "Model name",
                text_input("model_name", initial=defaults.model_name),
                hint="People ask it by this name, for instance /ask claims-router.",
            ),
            *_validation(defaults, choices),
            *(
                _hyperparameter(defaults.profile, each)
                for each in defaults.hyperparameters
                if choices.validation_dataset or not each.needs_validation
            ),
            *_further(choices),
            context("The plan with its price comes next. Nothing is spent yet."),
        ],
        submit="Show the plan",
        metadata=metadata,
    )


def is_read_by(dataset: Dataset, profile: str) -> bool:
    """Whether a dataset is written as the base model reads it."""
    return dataset.report.format == registry.get(profile).record_format


def _conversion_form(chosen: Dataset, profile: str, choices: Choices, metadata: str) -> Block:
    base, made_for = registry.get(profile).label, registry.get(chosen.report.profile).label
    return modal(
        START,
        "Start a job",
        [
            _dataset_select("dataset", "Training dataset", choices.datasets, chosen=choices.dataset),
            field_input("profile", "Base model", base_select(BASE_CHANGED, profile), dispatch=True),
            section(
                f"{code(chosen.name)} is written for {plain(made_for)}. I convert a copy for {plain(base)}; a job "
                "starts from its verdict. The original stays as it is."
            ),
            context("Nothing is spent yet."),
        ],
        submit="Convert a copy",
        metadata=metadata,
    )


def _hyperparameter(profile: str, field: HyperparameterField) -> Block:
    return field_input(
        hyperparameter_block(profile, field.name),
        label_of(field.name),
        text_input("value", initial=field.value),
        hint=f"{field.meaning} {field.range_text}. Bedrock calls it {field.name}.",
        optional=True,
    )


def _validation(defaults: StartDefaults, choices: Choices) -> list[Block]:
    if not defaults.validation_allowed or not choices.validation_datasets:
        return []
    return [
        _dataset_select(
            "validation_dataset",
            "Validation dataset",
            choices.validation_datasets,
            chosen=choices.validation_dataset,
            optional=True,
            action_id=VALIDATION_CHANGED,
        )
    ]


def _further(choices: Choices) -> list[Block]:
    if not choices.models:
        return []
    options = [option(each[:75], each) for each in choices.models[:MOST_OPTIONS]]
    element = select("base_model", options, chosen=choices.base_model, placeholder="The base itself")
    hint = "Begins with what that model has learned. Leave it empty to begin with the base."
    return [field_input("base_model", "Train a model further", element, hint=hint, optional=True)]


def _dataset_select(
    block_id: str,
    label: str,
    datasets: Sequence[Dataset],
    *,
    chosen: str | None = None,
    optional: bool = False,
    action_id: str = "",
) -> Block:
    """Return the select; with an ``action_id`` of its own a choice is told at once."""
    values = {each.id: _value(each) for each in datasets}
    options = [
        option(label, values[each.id]) for each, label in zip(datasets, _labels(datasets), strict=True)
    ]
    chosen = chosen and values.get(referred(chosen)[0], chosen)
    return field_input(
        block_id,
        label,
        select(action_id or block_id, options, chosen=chosen, placeholder="Choose a dataset"),
        optional=optional,
        dispatch=bool(action_id),
    )


def _value(dataset: Dataset) -> str:
    """Return what comes back of a choice: the content under the name that was shown, where Slack takes as much."""
    return dataset.reference if len(dataset.reference) <= limits.OPTION_VALUE else dataset.id


def _labels(datasets: Sequence[Dataset]) -> list[str]:
    """Return each by its name; where several share one, with when it came, and its digest where that is the same."""
    labels = [_label(each) for each in datasets]
    for told in (
        lambda each: f"{each.stored_at.astimezone(UTC):%b %-d, %H:%M} UTC",
        lambda each: each.id[:6],
    ):
        several = {label for label, number in Counter(labels).items() if number > 1}
        labels = [
            _label(each, told(each)) if label in several else label
            for each, label in zip(datasets, labels, strict=True)
        ]
    return labels


def _label(dataset: Dataset, more: str = "") -> str:
    tail = f" · {count(dataset.report.records, 'record')}" + (f" · {more}" if more else "")
    return dataset.name[: 75 - len(tail)] + tail


def base_select(action_id: str, chosen: str) -> Element:
    """Return the choice of a base model."""
    options = [option(f"{each.label} ({each.region})", each.name) for each in PROFILES.values()]
    return select(action_id, options, chosen=chosen, placeholder="Choose a base model")
