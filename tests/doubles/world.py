"""A whole bot on twins, for tests of reconcilers: store, Slack, Bedrock, one clock, and a controller to turn."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random
from types import SimpleNamespace
from typing import Any, Self

from bot.access import Access
from bot.account.cards import AccountNews, ClocksApart
from bot.clock import Clock
from bot.controller.context import AnyReconciler
from bot.controller.controller import Controller
from bot.controller.crash_points import crashing
from bot.controller.details import DetailedMessages
from bot.controller.model import Key, Message
from bot.controller.outbox.messages import Outbox
from bot.controller.ports import Messages, RateLimiter
from bot.controller.rate_limits import PacedMessages
from bot.datasets.service import Datasets
from bot.deployments.cards import (
    DeploymentFollowedAgain,
    DeploymentMilestone,
    RemovedByAnother,
)
from bot.deployments.service import DeploymentService
from bot.directory.aliasing import AliasService
from bot.directory.answering import AnsweringService
from bot.directory.directory import Directory
from bot.directory.raising import RaisingService
from bot.directory.voting import VotingService
from bot.distillations.cards import AnswersRecovered, DistillationMilestone, DistillationStalled
from bot.jobs.cards import JobEnded, JobMilestone, JobRecovered, JobsStalled, JobStalled, ModelRecovered
from bot.jobs.dependencies import Cadence
from bot.jobs.service import JobService
from bot.kinds import KINDS, PURCHASES, RECOVERIES, SOURCES
from bot.leases.cards import (
    EndedByAnother,
    EndedWithoutStore,
    EndpointRecovered,
    EndpointThereAgain,
    HeldUpWithoutStore,
    LeaseMilestone,
    ReleaseNews,
)
from bot.leases.extension_service import ExtensionService
from bot.leases.extensions import Limits
from bot.leases.service import LeaseService
from bot.leases.swap_service import SwapService
from bot.leases.waking_service import WakingService
from bot.models.ports import ModelStores
from bot.notifications.cards import Readable, Unread
from bot.notifications.quiet_hours import QuietHours
from bot.pricing.book import PriceBook
from bot.profiles.model import Term
from bot.schedules.cards import ScheduleCalledOff, ScheduleRecovered
from bot.schedules.service import ScheduleService
from bot.serving.resolver import Resolver
from bot.serving.service import ServingService
from bot.serving.ways import Ways
from bot.spending.archive import PlanKeeper
from bot.spending.budget_service import BudgetService
from bot.spending.cards import BudgetNearing
from bot.spending.offers import Shown
from bot.spending.purchase import AnyPurchase
from bot.spending.votes import Choice
from bot.strays.service import StrayService
from bot.sweeps.cards import SweepRefused
from bot.sweeps.service import SweepService
from bot.unmanaged.service import UnmanagedJobsService
from bot.uploads.cards import ScreeningBegun, ScreeningEnded, WaitsInLine
from bot.visibility import Viewer, is_surely_kept_out
from handlers.ui.blocks import image
from handlers.ui.cards import deployments, distillations, jobs, leases_news
from handlers.ui.render import BlockKitRenderer, render
from tests.doubles.aliases import InMemoryAliases
from tests.doubles.batches import InMemoryBatches
from tests.doubles.bedrock import (
    InMemoryAccountChecks,
    InMemoryCustomization,
    InMemoryEndpoints,
    InMemoryInvocations,
    InMemoryModels,
    InMemoryPlans,
)
from tests.doubles.canvases import FakeCanvases
from tests.doubles.clock import FakeClock
from tests.doubles.datasets import MemoryDatasetFiles, MemoryDatasetRepository
from tests.doubles.deployments import FakeQuotas, InMemoryDeployments
from tests.doubles.details import InMemoryDetails
from tests.doubles.following_logs import InMemoryObservations, InMemoryTogether
from tests.doubles.job_ends import InMemoryHistory, InMemoryResults, PlainCharts, PlainPainter
from tests.doubles.ledger import InMemoryLedger
from tests.doubles.messages import FakeSlackMessages, Posted
from tests.doubles.readers import FakePeople, InMemoryReaders
from tests.doubles.resources import InMemoryResources
from tests.doubles.settings import InMemoryAnswerSettings
from tests.doubles.slack_files import FakeSlackFiles
from tests.doubles.visibility import FakeChannelMemberships, InMemoryShares
from tests.unit.jobs.samples import ACCESS, PRICES, SETTINGS, dataset


class FakeNeighbours:
    """The bots of the account that are at work, by name."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def at_work(self, bot: str) -> bool:
        return bot in self.names


