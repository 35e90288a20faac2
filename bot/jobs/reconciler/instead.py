"""A plan whose base is not open, planned anew on another once its dataset is converted.

The new plan comes into being in the same write in which the old one ends: there are never two of them, nor none.
"""

from collections.abc import Mapping
from dataclasses import replace

from bot.controller.model import Key
from bot.datasets.model import Dataset
from bot.derivations.model import KIND as DERIVATION
from bot.derivations.model import SCHEMA as DERIVATIONS
from bot.errors import Refused
from bot.jobs import drafting
from bot.jobs.context import JobContext
from bot.jobs.dependencies import InsteadDependencies
from bot.jobs.model import JobPlan, Phase
from bot.jobs.record import KIND, SCHEMA, Instead, JobSpec
from bot.jobs.terms import offer
from bot.jobs.transitions import advance
from bot.names import next_free
from bot.profiles import hyperparameters as parameters
from bot.profiles import registry

LOOK = 3.0
"""Seconds until it is looked again whether the dataset is converted: mostly it takes less."""


def go_on(job: JobContext, dependencies: InsteadDependencies) -> bool:
    """Plan it on the other base once that can be; return whether it is still waited for.

    Nothing is planned where the conversion failed, or its copy has errors: that is told where it was converted, and the
    old plan has its way out again.
    """
    wanted = job.spec.instead
    assert wanted is not None, "it is asked for"
    awaited, dataset = converted(dependencies, wanted)
    if awaited:
        return True
    plan = _planned(job, dependencies, wanted, dataset) if dataset else None
    if plan is None:
        dependencies.store.amend(
            job.context.key, SCHEMA.on_documents(lambda spec: replace(spec, instead=None))
        )
        return False
    advance(job.status, Phase.CANCELLED)
    job.status.planned_anew = plan.id
    spec = JobSpec(
        plan=plan,
        asked_at=dependencies.clock.now(),
        thread_ts=job.thread,
        terms=offer(plan, dependencies.prices, dependencies.settings),
    )
    job.save([SCHEMA.wanted(plan.id, spec)])
    return False


def converted(dependencies: InsteadDependencies, wanted: Instead) -> tuple[bool, Dataset | None]:
    """Return whether the conversion is still under way, and the dataset that came of it; None: none has."""
    found = dependencies.store.get(Key(DERIVATION, wanted.conversion))
    status = DERIVATIONS.status_of(found) if found else None
    if status and not (status.told or status.failed):
        return True, None
    made = [copy for each in (status.made if status else ()) if (copy := dependencies.datasets.find(each))]
    return False, next(iter(made), None)


def _planned(
    job: JobContext, dependencies: InsteadDependencies, wanted: Instead, dataset: Dataset
) -> JobPlan | None:
    """Return the plan on the other base, under the old one's names, which are its own; None when there can be none."""
    old, name = job.plan, job.plan.job_name
    while True:
        draft = drafting.Draft(
            dataset=dataset,
            profile=wanted.profile,
            job_name=name,
            model_name=old.model_name,
            hyperparameters=carried(old.hyperparameters, wanted.profile),
            validation=None,
            owner=wanted.by,
            channel=old.channel,
        )
        try:
            plan = drafting.freeze(draft, dependencies.settings, drafting.Taken((), ()))
        except Refused:
            return None
        if dependencies.store.get(Key(KIND, plan.id)) is None:
            return plan
        name = next_free(name, [name])  # that very plan was called off before


def carried(values: Mapping[str, str], profile: str) -> dict[str, str]:
    """Return those of the values that the other base takes, too; it has its defaults for the rest."""
    base, kept = registry.get(profile), dict[str, str]()
    for name, value in values.items():
        hyperparameter = base.hyperparameter(name)
        try:
            if hyperparameter is not None:
                kept[name] = parameters.parse(hyperparameter, value)
        except Refused:
            continue
    return kept
