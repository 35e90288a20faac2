"""From what a person filled in to a frozen plan, or to the field that is wrong and why."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.datasets.model import Dataset, Verdict
from bot.errors import BadField, Misconfigured, NotAllowed, NotFound, Refused
from bot.jobs.model import HyperparameterField, JobPlan, JobSettings, StartDefaults
from bot.models.model import CustomModel
from bot.names import cannot_be_had, next_free, suggest
from bot.profiles import hyperparameters as parameters
from bot.profiles import registry
from bot.profiles.model import Hyperparameter, Profile
from bot.profiles.service_patterns import JOB_NAME, MODEL_NAME, ROLE_ARN, S3_URI, ServicePattern
from bot.wording import quoted


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person filled in, with the datasets already looked up."""

    dataset: Dataset
    profile: str
    job_name: str
    model_name: str
    hyperparameters: Mapping[str, str]
    validation: Dataset | None
    owner: str
    channel: str
    base: CustomModel | None = None
    """The custom model to train further, in the base's place."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Names that cannot be had any more. ``aliases`` are those of ``models`` that are aliases which the viewer sees."""

    jobs: Collection[str]
    models: Collection[str]
    aliases: Collection[str] = ()


def freeze(draft: Draft, settings: JobSettings, taken: Taken) -> JobPlan:
    """Return the plan.

    Raises:
        BadField: the field that is wrong (``profile``, ``dataset``, ``job_name``, ``model_name``,
            ``validation_dataset``, ``base_model`` or a hyperparameter's own name), with what it takes.
        Misconfigured: no role or bucket is set for the base's region.
    """
    profile = _profile(draft.profile)
    values = _hyperparameters(profile, draft.hyperparameters)
    training_uri = _usable(draft.dataset, profile, "dataset")
    _check_training(draft.dataset, profile)
    validation_uri = _validation(draft, profile)
    statistics = draft.dataset.report.statistics
    return JobPlan(
        profile=profile.name,
        base_model_id=_base(draft.base, profile),
        region=profile.region,
        job_name=_name("job_name", JOB_NAME, draft.job_name, taken.jobs),
        model_name=_name("model_name", MODEL_NAME, draft.model_name, taken.models, taken.aliases),
        role_arn=_role(settings),
        dataset_id=draft.dataset.id,
        dataset_name=draft.dataset.name,
        dataset_sha256=draft.dataset.report.sha256,
        training_uri=training_uri,
        output_uri=_output(settings, profile),
        hyperparameters=values,
        records=statistics.records,
        tokens=statistics.tokens.total,
        owner=draft.owner,
        channel=draft.channel,
        system_prompt=statistics.common_system_prompt,
        validation_dataset_id=draft.validation.id if draft.validation else None,
        validation_uri=validation_uri,
        validation_records=draft.validation.report.records if draft.validation else None,
        base_model_name=draft.base.name if draft.base else None,
    )


class Drafts(Protocol):
    """What makes a draft of which only the validation set is open."""

    def __call__(self, *, validation_dataset: str | None) -> JobPlan:
        """Return the draft with that validation set. Raises as ``freeze`` does."""


def held_against(validation: str | None, draft: Drafts) -> JobPlan:
    """Return the draft with a validation set that nobody has named, without it where that cannot be had or be shown.

    Raises:
        NotAllowed: the person or the channel may not.
        Refused: it cannot be planned without a validation set either.
    """
    try:
        return draft(validation_dataset=validation)
    except NotAllowed:
        raise
    except Refused:
        return draft(validation_dataset=None)


def defaults(dataset: Dataset | None, profile: Profile, taken: Taken, today: datetime) -> StartDefaults:
    """Return what the form is filled with: free names made from the dataset's, every value at its default."""
    stem = dataset.name if dataset else profile.name
    name = suggest(stem, {*taken.jobs, *taken.models}, today)
    return StartDefaults(
        profile=profile.name,
        job_name=name,
        model_name=name,
        hyperparameters=tuple(_field(each) for each in profile.hyperparameters),
        validation_allowed=profile.limits.validation_allowed,
        notes=profile.notes,
    )


def names_again(plan: JobPlan, taken: Taken) -> tuple[str, str]:
    """Return the free names of another run's job and model, which tell whose run it is."""
    return next_free(plan.job_name, taken.jobs), next_free(plan.model_name, taken.models)


def _field(each: Hyperparameter) -> HyperparameterField:
    range_text = (
        f"{each.text(each.minimum)} to {each.text(each.maximum)}, {'whole' if each.integer else 'decimal'}; "
        f"default {each.text(each.default)}"
    )
    meaning = f"{each.meaning[0].upper()}{each.meaning[1:]}."
    return HyperparameterField(each.name, each.text(each.default), range_text, meaning, each.needs_validation)


def _base(model: CustomModel | None, profile: Profile) -> str:
    """Return what is trained: the base itself, or a model that was made from it."""
    if model is None:
        return profile.training_id
    if model.profile != profile.name:
        raise BadField(
            "base_model",
            f"{quoted(model.name)} was made from {registry.get(model.profile).label}, not from {profile.label}.",
            hint=f"Choose {quoted(model.profile)} as the base model, or another model.",
        )
    if not profile.further_tuning:
        raise BadField(
            "base_model",
            f"Models made from {profile.label} cannot be trained further.",
            hint="Leave it empty.",
        )
    return model.arn


