"""The durable kinds of jobs: the job itself, and the poll that looks at all those of a region."""

from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Protocol

from bot.clock import Clock
from bot.controller.context import Reconciler
from bot.controller.kind import Called, Kind, Sources
from bot.controller.model import Document
from bot.controller.outbox.effects import OUTBOX
from bot.controller.outbox.files import FILES
from bot.controller.outbox.messages import Outbox
from bot.controller.ports import Renderer, ResourceStore
from bot.controller.schema import OfRegion
from bot.controller.shared_files import SharedFiles
from bot.datasets.service import Datasets
from bot.datasets.workers import Workers
from bot.jobs import poll
from bot.jobs.cards import JobRecovered, ModelRecovered
from bot.jobs.context import Cadence, JobDependencies
from bot.jobs.model import JobSettings
from bot.jobs.model_recovery import KEEP_FOUND_MODEL, LostModels
from bot.jobs.overlap import Overlap
from bot.jobs.poll import PUT_OBSERVATIONS, PollReconciler
from bot.jobs.ports import (
    AccountChecks,
    CurvePainter,
    Customization,
    JobHistory,
    JobResults,
    Observations,
    Pins,
)
from bot.jobs.purchase import JobPurchase
from bot.jobs.recent_runs import KEEP_RUN, RecentRuns, RecentRunsDependencies
from bot.jobs.reconciler.creation import CREATE
from bot.jobs.reconciler.end_messages import PIN
from bot.jobs.reconciler.ending import KEEP_MODEL
from bot.jobs.reconciler.followers import TELL_FOLLOWERS
from bot.jobs.reconciler.following import STOP
from bot.jobs.reconciler.job import JobReconciler
from bot.jobs.record import SCHEMA, JobSpec, JobStatus, sources_of
from bot.jobs.recovery import LostJobs
from bot.models.ports import ModelRepository
from bot.notifications.quiet_hours import QuietHours
from bot.pricing.book import PriceBook
from bot.spending.archive import KEEP_PLAN, PlanKeeper
from bot.spending.budget_service import BudgetService
from bot.spending.comparing import Looks, Recovery
from bot.spending.reservation import SPENDING
from bot.visibility import ChannelMemberships


def _sources(spec: Document) -> Sources:
    return sources_of(spec["plan"])


class Needs(Protocol):
    """What jobs are followed with. ``stall_after`` is how long a stage may stand still before there is a history."""

    customization: Customization
    account: AccountChecks
    models: ModelRepository
    observations: Observations
    store: ResourceStore
    prices: PriceBook
    outbox: Outbox
    renderer: Renderer
    clock: Clock
    settings: JobSettings
    cadence: Cadence
    budget_service: BudgetService
    plans: PlanKeeper
    datasets: Datasets
    folder: Path
    workers: Workers
    results: JobResults
    history: JobHistory
    painter: CurvePainter
    files: SharedFiles
    pins: Pins
    quiet_hours: QuietHours
    memberships: ChannelMemberships
    stall_after: timedelta


class PollNeeds(Protocol):
    """What a region's jobs are listed with."""

    customization: Customization
    observations: Observations
    store: ResourceStore
    clock: Clock
    random: Random
    cadence: Cadence


def dependencies(ports: Needs) -> JobDependencies:
    """Return what a job's reconciler works with, and those of what becomes jobs."""
    return JobDependencies(
        customization=ports.customization,
        account=ports.account,
        models=ports.models,
        observations=ports.observations,
        store=ports.store,
        prices=ports.prices,
        outbox=ports.outbox,
        renderer=ports.renderer,
        clock=ports.clock,
        settings=ports.settings,
        cadence=ports.cadence,
        after=_recent_runs(ports),
        datasets=ports.datasets,
        overlap=Overlap(ports.datasets, ports.folder, ports.workers),
        budget_service=ports.budget_service,
        plans=ports.plans,
    )


def _recent_runs(ports: Needs) -> RecentRunsDependencies:
    return RecentRunsDependencies(
        results=ports.results,
        runs=RecentRuns(ports.history, ports.clock),
        painter=ports.painter,
        files=ports.files,
        pins=ports.pins,
        quiet_hours=ports.quiet_hours,
        memberships=ports.memberships,
        stall_after=ports.stall_after,
    )


def _job(ports: Needs) -> Reconciler[JobSpec, JobStatus]:
    return JobReconciler(dependencies(ports))


def _poll(ports: PollNeeds) -> Reconciler[OfRegion, poll.PollStatus]:
    return PollReconciler(
        ports.customization, ports.observations, ports.store, ports.clock, ports.random, ports.cadence.poll
    )


class RecoveryNeeds(Protocol):
    """What forgotten jobs and models are found with."""

    customization: Customization
    models: ModelRepository
    store: ResourceStore
    plans: PlanKeeper
    prices: PriceBook
    settings: JobSettings
    clock: Clock


def _lost_jobs(ports: RecoveryNeeds) -> Looks:
    return LostJobs(ports.customization, ports.store, ports.plans, ports.prices, ports.settings, ports.clock)


def _lost_models(ports: RecoveryNeeds) -> Looks:
    return LostModels(ports.customization, ports.models, ports.store, ports.plans, ports.settings.bot)


KINDS = (
    Kind(
        schema=SCHEMA,
        build=_job,
        called=Called("job", "jobs", "What runs at AWS runs on: look at it there."),
        wanted="this plan started, or stopped",
        done="preflight, plan card, approval, create, follow, tell the end, keep the model",
        effects=(
            *OUTBOX,
            *FILES,
            *SPENDING,
            KEEP_PLAN,
            CREATE,
            STOP,
            KEEP_MODEL,
            KEEP_RUN,
            PIN,
            TELL_FOLLOWERS,
        ),
        billed="AWS bills what it trains there meanwhile.",
        when_given_up=(
            "What runs at AWS runs on: look at it there. `/tune follow {name}` has me try again when that is mended."
        ),
        sources=_sources,
    ),
    Kind(
        schema=poll.SCHEMA,
        build=_poll,
        called=Called("poll", "polls"),
        wanted="the jobs of a region looked at",
        done="one listing an interval; what changed is made due",
        effects=(PUT_OBSERVATIONS,),
    ),
)

PURCHASES = (JobPurchase,)

RECOVERIES = (
    Recovery("jobs", _lost_jobs, news=(JobRecovered,)),
    Recovery("models", _lost_models, news=(ModelRecovered,), effects=(KEEP_FOUND_MODEL,)),
)
