"""The durable kinds of jobs: the job itself, and the poll that looks at all those of a region."""

from random import Random
from typing import Protocol

from bot.clock import Clock
from bot.controller.context import Reconciler
from bot.controller.kind import Called, Kind, Sources
from bot.controller.outbox.effects import OUTBOX
from bot.controller.outbox.files import FILES, FINISH
from bot.controller.ports import ResourceStore
from bot.controller.schema import OfRegion
from bot.jobs import poll
from bot.jobs.cards import JobRecovered, ModelRecovered
from bot.jobs.dependencies import Cadence
from bot.jobs.model import JobSettings
from bot.jobs.model_recovery import KEEP_FOUND_MODEL, LostModels
from bot.jobs.poll import PUT_OBSERVATIONS, PollReconciler
from bot.jobs.ports import (
    Customization,
    Observations,
)
from bot.jobs.purchase import JobPurchase
from bot.jobs.recent_runs import KEEP_RUN
from bot.jobs.reconciler.creation import CREATE
from bot.jobs.reconciler.end_messages import PIN
from bot.jobs.reconciler.ending import KEEP_MODEL, WAKE_SWEEP
from bot.jobs.reconciler.followers import TELL_FOLLOWERS
from bot.jobs.reconciler.following import STOP
from bot.jobs.reconciler.job import JobReconciler
from bot.jobs.record import SCHEMA, JobSpec, sources_of
from bot.jobs.recovery import LostJobs
from bot.models.ports import ModelRepository
from bot.pricing.book import PriceBook
from bot.spending.archive import KEEP_PLAN, PlanKeeper
from bot.spending.comparing import Looks, Recovery
from bot.spending.reservation import SPENDING
from bot.spending.undo import TAKE


def _sources(spec: JobSpec) -> Sources:
    return sources_of(spec.plan)


class PollDependencies(Protocol):
    """What a region's jobs are listed with."""

    customization: Customization
    observations: Observations
    store: ResourceStore
    clock: Clock
    random: Random
    cadence: Cadence


def _poll(ports: PollDependencies) -> Reconciler[OfRegion, poll.PollStatus]:
    return PollReconciler(
        ports.customization, ports.observations, ports.store, ports.clock, ports.random, ports.cadence.poll
    )


class RecoveryDependencies(Protocol):
    """What forgotten jobs and models are found with."""

    customization: Customization
    models: ModelRepository
    store: ResourceStore
    plans: PlanKeeper
    prices: PriceBook
    settings: JobSettings
    clock: Clock


def _lost_jobs(ports: RecoveryDependencies) -> Looks:
    return LostJobs(ports.customization, ports.store, ports.plans, ports.prices, ports.settings, ports.clock)


def _lost_models(ports: RecoveryDependencies) -> Looks:
    return LostModels(ports.customization, ports.models, ports.store, ports.plans, ports.settings.bot)


KINDS = (
    Kind(
        schema=SCHEMA,
        build=JobReconciler,
        called=Called("job", "jobs", "What runs at AWS runs on: look at it there."),
        wanted="this plan started, or stopped",
        done="preflight, plan card, approval, create, follow, tell the end, keep the model",
        effects=(
            *OUTBOX,
            *FILES,
            FINISH,
            *SPENDING,
            TAKE,
            KEEP_PLAN,
            CREATE,
            STOP,
            KEEP_MODEL,
            KEEP_RUN,
            PIN,
            TELL_FOLLOWERS,
            WAKE_SWEEP,
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
        unaudited="it looks, and decides nothing",
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
