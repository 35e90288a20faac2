"""The bot put together from its parts: use cases for people, reconcilers for the loop."""

import logging
import threading
from collections.abc import Callable, Collection, Mapping
from functools import partial

from slack_bolt import App

from bot.adapters.bedrock_endpoints import BedrockEndpoints
from bot.adapters.readiness import slack_trials, trials
from bot.adapters.slack_authorization import authorization
from bot.adapters.slack_clients import posting_client
from bot.adapters.slack_messages import SlackMessages
from bot.adapters.sqs_events import SqsEvents
from bot.clock import Clock, SystemClock
from bot.config import Settings
from bot.controller.context import AnyReconciler
from bot.controller.controller import Controller, Pace
from bot.controller.failure_reporting import FailureReporter
from bot.controller.outbox.storeless import StorelessMessages
from bot.controller.ports import ResourceStore
from bot.controller.wakeup import WakingStore
from bot.deletions.service import DeletionService
from bot.derivations.service import DerivationService
from bot.digests.service import DigestService
from bot.directory.aliasing import AliasService
from bot.directory.answering import AnsweringService
from bot.directory.datasets import DatasetService
from bot.directory.directory import Directory
from bot.directory.raising import RaisingService
from bot.directory.renaming import RenamingService
from bot.directory.sharing import SharingService
from bot.directory.spending import SpendingService
from bot.directory.voting import VotingService
from bot.distillations.running import running
from bot.distillations.service import DistillationService
from bot.jobs.events import EventWatch
from bot.jobs.follow_service import FollowService
from bot.jobs.service import JobService
from bot.kinds import KINDS, PURCHASES
from bot.leases.extension_service import ExtensionService
from bot.leases.purchase import LeasePurchase
from bot.leases.service import LeaseService
from bot.leases.swap_service import SwapService
from bot.leases.waking_service import WakingService
from bot.leases.watchdog import Watchdog
from bot.listening import ListenerThreads
from bot.monitoring import Monitoring
from bot.notifications.service import QuietHoursService
from bot.operators import Operators
from bot.pictures.service import PictureService
from bot.process import Bot, Dependencies
from bot.questions.channel_service import ChannelService
from bot.questions.feedback_service import FeedbackService
from bot.questions.kept_service import KeptService
from bot.questions.service import QuestionService
from bot.readiness import Readiness, Trial
from bot.rivals import Rivals
from bot.run_only import Only
from bot.schedules.service import ScheduleService
from bot.services import Services
from bot.serving.handover_service import HandoverService
from bot.serving.service import ServingService
from bot.serving.wakes import ServedWakes
from bot.spending.budget_service import BudgetService
from bot.spending.purchase import AnyPurchase
from bot.strays.service import StrayService
from bot.sweeps.service import SweepService
from bot.trials.service import TrialService
from bot.unmanaged.service import UnmanagedJobsService
from bot.uploads.service import UploadService
from bot.visibility import Viewer, is_surely_kept_out
from bot.wiring.base import Base
from bot.wiring.figures import figures
from bot.wiring.ports import ports_of
from handlers.register import LISTENER_THREADS, register
from handlers.ui.render import BlockKitRenderer
from storage.redis_inbox import RedisIdentity


def build(settings: Settings, clock: Clock | None = None, *, only: Only | None = None) -> Bot:
    """Put the bot together from its settings. Nothing is called yet: Slack, AWS and Redis may all be away.

    ``only`` is what the process does; None: everything.
    """
    return _Wiring(settings, clock or SystemClock()).bot(only)


def reconcilers(settings: Settings, clock: Clock | None = None) -> Mapping[str, AnyReconciler]:
    """Return what follows each kind of resource, as the bot's own loop has it. Nothing is called yet."""
    return _Wiring(settings, clock or SystemClock()).reconcilers()


