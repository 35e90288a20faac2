"""What jobs, and what else is bought beside them, are brought about with: each part of a reconciler names its own.

All are protocols that the wiring's one value of ports fulfils; whoever reads a part sees by its type what it can reach.
"""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from bot.access import Access
from bot.clock import Clock
from bot.controller.outbox.messages import Outbox
from bot.controller.ports import Renderer, ResourceStore
from bot.controller.shared_files import SharedFiles
from bot.datasets.service import Datasets
from bot.datasets.workers import Workers
from bot.jobs.model import JobSettings
from bot.jobs.ports import (
    AccountChecks,
    CurvePainter,
    Customization,
    JobHistory,
    JobResults,
    Observations,
    Pins,
    Together,
)
from bot.jobs.preflight import DEADLINE
from bot.models.ports import ModelRepository
from bot.notifications.quiet_hours import QuietHours
from bot.pricing.book import PriceBook
from bot.spending.archive import PlanKeeper
from bot.spending.budget_service import BudgetService
from bot.visibility import ChannelMemberships


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often things are looked at, in seconds, and how long people may take."""

    poll: float = 60.0
    """Between two looks at what runs: the region's poll, and a job's own when the poll is silent."""
    refresh: float = 60.0
    """Between two edits of a live card when nothing but the time has changed."""
    recheck: float = 15.0
    """Until a preflight is done again that could not reach something."""
    preflight: float = DEADLINE
    """How long a whole preflight may take: less than a lease."""


class PurchaseDependencies(Protocol):
    """What every turn at something that is bought is made with: its price, its votes, its budgets, its messages."""

    store: ResourceStore
    clock: Clock
    settings: JobSettings
    cadence: Cadence
    access: Access
    prices: PriceBook
    budget_service: BudgetService
    outbox: Outbox
    renderer: Renderer


class PreflightDependencies(Protocol):
    """What is looked at in the account before anything is bought."""

    customization: Customization
    account: AccountChecks


class InsteadDependencies(PurchaseDependencies, Protocol):
    """What a plan is made anew with, on another base."""

    datasets: Datasets


class OverlapDependencies(Protocol):
    """What a plan's validation set is compared with its training set by, and with what was trained with before."""

    datasets: Datasets
    models: ModelRepository
    memberships: ChannelMemberships
    folder: Path
    workers: Workers


class CreationDependencies(PurchaseDependencies, Protocol):
    """What a job is created with, once."""

    customization: Customization
    plans: PlanKeeper


class FollowingDependencies(PurchaseDependencies, Protocol):
    """What a job is followed with while Bedrock has it.

    ``stall_after`` is how long a stage may stand still before there is a history of our own.
    """

    customization: Customization
    observations: Observations
    together: Together
    stall_after: timedelta


class ReaderDependencies(Protocol):
    """What tells who hears of a job's end beside the channel, and when."""

    clock: Clock
    quiet_hours: QuietHours


class ShowingDependencies(Protocol):
    """What goes with the news of a job's end: the picture of its losses, its model card and the pin."""

    outbox: Outbox
    painter: CurvePainter
    files: SharedFiles
    pins: Pins


class EndingDependencies(PurchaseDependencies, ReaderDependencies, ShowingDependencies, Protocol):
    """What a job's end is told with, once its model is kept and its losses are judged."""

    together: Together
    customization: Customization
    models: ModelRepository
    results: JobResults


class JobDependencies(
    InsteadDependencies,
    PreflightDependencies,
    OverlapDependencies,
    CreationDependencies,
    FollowingDependencies,
    EndingDependencies,
    Protocol,
):
    """All that a job's reconciler is made with, part by part."""

    history: JobHistory