class Crash(BaseException):
    """The process dies here: nothing catches it."""


STALL_AFTER = timedelta(hours=6)
LIMITS = Limits(SETTINGS.approval_limit, SETTINGS.self_approval_limit, 480)


IN_WORDS = (
    AccountNews,
    AnswersRecovered,
    ClocksApart,
    DeploymentFollowedAgain,
    RemovedByAnother,
    EndpointRecovered,
    EndpointThereAgain,
    JobRecovered,
    JobsStalled,
    ModelRecovered,
    EndedByAnother,
    EndedWithoutStore,
    EndpointRecovered,
    EndpointThereAgain,
    HeldUpWithoutStore,
    BudgetNearing,
    Readable,
    ReleaseNews,
    ScreeningBegun,
    ScreeningEnded,
    ScheduleCalledOff,
    ScheduleRecovered,
    SweepRefused,
    Unread,
    WaitsInLine,
)
"""Cards that are one sentence, and are drawn as people read it."""


MILESTONES: dict[type, Callable[[Any], str]] = {
    JobMilestone: jobs.milestone_words,
    DistillationMilestone: distillations.milestone_words,
    LeaseMilestone: leases_news.milestone_words,
    DeploymentMilestone: deployments.milestone_words,
}
"""Replies in threads, drawn as what they say, without whom they mention."""


class PlainRenderer:
    """Draws a card as its class and its words, and keeps every card that it drew."""

    def __init__(self) -> None:
        self.cards: list[object] = []

    def render(self, card: object) -> Message:
        self.cards.append(card)
        if type(card) in MILESTONES:
            return Message(f"{type(card).__name__}: {MILESTONES[type(card)](card)}")
        if isinstance(card, JobEnded):
            who = f"<@{card.view.owner}> " if card.ping else ""
            shown = [image(card.curve.file, card.curve.in_words)] if card.curve else []
            return Message(f"JobEnded: {who}{card.view.phase}", shown)
        if isinstance(card, (JobStalled, DistillationStalled)):
            return Message(f"{type(card).__name__}: {render(card).blocks}")
        if isinstance(card, IN_WORDS):
            return render(card)
        return Message(f"{type(card).__name__}: {card!r}")


BUILT = (
    "job",
    "deletion",
    "unmanaged",
    "stray",
    "sweep",
    "schedule",
    "poll",
    "digest",
    "notification",
    "picture",
    "lease",
    "release",
    "deployment",
    "account",
)
"""Kinds that need neither files nor a model that answers."""