class _Wiring(Base):
    """The parts while they are put together. ``front`` is for handlers, ``back`` for the loop."""

    def bot(self, only: Only | None) -> Bot:
        if only is Only.SLACK:
            self.tagging = None  # it has no rights in AWS: a worker moves the tag, at the lease's next turn
            self.doctor = self.examiner(listens_only=True)
        controller = self.controller()
        store = WakingStore(self.front.resources, self.bell.ring)
        secret = self.settings.slack_signing_secret
        # Bolt warns of a token beside ``authorize``
        client = posting_client(None, self.settings.slack_api_url, self.moves)
        listeners = ListenerThreads(LISTENER_THREADS)
        app = App(
            name="tunesmith",  # else Bolt walks the whole stack for one
            logger=logging.getLogger("slack_bolt"),
            client=client,
            authorize=authorization(self.posting),  # Slack may be away when we start
            request_verification_enabled=secret is not None,
            signing_secret=secret.get_secret_value() if secret else None,
            raise_error_for_unhandled_request=True,  # for handlers.listeners.left_over
            listener_executor=listeners,
        )
        client.token = self.posting.token
        register(
            app,
            lambda viewer: self.services(store, viewer),
            later=listeners.later,
            check_room=listeners.check_room,
        )
        readiness = Readiness(self.trials(only), self.clock)
        operators = Operators(self.last_resorts, self.say, self.front.inbound, self.clock)
        return Bot(
            Dependencies(
                settings=self.settings,
                app=app,
                controller=controller,
                watchdog=self.watchdog(controller),
                front=self.front,
                keys=self.keys,
                listeners=listeners,
                readiness=readiness,
                scratch=self.scratch,
                end_work=self.end_work,
                operators=operators,
                monitoring=self.monitoring(),
                follows=only is not Only.SLACK,
                watches=self.watches(),
            )
        )

    def trials(self, only: Only | None) -> Mapping[str, Trial]:
        """Return what is tried again and again: a process that listens alone needs nothing of AWS."""
        if only is Only.SLACK:
            return slack_trials(self.reading)
        return {
            **trials(self.reading, self.aws, self.settings.buckets),
            "whether a second bot has this prefix": self.rivals().try_it,
        }

    def rivals(self) -> Rivals:
        """Return what notices a second bot of this prefix, by marks in the first of the buckets."""
        buckets, prefix = self.settings.buckets, self.settings.redis_prefix
        identity = RedisIdentity(self.front.client, self.keys)
        return Rivals(self.marks(), min(buckets), prefix, identity.word, self.clock)

    def monitoring(self) -> Monitoring:
        """Return the figures for Prometheus: what the store knows is read on the quick client."""
        return Monitoring([partial(figures, self.front, self.keys, self.prices)], self.clock)

    def watches(self) -> dict[str, Callable[[threading.Event], None]]:
        """Return what waits for Bedrock's events, for each region that has a queue of them."""
        store, back = self.resources, self.back
        return {
            f"events in {region}": EventWatch(
                SqsEvents(self.aws, region, url),
                store,
                back.observations,
                self.clock,
                region,
                partial(running, store, region),
            ).run
            for region, url in self.settings.event_queues.items()
        }

    def end_work(self) -> None:
        """End whatever is worked on in other processes."""
        self.workers.close()
        self.drawing.close()

    def services(self, store: ResourceStore, viewer: Viewer) -> Services:
        """Return what handlers call for a viewer, on the quick client."""
        directory, budget_service = self.directory(store, self.front, viewer), self.budget_service(self.front)
        access, clock, settings, prices = self.access, self.clock, self.job_settings, self.prices
        unmanaged = UnmanagedJobsService(store, directory, access, clock, self.settings.buckets)
        jobs = JobService(store, directory, prices, access, clock, settings, budget_service, unmanaged)
        ways = self.ways_of_serving(store, directory, self.front)
        purchases = {kind: each(prices, settings) for kind, each in PURCHASES.items()}
        return Services(
            access=access,
            inbound=self.front.inbound,
            presence=self.memberships,
            moves=self.moves,
            details=self.front.details,
            refusals=self.front.audit,
            datasets=DatasetService(directory),
            uploads=UploadService(store, directory, clock),
            derivations=DerivationService(store, directory, clock),
            distillations=DistillationService(
                store, directory, prices, access, clock, settings, budget_service
            ),
            jobs=jobs,
            unmanaged=unmanaged,
            strays=StrayService(
                store, directory, access, clock, prices, self.settings.buckets, ways.leases, ways.deployments
            ),
            followers=FollowService(store, jobs),
            readers=QuietHoursService(self.front.readers, clock),
            digests=DigestService(store, clock, self.moves.here(self.settings.operator)),
            sweeps=SweepService(store, directory, jobs, prices, access, clock, settings, budget_service),
            leases=ways.leases,
            serving=ServingService(directory, access, ways, self.resolver(directory, ways, self.front)),
            deployments=ways.deployments,
            extensions=self.extension_service(store, ways.leases, budget_service),
            schedules=ScheduleService(store, directory, prices, access, clock, self.limits),
            swaps=SwapService(store, directory, ways.leases, prices, access, clock, self.limits),
            raising=self._raising(store, directory, budget_service, purchases),
            votes=VotingService(store, directory, access, clock, budget_service, purchases),
            questions=self._questions(store, directory),
            kept=self._kept(store, directory),
            waking=self._waking(store, directory, ways.leases, budget_service),
            channels=self._channels(directory),
            feedback=FeedbackService(self.front.feedback, directory, clock),
            prices=prices,
            spending=SpendingService(budget_service, directory, prices),
            pictures=PictureService(store, clock),
            aliases=AliasService(self.front.aliases, directory, access, clock, store, BlockKitRenderer()),
            answering=self._answering(directory),
            trials=TrialService(store, directory, prices, clock, settings),
            sharing=SharingService(self.front.shares, directory, access, clock),
            renaming=self._renaming(directory, lambda: jobs.taken().models),
            deletions=DeletionService(store, directory, prices, access, clock),
            handovers=HandoverService(store, directory, access, clock),
            doctor=self.doctor,
            directory=directory,
        )

    def _renaming(self, directory: Directory, taken: Callable[[], Collection[str]]) -> RenamingService:
        datasets, models = self.front.datasets, self.front.models
        return RenamingService(datasets, models, directory, self.access, self.clock, taken)

    def _raising(
        self,
        store: ResourceStore,
        directory: Directory,
        budget_service: BudgetService,
        purchases: Mapping[str, AnyPurchase],
    ) -> RaisingService:
        return RaisingService(
            store, directory, self.access, self.clock, budget_service, purchases, BlockKitRenderer()
        )

    def extension_service(
        self, store: ResourceStore, leases: LeaseService, budget_service: BudgetService
    ) -> ExtensionService:
        """Return the use cases of more time, for the viewer of those leases."""
        return ExtensionService(
            store,
            leases,
            self.prices,
            self.access,
            self.clock,
            budget_service,
            self.limits,
            renderer=BlockKitRenderer(),
            endpoints=self.tagging,
        )

    def _questions(self, store: ResourceStore, directory: Directory) -> QuestionService:
        limiter = self.rate_limiter(self.front)
        return QuestionService(store, directory, self.front.conversations, self.clock, limiter, self.lines)

    def _waking(
        self, store: ResourceStore, directory: Directory, leases: LeaseService, budget_service: BudgetService
    ) -> WakingService:
        prices, access, clock = self.prices, self.access, self.clock
        return WakingService(store, leases, directory, prices, access, clock, budget_service, self.limits)

    def _kept(self, store: ResourceStore, directory: Directory) -> KeptService:
        wakes = ServedWakes(self.front.resources, LeasePurchase(self.prices, self.limits), self.prices)
        return KeptService(store, directory, wakes, BlockKitRenderer(), self.clock)

    def _channels(self, directory: Directory) -> ChannelService:
        kept, base_meanwhile = self.front.channel_settings, self.settings.base_meanwhile
        return ChannelService(kept, directory, self.access, self.clock, base_meanwhile=base_meanwhile)

    def _answering(self, directory: Directory) -> AnsweringService:
        longest, kept = self.settings.max_answer_tokens, self.front.answer_settings
        return AnsweringService(kept, directory, self.access, self.clock, longest)

    def watchdog(self, controller: Controller) -> Watchdog:
        """Return what ends throughput whose time is over while the store is silent: past it, and past its limiter."""
        return Watchdog(
            self.back.resources,
            BedrockEndpoints(self.aws),
            StorelessMessages(
                SlackMessages(self.posting, self.reading),
                self.clock,
                partial(is_surely_kept_out, self.memberships),
            ),
            self.clock,
            BlockKitRenderer(),
            silence=controller.silence,
            regions=self.settings.buckets,
            bot=self.settings.redis_prefix,
            operators=self.last_resorts,
            damage=self.damage,
        )

    def controller(self) -> Controller:
        """Return the loop with a reconciler for every kind, on the patient client."""
        return Controller(
            self.back.resources,
            self.reconcilers(),
            self.clock,
            Pace(lanes=self.lanes),
            kinds=KINDS,
            standing=[each for kind in KINDS.values() for each in kind.standing(self.settings.buckets)],
            heartbeats=self.back.heartbeats,
            bell=self.bell,
        )

    def reconcilers(self) -> dict[str, AnyReconciler]:
        """Return every kind's reconciler, with its failures told."""
        ports = ports_of(self)
        return {
            name: FailureReporter(kind, kind.build(ports), ports.outbox, ports.renderer, ports.hears)
            for name, kind in KINDS.items()
        }
