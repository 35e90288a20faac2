"""A sweep whose base is not open, planned anew on another once its dataset is converted: as a job's plan is.

The new one comes into being in the same write in which the old one ends.
"""

from dataclasses import replace

from bot.controller.model import Key, Registration
from bot.datasets.model import Dataset
from bot.errors import Refused
from bot.jobs import drafting
from bot.jobs.dependencies import InsteadDependencies
from bot.jobs.model import JobPlan
from bot.jobs.reconciler.instead import carried, converted
from bot.jobs.record import KIND as JOB
from bot.jobs.record import Instead
from bot.names import suggest
from bot.profiles import registry
from bot.sweeps.model import KIND, SCHEMA, SweepPhase, SweepSpec, SweepStatus, advance
from bot.sweeps.purchase import SweepPurchase
from bot.sweeps.variants import Standing, varied


def go_on(
    key: Key, spec: SweepSpec, status: SweepStatus, thread_ts: str | None, dependencies: InsteadDependencies
) -> tuple[bool, tuple[Registration, ...]]:
    """Plan it on the other base once that can be; return whether it is waited for, and what is to be registered.

    Where nothing comes of it, the old one has its way out again.
    """
    wanted = spec.instead
    assert wanted is not None, "it is asked for"
    awaited, dataset = converted(dependencies, wanted)
    if awaited:
        return True, ()
    anew = _planned(spec, wanted, dataset, thread_ts, dependencies) if dataset else None
    if anew is None or dependencies.store.get(Key(KIND, anew.id)):
        dependencies.store.amend(key, SCHEMA.on_documents(lambda now: replace(now, instead=None)))
        return False, ()
    advance(status, SweepPhase.CANCELLED)
    status.planned_anew = anew.id
    return False, (SCHEMA.wanted(anew.id, anew),)


def _planned(
    old: SweepSpec,
    wanted: Instead,
    dataset: Dataset,
    thread_ts: str | None,
    dependencies: InsteadDependencies,
) -> SweepSpec | None:
    """Return the sweep on the other base; None where that has no such setting, or takes not all of these values."""
    base, now = registry.get(wanted.profile), dependencies.clock.now()
    if base.hyperparameter(old.hyperparameter) is None:
        return None
    name = suggest(dataset.name, (), now)
    values = [
        *(each.hyperparameters[old.hyperparameter] for each in old.plans),
        *(each.value for each in old.left_out),
    ]
    draft = drafting.Draft(
        dataset=dataset,
        profile=base.name,
        job_name=name,
        model_name=name,
        hyperparameters=carried(old.first.hyperparameters, base.name),
        validation=None,
        owner=wanted.by,
        channel=old.first.channel,
    )

    def look(plan: JobPlan) -> Standing:
        return Standing.FREE if dependencies.store.get(Key(JOB, plan.id)) is None else Standing.TAKEN

    try:
        plan = drafting.freeze(draft, dependencies.settings, drafting.Taken((), ()))
        plans, left_out = varied(plan, old.hyperparameter, values, look)
    except Refused:
        return None
    spec = SweepSpec(
        old.hyperparameter,
        plans,
        None,
        "",
        own_is_fine=False,
        asked_at=now,
        thread_ts=thread_ts,
        left_out=left_out,
        source=dataset.id,
    )
    return SweepPurchase(dependencies.prices, dependencies.settings).offered_anew(spec)
