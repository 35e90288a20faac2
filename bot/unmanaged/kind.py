"""The durable kind that looks at all jobs of a region, ours or not."""

from typing import Protocol

from bot.clock import Clock
from bot.controller.context import Reconciler
from bot.controller.kind import Called, Kind
from bot.jobs.model import JobSettings
from bot.jobs.ports import Customization
from bot.pricing.book import PriceBook
from bot.spending.comparing import Neighbours
from bot.unmanaged.model import SCHEMA, UnmanagedJobsSpec, UnmanagedJobsStatus
from bot.unmanaged.reconciler import UnmanagedJobsReconciler


class UnmanagedJobsDependencies(Protocol):
    """What a region's jobs are looked at with, while somebody waits for it."""

    customization_for_people: Customization
    neighbours: Neighbours
    prices: PriceBook
    settings: JobSettings
    clock: Clock


def _unmanaged(ports: UnmanagedJobsDependencies) -> Reconciler[UnmanagedJobsSpec, UnmanagedJobsStatus]:
    return UnmanagedJobsReconciler(
        ports.customization_for_people, ports.neighbours, ports.prices, ports.settings, ports.clock
    )


KINDS = (
    Kind(
        schema=SCHEMA,
        build=_unmanaged,
        called=Called("look at a region's jobs", "looks at regions' jobs"),
        wanted="the jobs of a region seen, those made elsewhere among them",
        done="list them once; those that somebody chose become followed jobs",
    ),
)
