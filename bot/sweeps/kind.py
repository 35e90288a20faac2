"""The durable kind of hyperparameter sweeps."""

from bot.controller.kind import Called, Kind, Schema, Sources
from bot.controller.model import Document
from bot.jobs.record import sources_of
from bot.sweeps.model import KIND, SweepSpec, SweepStatus


def _sources(spec: Document) -> Sources:
    return sources_of(spec["plans"][0])


KINDS = (
    Kind(
        schema=Schema(KIND, SweepSpec, {"sweep": SweepStatus}),
        called=Called("series of jobs", "series of jobs"),
        wanted="one job several times, with one hyperparameter varied",
        done="price of all, plan card, approval, a job each; told together when the last has ended",
        sources=_sources,
    ),
)
