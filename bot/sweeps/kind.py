"""The durable kind of hyperparameter sweeps."""

from bot.controller.context import Reconciler
from bot.controller.kind import Called, Kind, Schema, Sources
from bot.controller.model import Document
from bot.jobs.kind import Needs, dependencies
from bot.jobs.record import sources_of
from bot.sweeps.model import KIND, SweepSpec, SweepStatus
from bot.sweeps.reconciler import SweepReconciler


def _sources(spec: Document) -> Sources:
    return sources_of(spec["plans"][0])


def _sweep(ports: Needs) -> Reconciler:
    return SweepReconciler(dependencies(ports))


KINDS = (
    Kind(
        schema=Schema(KIND, SweepSpec, {"sweep": SweepStatus}),
        build=_sweep,
        called=Called("series of jobs", "series of jobs"),
        wanted="one job several times, with one hyperparameter varied",
        done="price of all, plan card, approval, a job each; told together when the last has ended",
        sources=_sources,
    ),
)
