"""What somebody means by a name: datasets, files, jobs, models; the one rule for all commands that take one."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from bot.datasets.model import Dataset, Role, Verdict
from bot.deployments.model import KIND as DEPLOYMENT
from bot.distillations.cards import DistillationView
from bot.distillations.model import KIND as DISTILLATION
from bot.errors import NotFound, Refused, Unavailable
from bot.jobs.cards import JobList, JobView
from bot.jobs.record import KIND as JOB
from bot.jobs.transitions import NEVER_STARTED
from bot.leases.cards import LeaseView
from bot.leases.model import LEASE
from bot.schedules.model import KIND as SCHEDULE
from bot.serving.cards import ModelLine, ModelList
from bot.uploads.lineage import KnownFile, descends, newest_of
from bot.visibility import is_direct
from bot.wording import quoted
from handlers.arguments import nearest
from handlers.core import CommandContext, Invocation
from handlers.ui.parts.running import Running


def newest(context: CommandContext, limit: int = 50) -> list[Dataset]:
    """Return stored datasets, newest first."""
    return list(context.services.datasets.newest(limit=limit))


def find(context: CommandContext, name_or_id: str, called: str = "") -> Dataset:
    """Return the dataset of that name or ID; ``called``: under which name, where the same bytes have several.

    Where none is called so, the newest copy of such a file is meant (``claims`` finds ``claims.repaired``), and then
    the data of the job or model of that name.

    Raises:
        NotFound: there is none; the hint has the nearest name.
    """
    found = context.services.datasets.find(name_or_id, called)
    if found is not None:
        return found
    known = newest(context)
    copies = [each for each in known if descends(each.name, name_or_id)]
    if copies:
        return max(copies, key=lambda each: each.stored_at)
    if trained_on := data_of(context, name_or_id):
        return trained_on
    meant = nearest(name_or_id, [each.name for each in known])
    hint = (
        f"Did you mean {quoted(meant)}?"
        if meant
        else "`/tune datasets` lists them; drop a JSONL file here to add one."
    )
    raise NotFound(f"There is no dataset {quoted(name_or_id)}.", hint=hint)


def data_of(context: CommandContext, said: str) -> Dataset | None:
    """Return the data that the job or the model of that name was planned with, if it is seen."""
    try:
        plan = context.services.jobs.plan(job_called(context, said))
    except NotFound:
        return None
    return context.services.datasets.find(plan.dataset_id) if plan.dataset_id else None


def file_called(context: CommandContext, invocation: Invocation, name: str) -> KnownFile:
    """Return the file of that name among what the person shared lately, or the newest of its copies.

    It is looked for in this channel's messages and among what was judged lately, threads included; a dataset that is
    called so is the file that it was kept from.

    Raises:
        NotFound: there is none; the hint has the nearest name.
        Refused, Unavailable: this channel cannot be looked through, and nothing that was judged is called so.
    """
    judged = context.services.uploads.lately(invocation.user)
    found = newest_of(judged, name)
    try:
        shared = context.uploads.by(invocation.user, invocation.channel)
    except (Refused, Unavailable):
        if found:
            return found
        raise
    every = [*judged, *shared]
    if found := newest_of(every, name):
        return found
    dataset = context.services.datasets.find(name)
    if dataset and dataset.source.file_id:
        return KnownFile(dataset.source.file_id, dataset.report.file, dataset.stored_at)
    meant = nearest(name, [each.name for each in every])
    hint = (
        f"Did you mean {quoted(meant)}?"
        if meant
        else "Give me the file's link (its menu, *Copy link*), or drop the file here again."
    )
    raise NotFound(f"Among the files that you shared lately none is called {quoted(name)}.", hint=hint)


def newest_file(
    context: CommandContext, invocation: Invocation, may_be: Callable[[Mapping[str, Any]], bool]
) -> KnownFile | None:
    """Return the newest file that the person shared in this channel and whose name says what it may be, or None.

    Raises:
        Refused: the bot may not look there; the hint says what to do.
        Unavailable: Slack did not answer.
    """
    shared = context.uploads.by(invocation.user, invocation.channel)
    return next((each for each in shared if may_be({"name": each.name})), None)


def with_link(context: CommandContext, view: JobView) -> JobView:
    """Return the job with a link to the thread in which it is told, for who reads of it elsewhere."""
    return replace(view, link=context.links.thread(view.channel, view.thread_ts))


def answering_with_link(context: CommandContext, view: DistillationView) -> DistillationView:
    """Return the distillation with a link to the thread in which it is told."""
    return replace(view, link=context.links.thread(view.channel, view.thread_ts) if view.thread_ts else "")


def with_links(context: CommandContext, listed: JobList) -> JobList:
    """Return the list with such links."""
    return replace(listed, views=tuple(with_link(context, each) for each in listed.views))


def running(context: CommandContext, *, lists: bool = True) -> Running:
    """Return all that is bought and runs, as far as the viewer sees it, with links to where it is told.

    ``lists``: whether they may see jobs and distillations; else these are left out.
    """
    services = context.services
    services.directory.read_ahead(LEASE, DEPLOYMENT, SCHEDULE, *([JOB, DISTILLATION] if lists else []))
    leases = [_lease_with_link(context, each) for each in services.leases.live()]
    deployments = [
        replace(each, link=context.links.thread(each.channel, each.thread_ts))
        for each in services.deployments.live()
    ]
    schedules = [
        replace(each, link=context.links.thread(each.channel, each.thread_ts))
        for each in services.schedules.running()
    ]
    if not lists:
        return Running(leases=leases, deployments=deployments, schedules=schedules, is_whole=False)
    jobs = with_links(context, services.jobs.list("running", "")).views
    return Running(
        jobs,
        leases,
        [answering_with_link(context, each) for each in services.distillations.running()],
        deployments,
        schedules,
    )


def _lease_with_link(context: CommandContext, view: LeaseView) -> LeaseView:
    return replace(view, link=context.links.thread(view.channel, view.thread_ts))


def models_with_links(context: CommandContext, listed: ModelList) -> ModelList:
    """Return the models with links to what they are awake by, else to the job that made them, as far as it is seen."""
    jobs = {each.id: each for each in context.services.jobs.list("all", "").views}

    def linked(line: ModelLine) -> ModelLine:
        told = line.lease or line.deployment or jobs.get(line.job_id)
        return replace(line, link=context.links.thread(told.channel, told.thread_ts)) if told else line

    return ModelList(tuple(linked(each) for each in listed.lines))


def dataset_links(context: CommandContext, datasets: Sequence[Dataset]) -> tuple[str, ...]:
    """Return a link to the thread that each dataset came from, in their order; empty where nobody knows it."""
    return tuple(context.links.thread(each.source.channel, each.source.ts) for each in datasets)


def with_role(datasets: list[Dataset], role: Role) -> list[Dataset]:
    """Return those that were checked for that role and are ready."""
    return [each for each in datasets if each.report.role is role and each.report.verdict is Verdict.READY]


def job_called(context: CommandContext, said: str) -> str:
    """Return the ID of the job that is meant: by its name or ID, or by what the model is called that it makes or made.

    Of several jobs for one model the newest that was not called off before it began.

    Raises:
        NotFound: there is none; the hint has the nearest name.
    """
    jobs, wanted = context.services.jobs, bare(said)
    try:
        return jobs.find(wanted).id
    except NotFound:
        model = context.services.directory.typed_model(wanted)
        if model is not None:  # whatever it was called when it was made
            with suppress(NotFound):
                return jobs.find(model.job_id).id
        every = jobs.list("all", context.services.directory.viewer.user).views
        made = [each for each in every if each.model_name.lower() == wanted.lower()]
        if not made:
            raise
        return next((each for each in made if each.phase not in NEVER_STARTED), made[0]).id


def model_called(context: CommandContext, said: str) -> str:
    """Return the name of the model that is meant: by its own, by its lease's ID, or by its job's name or ID.

    What names none is returned as it was said: the service that is asked next has the nearest name.

    Raises:
        Refused: it is a job that has made no model; the hint says how it stands.
    """
    leases, wanted = context.services.leases, bare(said)
    names = {each.name.lower(): each.name for each in context.services.serving.models().lines}
    if wanted.lower() in names:
        return names[wanted.lower()]
    if model := context.services.directory.typed_model(wanted):  # by a former name
        return model.name
    # one may be seen whose model is not shared any more
    live = [(each.id, each.model_name) for each in leases.live()]
    live += [(each.id, each.model_name) for each in context.services.deployments.live()]
    for key, name in live:
        if wanted.lower() in (key, name.lower()):
            return name
    with suppress(NotFound):
        job = context.services.jobs.find(wanted)
        made = context.services.directory.stored_model(job.model_name)
        if made and made.job_id == job.id:  # that name may be another's by now
            return made.name
        raise Refused(
            f"The job {quoted(job.name)} has made no model: it is {job.phase.value}.",
            hint=f"{quoted(f'/tune status {job.name}')} shows how it stands.",
        )
    return wanted


def check_is_no_model_to_be(context: CommandContext, said: str) -> None:
    """Return when no job that runs is called so, or makes a model of that name: another would answer in its place.

    Raises:
        Refused: one does; the hint says how to follow it.
    """
    wanted = bare(said).lower()
    for each in context.services.jobs.list("running", "").views:
        if wanted in (each.name.lower(), each.model_name.lower()):
            raise Refused(
                f"{quoted(each.model_name)} cannot be asked yet: it is still being made.",
                hint=f"{quoted(f'/tune status {each.name}')} shows how far it is.",
            )


def model_of_job(context: CommandContext, said: str) -> str | None:
    """Return the model that the job of that name has made; None when it is no job's name, or has made none."""
    try:
        found = model_called(context, said)
    except Refused:
        return None
    names = {each.name for each in context.services.serving.models().lines}
    return found if found in names else None


