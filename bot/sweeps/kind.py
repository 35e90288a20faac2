"""The durable kind of hyperparameter sweeps."""

from bot.controller.kind import Called, Kind, Sources
from bot.controller.outbox.effects import OUTBOX
from bot.jobs.record import sources_of
from bot.spending.reservation import SPENDING
from bot.spending.undo import TAKE
from bot.sweeps.model import SCHEMA, SweepSpec
from bot.sweeps.purchase import SweepPurchase
from bot.sweeps.reconciler import SweepReconciler


def _sources(spec: SweepSpec) -> Sources:
    return sources_of(spec.first)


KINDS = (
    Kind(
        schema=SCHEMA,
        build=SweepReconciler,
        called=Called("sweep", "sweeps"),
        wanted="one job several times, with one hyperparameter varied",
        done="price of all, plan card, approval, a job each; told together when the last has ended",
        effects=(*OUTBOX, *SPENDING, TAKE),
        sources=_sources,
    ),
)

PURCHASES = (SweepPurchase,)