def _profile(name: str) -> Profile:
    try:
        return registry.get(name)
    except NotFound as error:
        raise BadField("profile", error.message, hint=error.hint) from None


def _hyperparameters(profile: Profile, given: Mapping[str, str]) -> dict[str, str]:
    filled = {name: text for name, text in given.items() if text.strip()}
    for name, text in filled.items():
        try:
            parameters.resolve(profile, {name: text})
        except Refused as error:
            raise BadField(name, error.message, hint=error.hint) from None
    return parameters.resolve(profile, filled)


def _name(
    field: str, rule: ServicePattern, value: str, taken: Collection[str], aliases: Collection[str] = ()
) -> str:
    try:
        name = rule.check(value.strip())
    except Refused as error:
        raise BadField(field, error.message, hint=error.hint) from None
    # Whatever its case: people type names as they remember them, and two that differ by that are one to them.
    if name.lower() in {each.lower() for each in taken}:
        is_alias = name.lower() in {each.lower() for each in aliases}
        why = f"{quoted(name)} is an alias." if is_alias else cannot_be_had(name)
        raise BadField(field, why, hint=f"{quoted(next_free(name, taken))} is free.")
    return name


def _usable(dataset: Dataset, profile: Profile, field: str) -> str:
    """Return the dataset's address in the base's region; refuse one that Bedrock would refuse."""
    report = dataset.report
    again = f"Validate it with `/tune validate {dataset.source.file_id} for {profile.name}`."
    if report.format != profile.record_format:
        raise BadField(
            field,
            f"{quoted(dataset.name)} is not written as {profile.label} reads it.",
            hint=f"`/tune convert {dataset.name} for {profile.name}` makes a copy of it that is.",
        )
    if not _judged_for(dataset, profile):
        raise BadField(
            field,
            f"{quoted(dataset.name)} was checked for {registry.get(report.profile).label}, whose limits differ.",
            hint=again,
        )
    if report.verdict is not Verdict.READY:
        raise BadField(
            field, f"{quoted(dataset.name)} has {report.tally}.", hint="Repair it first, then start."
        )
    uri = dataset.locations.get(profile.region)
    if uri is None:
        raise BadField(field, f"{quoted(dataset.name)} is not stored in {profile.region} yet.", hint=again)
    try:
        return S3_URI.check(uri)
    except Refused as error:
        raise BadField(field, error.message, hint=error.hint) from None


def _judged_for(dataset: Dataset, profile: Profile) -> bool:
    """A report holds for another base when that one has the same limits and reserved text."""
    judged = registry.get(dataset.report.profile)
    return judged.name == profile.name or (
        judged.limits == profile.limits and judged.reserved_text == profile.reserved_text
    )


def _check_training(dataset: Dataset, profile: Profile) -> None:
    records, limits = dataset.report.records, profile.limits
    if not limits.min_records <= records <= limits.max_training_records:
        raise BadField(
            "dataset",
            f"{quoted(dataset.name)} has {records} records.",
            hint=f"{profile.label} trains on {limits.min_records} to {limits.max_training_records}.",
        )


def _validation(draft: Draft, profile: Profile) -> str | None:
    field, validation, limits = "validation_dataset", draft.validation, profile.limits
    if validation is None:
        return None
    if not limits.validation_allowed:
        raise BadField(field, f"{profile.label} takes no validation dataset.", hint="Leave the field empty.")
    if validation.report.sha256 == draft.dataset.report.sha256:
        raise BadField(
            field,
            "That is the training dataset itself, so it would prove nothing.",
            hint="Choose records that are not trained on.",
        )
    uri = _usable(validation, profile, field)
    records = validation.report.records
    if limits.max_validation_records is not None and records > limits.max_validation_records:
        most = limits.max_validation_records
        raise BadField(
            field, f"{quoted(validation.name)} has {records} records.", hint=f"At most {most} are taken."
        )
    total = records + draft.dataset.report.records
    if total > limits.max_total_records:
        raise BadField(
            field,
            f"Training and validation have {total} records together.",
            hint=f"{profile.label} takes at most {limits.max_total_records}.",
        )
    return uri


def _role(settings: JobSettings) -> str:
    if not settings.role_arn:
        raise Misconfigured("No role is set for Bedrock.", hint="The operator sets TUNESMITH_ROLE_ARN.")
    return ROLE_ARN.check(settings.role_arn)


def _output(settings: JobSettings, profile: Profile) -> str:
    bucket = settings.buckets.get(profile.region)
    if not bucket:
        raise Misconfigured(
            f"No bucket is set for {profile.region}, where {profile.label} is tuned.",
            hint=f"The operator adds {quoted(f'{profile.region}=BUCKET')} to TUNESMITH_BUCKETS.",
        )
    return S3_URI.check(f"s3://{bucket}/jobs/")