def bare(said: str) -> str:
    """Return a name without what people put around it."""
    return said.strip().strip("`\"'").strip()


def distillation(context: CommandContext, name_or_id: str) -> DistillationView | None:
    """Return the distillation of that name or ID, or None: then a job may be meant."""
    try:
        return context.services.distillations.find(bare(name_or_id))
    except NotFound:
        return None


def where_asked(context: CommandContext, name: str) -> str:
    """Return the channel that a model came from: there it is asked from a place that is no conversation.

    Raises:
        NotFound: they see no such model.
        NotAllowed: the operator has not opened that channel, or they may not ask there.
        Refused: they cannot see it, or it is a direct message, or the model does not answer there.
    """
    directory = context.services.directory
    model = directory.stored_model(name)
    if model is None:
        raise NotFound(
            f"There is no model {quoted(name[:60])}.", hint="`/tune models` shows which there are."
        )
    if is_direct(model.channel) or not directory.sight.sees_channel(model.channel):
        raise Refused(
            f"{quoted(name)} was made in a conversation that I cannot answer you in from here.",
            hint=f"Write `/ask {name} QUESTION` where it answers.",
        )
    directory.check_answers(model, model.channel)
    context.services.access.check_channel(model.channel)
    context.services.access.check_asker(directory.viewer.user, model.channel)
    return model.channel
