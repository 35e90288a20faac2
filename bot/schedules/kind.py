"""The durable kind of office hours."""

from typing import Protocol

from bot.clock import Clock
from bot.controller.kind import Called, Kind, Sources
from bot.controller.outbox.effects import OUTBOX
from bot.controller.ports import ResourceStore
from bot.jobs.model import JobSettings
from bot.models.ports import ModelRepository
from bot.schedules.cards import ScheduleRecovered
from bot.schedules.model import SCHEMA, ScheduleSpec
from bot.schedules.purchase import SchedulePurchase
from bot.schedules.reconciler import ScheduleReconciler
from bot.schedules.recovery import LostSchedules
from bot.spending.archive import KEEP_PLAN, PlanKeeper
from bot.spending.comparing import Looks, Recovery
from bot.spending.undo import TAKE
from bot.visibility import Origin


def _sources(spec: ScheduleSpec) -> Sources:
    plan = spec.plan
    return Sources(Origin(plan.channel, plan.owner), model=plan.model_name, model_arn=plan.model_arn)


class RecoveryDependencies(Protocol):
    """What forgotten office hours are found with."""

    store: ResourceStore
    models: ModelRepository
    plans: PlanKeeper
    clock: Clock
    settings: JobSettings


def _lost(ports: RecoveryDependencies) -> Looks:
    return LostSchedules(ports.store, ports.models, ports.plans, ports.clock, ports.settings.bot)


KINDS = (
    Kind(
        schema=SCHEMA,
        build=ScheduleReconciler,
        called=Called("plan of office hours", "plans of office hours"),
        wanted="this model in service on these days and hours",
        done="price of all, plan card, approval, a lease for each day, its end told",
        effects=(*OUTBOX, TAKE),
        sources=_sources,
    ),
)

PURCHASES = (SchedulePurchase,)

RECOVERIES = (Recovery("schedules", _lost, news=(ScheduleRecovered,), effects=(KEEP_PLAN,)),)
