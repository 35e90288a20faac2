"""The form that starts a job."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from bot.controller.model import Key, Message
from bot.datasets.model import Dataset, Role
from bot.errors import NotFound
from bot.jobs.ending import EPOCHS
from bot.jobs.model import JobPlan, StartDefaults
from bot.jobs.record import KIND
from bot.profiles import registry
from handlers.actions.derivations import AGAIN
from handlers.core import CommandContext, Invocation, Nothing, Open, Reply, Say, Who, check_person, say
from handlers.form import UNCHANGED, Accepted, Next, Outcome, View, blocks_of, filled, redrawn, where_opened
from handlers.lookup import find, newest, with_role
from handlers.metadata import Opened
from handlers.ui.blocks import actions, button, section
from handlers.ui.cards.datasets import label_of
from handlers.ui.forms.start import START, Choices, hyperparameter_block, is_read_by, start_form
from handlers.ui.text import code

_PREFIX = "hyperparameter."


def open_form(
    invocation: Invocation, context: CommandContext, name: str | None, profile: str | None = None
) -> Reply:
    """Return the form, filled from the dataset of that name or ID; without one, from the newest that is ready.

    Raises:
        NotFound: there is no such dataset; or what was named is a base model that is not open to fine-tuning.
    """
    chosen = _named(context, name) if name else None
    ready = with_role(newest(context), Role.TRAINING)
    if chosen is None and not ready:
        return say(
            "There is no dataset yet that a job could start from. Drop a `.jsonl` file into a channel "
            "that I am in; when its verdict is ready, start from there."
        )
    dataset = chosen or ready[0]
    if not invocation.trigger_id:
        return _offered(code(dataset.name), "dataset.start", dataset.reference)
    defaults = context.services.jobs.defaults(dataset, profile)
    where = _opened(invocation, dataset.source.channel)
    return Open(start_form(defaults, _choices(context, dataset, defaults), where.dump()))


def _named(context: CommandContext, name: str) -> Dataset:
    try:
        return find(context, name)
    except NotFound:
        registry.check_open(name)  # somebody may have named what they want to tune
        raise


def open_again(invocation: Invocation, context: CommandContext, job: str, epochs: int | None) -> Reply:
    """Return the form, filled from an earlier job's plan, with another number of epochs if one is given.

    Raises:
        NotFound: there is no such job, or its dataset is gone.
    """
    plan = context.services.jobs.plan(job)
    dataset = find(context, plan.dataset_id, plan.dataset_name)
    if not invocation.trigger_id:
        return _offered(code(plan.job_name), "job.again", f"{job} {epochs or ''}".strip())
    values = {**plan.hyperparameters, **({EPOCHS: str(epochs)} if epochs else {})}
    where = _opened(invocation, plan.channel)
    return _filled(context, plan, dataset, context.services.jobs.defaults_again(plan, dataset), values, where)


def open_change(invocation: Invocation, context: CommandContext, plan_id: str) -> Reply:
    """Return the form, filled from an open plan with its names too: what comes of it takes that plan's place.

    Raises:
        NotFound: there is no such plan, or its dataset is gone.
        NotAllowed: they may not start it.
        Refused: it was decided already.
    """
    context.services.votes.check_open(Key(KIND, plan_id), invocation.user)
    plan = context.services.jobs.plan(plan_id)
    dataset = find(context, plan.dataset_id, plan.dataset_name)
    defaults = replace(
        context.services.jobs.defaults(dataset, plan.profile),
        job_name=plan.job_name,
        model_name=plan.model_name,
    )
    where = replace(_opened(invocation, plan.channel), changes=plan_id)
    return _filled(context, plan, dataset, defaults, plan.hyperparameters, where)


def _filled(
    context: CommandContext,
    plan: JobPlan,
    dataset: Dataset,
    defaults: StartDefaults,
    values: Mapping[str, str],
    where: Opened,
) -> Reply:
    filled_in = tuple(replace(each, value=values.get(each.name, "")) for each in defaults.hyperparameters)
    choices = replace(
        _choices(context, dataset, defaults),
        validation_dataset=plan.validation_dataset_id,
        base_model=plan.base_model_name,
    )
    return Open(start_form(replace(defaults, hyperparameters=filled_in), choices, where.dump()))


def _offered(what: str, action_id: str, value: str) -> Reply:
    """Return the button that opens the form, for whoever asked by a message: Slack opens forms after presses only."""
    said = f"The form for {what} opens here. Nothing is spent by it: the plan with its price comes next."
    press = button("Open the form", action_id, value, style="primary")
    return Say(Message(text=said, blocks=[section(said), *actions(press)]))


def _opened(invocation: Invocation, otherwise: str) -> Opened:
    """Return where the plan is to be shown: where it was asked for, in a thread the thread; else in that channel."""
    if not invocation.channel:
        return Opened(channel=otherwise)
    return Opened(channel=invocation.channel, thread_ts=invocation.thread_ts)


def change_base(invocation: Invocation, view: Mapping[str, Any], context: CommandContext) -> Reply:
    """Draw the open form anew with the hyperparameters of the base model that was chosen."""
    return _drawn_anew(view, context, invocation.value)


def change_validation(view: Mapping[str, Any], context: CommandContext) -> Reply:
    """Draw the open form anew: with a validation dataset there is more to set."""
    return _drawn_anew(view, context, filled(view).get("profile"))


def _drawn_anew(view: Mapping[str, Any], context: CommandContext, profile: str | None) -> Reply:
    values = filled(view)
    dataset = find(context, values["dataset"]) if "dataset" in values else None
    defaults = context.services.jobs.defaults(dataset, profile)
    choices = replace(
        _choices(context, dataset, defaults), validation_dataset=values.get("validation_dataset")
    )
    drawn = start_form(defaults, choices, str(view.get("private_metadata", "")))
    return redrawn(view, drawn)


def _choices(context: CommandContext, dataset: Dataset | None, defaults: StartDefaults) -> Choices:
    """Return what the selects offer; the dataset that is chosen is always among them."""
    profile = defaults.profile
    datasets = newest(context)
    ready = _once(with_role(datasets, Role.TRAINING), dataset)
    made = [each.name for each in context.services.serving.models().lines if each.base == profile]
    further = made if registry.get(profile).further_tuning else []
    held_back = _once(with_role(datasets, Role.VALIDATION))
    return Choices(
        ready, held_back, dataset.id if dataset else None, defaults.validation_dataset, models=further
    )


def _once(datasets: Sequence[Dataset], chosen: Dataset | None = None) -> list[Dataset]:
    """Return each content once, under its newest name; what is ``chosen`` is among them, under the name it came by."""
    once: dict[str, Dataset] = {}
    for each in datasets:
        once.setdefault(each.id, each)
    if chosen is None:
        return [*once.values()]
    if chosen.id not in once:
        return [chosen, *once.values()]
    return [*(once | {chosen.id: chosen}).values()]


def submit(invocation: Invocation, view: Mapping[str, Any], context: CommandContext) -> Outcome:
    """Freeze the plan and have it priced and shown."""
    where = Opened.of(view)
    values = filled(view)
    jobs = context.services.jobs
    chosen, profile = _chosen(context, values), values.get("profile", "")
    if chosen is not None and profile in registry.PROFILES and not is_read_by(chosen, profile):
        return _converted(invocation, context, chosen, profile, where)
    if chosen is not None and "job_name" not in values:  # another dataset was chosen where a copy was offered
        defaults = jobs.defaults(chosen, values.get("profile"))
        return Next(start_form(defaults, _choices(context, chosen, defaults), where.dump()))

    def draft() -> JobPlan:
        return jobs.draft(
            dataset=values.get("dataset", ""),
            profile=values.get("profile", ""),
            job_name=values.get("job_name", ""),
            model_name=values.get("model_name", ""),
            hyperparameters=_hyperparameters(values),
            validation_dataset=values.get("validation_dataset"),
            base_model=values.get("base_model"),
            owner=invocation.user,
            channel=where.channel,
            taken=jobs.taken(but=where.changes),
        )

    if where.changes:
        if draft().id == where.changes:
            return Accepted(where_opened(invocation, where), UNCHANGED)
        # Once what is filled in holds: with the plan called off, nobody starts both of them.
        context.services.votes.make_way(Key(KIND, where.changes), invocation.user)
    jobs.propose_drafted(draft, thread_ts=where.thread_ts)
    return Accepted(where_opened(invocation, where), Nothing())  # the plan is the answer


def _chosen(context: CommandContext, values: Mapping[str, str]) -> Dataset | None:
    """Return the training dataset that was chosen; None where nobody knows it, which the draft says at its field."""
    with suppress(NotFound):
        return find(context, values.get("dataset", ""))
    return None


def _converted(
    invocation: Invocation, context: CommandContext, dataset: Dataset, profile: str, where: Opened
) -> Outcome:
    """Have a copy made that the base reads: its verdict comes with what starts a job."""
    check_person(Who.CONTRIBUTOR, context.services.access, invocation.user, where.channel)
    began = context.services.derivations.convert(
        dataset,
        profile,
        channel=where.channel,
        thread_ts=where.thread_ts,
        user=invocation.user,
        asked_in="" if where.thread_ts else invocation.request,
    )
    said = (
        f"I am converting {code(dataset.name)} for {label_of(profile)}; the copy and its verdict follow here."
    )
    stays = " The plan stays as it is." if where.changes else ""
    return Accepted(where_opened(invocation, where), say(f"{said}{stays}" if began else AGAIN))


def _hyperparameters(values: Mapping[str, str]) -> dict[str, str]:
    prefix = f"{_PREFIX}{values.get('profile', '')}."
    return {block[len(prefix) :]: text for block, text in values.items() if block.startswith(prefix)}


def block_of(view: Mapping[str, Any], field: str) -> str | None:
    """Return the block of a field; a hyperparameter's is that of the base model that is chosen."""
    there = blocks_of(view)
    wanted = (field, hyperparameter_block(filled(view).get("profile", ""), field))
    return next((each for each in wanted if each in there), None)


VIEW = View(callback_id=START, submit=submit, block_of=block_of)
