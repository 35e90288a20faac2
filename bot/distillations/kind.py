"""The durable kind of distillations."""

from random import Random
from typing import Protocol

from bot.clock import Clock
from bot.controller.context import Reconciler
from bot.controller.kind import Called, Kind, Sources
from bot.controller.outbox.effects import OUTBOX
from bot.controller.outbox.files import FILES
from bot.controller.ports import Messages, ResourceStore
from bot.datasets.ports import DatasetFiles
from bot.distillations.cards import AnswersRecovered
from bot.distillations.context import DistillationDependencies, OrderingDependencies
from bot.distillations.model import SCHEMA, DistillationSpec, DistillationStatus
from bot.distillations.ports import Batches, BatchResults
from bot.distillations.purchase import DistillationPurchase
from bot.distillations.reconciler.collecting import KEEP_DATASET
from bot.distillations.reconciler.creation import CREATE
from bot.distillations.reconciler.distillation import DistillationReconciler
from bot.distillations.reconciler.following import STOP
from bot.distillations.reconciler.preparing import KEEP_INPUT
from bot.distillations.recovery import LostBatches
from bot.jobs.model import JobSettings
from bot.jobs.recent_runs import KEEP_RUN
from bot.spending.archive import KEEP_PLAN, PlanKeeper
from bot.spending.comparing import Looks, Recovery
from bot.spending.reservation import SPENDING
from bot.spending.undo import TAKE
from bot.uploads.kind import UploadPorts, upload_dependencies
from bot.uploads.screening import SCREEN
from bot.visibility import Origin


def _sources(spec: DistillationSpec) -> Sources:
    plan, prompts = spec.plan, spec.plan.source.dataset_id
    return Sources(Origin(plan.channel, plan.owner), (prompts,) if prompts else ())


class DistillationPorts(OrderingDependencies, UploadPorts, Protocol):
    """What distillations are made with, beside what uploads need."""

    batches: Batches
    answers: BatchResults
    dataset_files: DatasetFiles
    random: Random
    plans: PlanKeeper


def _distillation(ports: DistillationPorts) -> Reconciler[DistillationSpec, DistillationStatus]:
    return DistillationReconciler(
        DistillationDependencies(
            uploads=upload_dependencies(ports),
            batches=ports.batches,
            results=ports.answers,
            inputs=ports.dataset_files,
            stored=ports.datasets,
            ordering=ports,
            jitter=ports.random,
            plans=ports.plans,
        )
    )


class RecoveryDependencies(Protocol):
    """What forgotten batch jobs are found with."""

    batches: Batches
    messages: Messages
    store: ResourceStore
    plans: PlanKeeper
    clock: Clock
    settings: JobSettings


def _lost_batches(ports: RecoveryDependencies) -> Looks:
    return LostBatches(
        ports.batches, ports.messages, ports.store, ports.plans, ports.clock, ports.settings.bot
    )


KINDS = (
    Kind(
        schema=SCHEMA,
        build=_distillation,
        called=Called("distillation", "distillations", "What runs at AWS runs on: look at it there."),
        wanted="these prompts answered by that teacher",
        done="read, price, approval, batch job, follow, join, validate, keep and share the dataset",
        effects=(
            *OUTBOX,
            *FILES,
            *SPENDING,
            TAKE,
            KEEP_PLAN,
            KEEP_INPUT,
            CREATE,
            STOP,
            KEEP_DATASET,
            KEEP_RUN,
            SCREEN,
        ),
        billed="AWS bills what is answered there meanwhile.",
        when_given_up="What runs at AWS runs on, and its answers stay in S3: look at them there.",
        sources=_sources,
    ),
)

PURCHASES = (DistillationPurchase,)

RECOVERIES = (Recovery("batches", _lost_batches, news=(AnswersRecovered,)),)
