"""The durable kind of office hours."""

from bot.controller.kind import Called, Kind, Sources
from bot.controller.model import Document
from bot.controller.outbox.effects import OUTBOX
from bot.schedules.model import SCHEMA
from bot.schedules.purchase import SchedulePurchase
from bot.schedules.reconciler import ScheduleReconciler
from bot.spending.undo import TAKE
from bot.visibility import Origin


def _sources(spec: Document) -> Sources:
    plan = spec["plan"]
    origin = Origin(plan["channel"], plan["owner"])
    return Sources(origin, model=str(plan["model_name"]), model_arn=str(plan["model_arn"]))


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