class World:
    """Everything on one clock. ``turn`` runs what is due; ``pass_time`` lets time go by and runs it in small steps."""

    def __init__(
        self,
        *,
        prices: PriceBook = PRICES,
        cadence: Cadence | None = None,
        clock: FakeClock | None = None,
        aws_clock: Clock | None = None,
        store_clock: Clock | None = None,
        access: Access = ACCESS,
        terms: Collection[Term] = (),
    ) -> None:
        self.access = access
        self.limits = replace(LIMITS, terms=frozenset(terms))
        self.settings = replace(SETTINGS, terms=frozenset(terms))
        self.clock = clock or FakeClock()
        self._store_clock = store_clock or self.clock
        self.store = InMemoryResources(self._store_clock)
        self.messages = FakeSlackMessages(self.clock)
        self.details = InMemoryDetails()
        self.customization = InMemoryCustomization(aws_clock or self.clock)
        self.endpoints = InMemoryEndpoints(aws_clock or self.clock)
        self.deployments = InMemoryDeployments(aws_clock or self.clock)
        self.account_quotas = FakeQuotas()
        self.invocations = InMemoryInvocations(aws_clock or self.clock)
        self.batches = InMemoryBatches(aws_clock or self.clock)
        self.plans = InMemoryPlans()
        self.account = InMemoryAccountChecks()
        self.models = InMemoryModels(self.store)
        self.observations, self.together = InMemoryObservations(), InMemoryTogether()
        self.datasets = MemoryDatasetRepository(dataset())
        self.dataset_files = MemoryDatasetFiles()
        self.renderer = PlainRenderer()
        self.prices = prices
        self.cadence = cadence or Cadence()
        self.last_resorts: tuple[str, ...] = ()
        self.outbox = self.new_outbox()
        self.results = InMemoryResults()
        self.history = InMemoryHistory()
        self.files = FakeSlackFiles()
        self.canvases = FakeCanvases()
        self.readers = InMemoryReaders()
        self.people = FakePeople()
        self.quiet_hours = QuietHours(self.readers, self.people, self.clock)
        self.ledger = InMemoryLedger()
        self.memberships, self.shares = FakeChannelMemberships(), InMemoryShares()
        self.answer_settings, self.aliases = InMemoryAnswerSettings(), InMemoryAliases()
        self.budgets: dict[str, Decimal] = {}
        self.bot, self.operator = "", "COPERATOR"
        self.hears: tuple[str, ...] = ()
        self.neighbours = FakeNeighbours()
        self.rebuilt()

    def forget(self) -> Self:
        """Empty the store and all that is kept beside it, as a Redis that was replaced: AWS and Slack remain."""
        self.store = InMemoryResources(self._store_clock)
        self.models, self.observations = InMemoryModels(), InMemoryObservations()
        self.history, self.ledger = InMemoryHistory(), InMemoryLedger()
        self.shares = InMemoryShares()
        return self.rebuilt()

    def rebuilt(self) -> Self:
        """Put the services and the controller together anew, from the parts as they are now: a restarted bot."""
        self.budget_service = BudgetService(self.ledger, self.budgets, self.clock)
        seen, access, clock = self.directory(), self.access, self.clock
        self.unmanaged = UnmanagedJobsService(self.store, seen, access, clock, self.settings.buckets)
        self.jobs = JobService(
            self.store, seen, self.prices, access, clock, self.settings, self.budget_service, self.unmanaged
        )
        self.sweeps = SweepService(
            self.store, seen, self.jobs, self.prices, access, clock, self.settings, self.budget_service
        )
        self.votes = self.voting_service(seen)
        self.leases = self.lease_service(seen)
        self.deploying = self.deployment_service(seen)
        self.serving = self.serving_service(seen, self.leases)
        self.extensions = self.extension_service(self.leases)
        self.swaps = self.swap_service(seen, self.leases)
        self.schedules = self.schedule_service(seen)
        self.controller = Controller(
            self.store, self.reconcilers(), self.clock, random=lambda: 0.0, kinds=KINDS
        )
        return self

    def directory(self, user: str = "UTRAIN", here: str = "C1") -> Directory:
        """Return what a person sees from a channel."""
        viewer = Viewer(user, here)
        return Directory(
            viewer,
            self.memberships,
            self.store,
            self.datasets,
            ModelStores(self.models, self.shares, self.aliases),
            self.access,
            SOURCES,
        )

    def lease_service(self, seen: Directory) -> LeaseService:
        """Return the service of the leases, for one viewer."""
        return LeaseService(
            self.store, seen, self.prices, self.access, self.clock, self.budget_service, self.limits
        )

    def resolver(self, seen: Directory, leases: LeaseService) -> Resolver:
        """Return what says which model answers, for one viewer."""
        ways = Ways(leases, self.deployment_service(seen))
        return Resolver(seen, self.access, ways.all, 4_096, self.answer_settings)

    def serving_service(self, seen: Directory, leases: LeaseService) -> ServingService:
        """Return the service of models, for one viewer."""
        ways = Ways(leases, self.deployment_service(seen))
        return ServingService(seen, self.access, ways, self.resolver(seen, leases))

    def deployment_service(self, seen: Directory) -> DeploymentService:
        """Return the service of deployments, for one viewer."""
        return DeploymentService(self.store, seen, self.prices, self.access, self.clock)

    def stray_service(self, seen: Directory) -> StrayService:
        """Return the service of what runs beside our own, for one viewer."""
        leases, deployments = self.lease_service(seen), self.deployment_service(seen)
        return StrayService(
            self.store,
            seen,
            self.access,
            self.clock,
            self.prices,
            self.settings.buckets,
            leases,
            deployments,
        )

    def alias_service(self, seen: Directory) -> AliasService:
        """Return the service of aliases, for one viewer."""
        return AliasService(self.aliases, seen, self.access, self.clock, self.store, BlockKitRenderer())

    def answering_service(self, seen: Directory) -> AnsweringService:
        """Return the service that sets how models answer, for one viewer."""
        return AnsweringService(self.answer_settings, seen, self.access, self.clock, 4_096)

    def waking_service(self, seen: Directory) -> WakingService:
        """Return the service that wakes models in one press, for one viewer."""
        leases = self.lease_service(seen)
        return WakingService(
            self.store, leases, seen, self.prices, self.access, self.clock, self.budget_service, self.limits
        )

    def voting_service(self, seen: Directory) -> VotingService:
        """Return the service of votes, for one viewer."""
        return VotingService(self.store, seen, self.access, self.clock, self.budget_service, self.purchases)

    @property
    def purchases(self) -> dict[str, AnyPurchase]:
        """What all kinds that are bought tell of themselves, at the prices of now."""
        return {kind: each(self.prices, self.settings) for kind, each in PURCHASES.items()}

    def raising_service(self, seen: Directory) -> RaisingService:
        """Return the service that raises budgets, for one viewer."""
        return RaisingService(
            self.store, seen, self.access, self.clock, self.budget_service, self.purchases, BlockKitRenderer()
        )

    def press(self, kind: str, plan: str, choice: Choice, by: str, shown: Shown | None = None) -> None:
        """Press a button of a plan."""
        self.votes.vote(Key(kind, plan), choice, by, shown)

    def schedule_service(self, seen: Directory) -> ScheduleService:
        """Return the service of office hours, for one viewer."""
        return ScheduleService(self.store, seen, self.prices, self.access, self.clock, self.limits)

    def swap_service(self, seen: Directory, leases: LeaseService) -> SwapService:
        """Return the service that puts newer models in the place of others, for one viewer."""
        return SwapService(self.store, seen, leases, self.prices, self.access, self.clock, self.limits)

    def extension_service(self, leases: LeaseService) -> ExtensionService:
        """Return the service of the extensions, for the viewer of that service."""
        return ExtensionService(
            self.store,
            leases,
            self.prices,
            self.access,
            self.clock,
            self.budget_service,
            self.limits,
            renderer=self.renderer,
            endpoints=self.endpoints,
        )

    def paced(self, rate_limiter: RateLimiter) -> Self:
        """Go through a limiter before each message, as the bot itself does."""
        messages = DetailedMessages(PacedMessages(self.messages, rate_limiter), self.details)
        self.outbox = self.new_outbox(messages, rate_limiter)
        return self.rebuilt()

    def new_outbox(self, messages: Messages | None = None, rate_limiter: RateLimiter | None = None) -> Outbox:
        """Return one that posts by ``messages``, and knows who cannot see a channel any more."""

        def is_kept_out(person: str, channel: str) -> bool:
            return is_surely_kept_out(self.memberships, person, channel)

        return Outbox(
            messages or self.messages,
            self.clock,
            last_resorts=self.last_resorts,
            rate_limiter=rate_limiter,
            is_kept_out=is_kept_out,
        )

    def reconcilers(self) -> Mapping[str, AnyReconciler]:
        """Return what reconciles each kind, as the kind itself builds it; a test may replace one."""
        return {name: KINDS[name].build(self.ports(name)) for name in BUILT}

    def ports(self, kind: str) -> SimpleNamespace:
        """Return the ports as a kind's reconciler gets them."""
        return SimpleNamespace(
            store=self.store,
            outbox=self.outbox,
            renderer=self.renderer,
            clock=self.clock,
            random=Random(7),
            settings=replace(self.settings, bot=self.bot),
            cadence=self.cadence,
            recoveries=RECOVERIES,
            access=self.access,
            hears=(self.operator,) if kind == "account" else self.hears,
            messages=self.messages,
            files=self.files,
            canvases=self.canvases,
            pins=self.messages,
            memberships=self.memberships,
            quiet_hours=self.quiet_hours,
            customization=self.customization,
            customization_for_people=self.customization,
            account=self.account,
            endpoints=self.endpoints,
            deployments=self.deployments,
            account_quotas=self.account_quotas,
            invocations=self.invocations,
            batches=self.batches,
            results=self.results,
            neighbours=self.neighbours,
            plans=PlanKeeper(self.plans),
            datasets=Datasets(self.dataset_files, self.datasets, self.clock),
            models=self.models,
            observations=self.observations,
            together=self.together,
            history=self.history,
            prices=self.prices,
            budget_service=self.budget_service,
            folder=None,
            workers=None,
            painter=PlainPainter(),
            charts=PlainCharts(),
            stall_after=STALL_AFTER,
        )

    def turn(self) -> None:
        """Run everything that is due, until nothing is."""
        for _ in range(50):
            if not self.controller.tick():
                return
        raise AssertionError("something is due for ever")

    def pass_time(self, seconds: float, step: float = 5.0) -> None:
        """Let so many seconds pass, running what gets due every ``step``."""
        while seconds > 0:
            self.clock.advance(min(step, seconds))
            seconds -= step
            # Most of these moments find nothing due, and a look at the store costs more than all the rest of them.
            # Some tests put the real store in its place, which has no such short cut.
            if not hasattr(self.store, "anything_due") or self.store.anything_due():
                self.turn()

    def crash_at(self, name: str, occurrence: int = 1) -> bool:
        """Run what is due and die at that crash point; return whether it was passed so often."""
        seen = 0

        def hook(passed: str) -> None:
            nonlocal seen
            seen += passed == name
            if passed == name and seen == occurrence:
                raise Crash

        try:
            with crashing(hook):
                self.turn()
        except Crash:
            return True
        return False

    def places(self) -> list[str]:
        """Run what is due, and return the names of the crash points that it passes, in order."""
        passed: list[str] = []
        with crashing(passed.append):
            self.turn()
        return passed

    def crash_in(self, place: int) -> None:
        """Run what is due and die at that of its crash points, of which 1 is the first."""
        left = place

        def hook(_: str) -> None:
            nonlocal left
            left -= 1
            if not left:
                raise Crash

        try:
            with crashing(hook):
                self.turn()
        except Crash:
            return
        raise AssertionError(f"it passes fewer than {place} crash points")

    def said(self, beginning: str = "") -> list[Posted]:
        """Return the visible messages whose text begins so."""
        return [each for each in self.messages.visible() if each.message.text.startswith(beginning)]
