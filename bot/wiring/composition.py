"""The bot put together from its parts: use cases for people, reconcilers for the loop."""

import logging
from collections.abc import Mapping
from datetime import timedelta

from slack_bolt import App

from bot.account.reconciler import AccountDependencies, AccountReconciler
from bot.adapters.account_checks import AwsAccountChecks
from bot.adapters.bedrock_endpoints import BedrockEndpoints
from bot.adapters.bedrock_guardrail import BedrockGuardrail
from bot.adapters.bedrock_jobs import BedrockJobs
from bot.adapters.bedrock_runtime import BedrockRuntime
from bot.adapters.curve_picture import PillowPainter
from bot.adapters.readiness import trials
from bot.adapters.s3_answers import S3Answers
from bot.adapters.s3_results import S3JobResults
from bot.adapters.slack_authorization import authorization
from bot.adapters.slack_clients import posting_client
from bot.adapters.slack_files import SlackFiles
from bot.adapters.slack_messages import SlackMessages
from bot.adapters.slack_pins import SlackPins
from bot.adapters.slack_status import SlackStatus
from bot.adapters.slack_streams import SlackStreams
from bot.clock import Clock, SystemClock
from bot.config import Settings
from bot.controller.context import Reconciler
from bot.controller.controller import Controller
from bot.controller.failure_reporting import FailureReporter
from bot.controller.outbox.storeless import StorelessMessages
from bot.controller.ports import ResourceStore
from bot.controller.rate_limits import PacedReads
from bot.controller.wakeup import WakingStore
from bot.derivations.reconciler.derivation import DerivationReconciler
from bot.derivations.reconciler.workshop import DerivationDependencies
from bot.derivations.service import DerivationService
from bot.digests.reconciler import DigestDependencies, DigestReconciler
from bot.digests.service import DigestService
from bot.directory.datasets import DatasetService
from bot.directory.sharing import SharingService
from bot.directory.spending import SpendingService
from bot.distillations.context import DistillationDependencies
from bot.distillations.reconciler.distillation import DistillationReconciler
from bot.distillations.service import DistillationService
from bot.jobs.context import JobDependencies
from bot.jobs.follow_service import FollowService
from bot.jobs.overlap import Overlap
from bot.jobs.poll import PollReconciler
from bot.jobs.recent_runs import RecentRuns, RecentRunsDependencies
from bot.jobs.reconciler.job import JobReconciler
from bot.jobs.service import JobService
from bot.kinds import KINDS
from bot.leases.answerers import LeaseAnswerers
from bot.leases.context import LeaseDependencies
from bot.leases.extension_service import ExtensionService
from bot.leases.reconciler.lease import LeaseReconciler
from bot.leases.reconciler.release import ReleaseReconciler
from bot.leases.watchdog import Watchdog
from bot.listening import ListenerThreads
from bot.notifications.reconciler import NotificationReconciler
from bot.notifications.service import QuietHoursService
from bot.operators import Operators
from bot.process import Bot, Dependencies
from bot.questions.answering import Asking
from bot.questions.rate_limits import PacedStreams
from bot.questions.reconciler.budget import Purse
from bot.questions.reconciler.parts import QuestionDependencies
from bot.questions.reconciler.question import QuestionReconciler
from bot.questions.service import QuestionService
from bot.readiness import Readiness
from bot.services import Services
from bot.sweeps.reconciler import SweepReconciler
from bot.sweeps.service import SweepService
from bot.unmanaged.reconciler import UnmanagedJobsReconciler
from bot.unmanaged.service import UnmanagedJobsService
from bot.uploads.context import UploadDependencies
from bot.uploads.reconciler.upload import UploadReconciler
from bot.uploads.screening import Screening
from bot.uploads.service import UploadService
from bot.visibility import Viewer
from bot.wiring.base import Base, Common
from handlers.register import LISTENER_THREADS, register
from storage.s3_datasets import S3DatasetFiles


def build(settings: Settings, clock: Clock | None = None) -> Bot:
    """Put the bot together from its settings. Nothing is called yet: Slack, AWS and Redis may all be away."""
    return _Wiring(settings, clock or SystemClock()).bot()


def reconcilers(settings: Settings, clock: Clock | None = None) -> Mapping[str, Reconciler]:
    """Return what follows each kind of resource, as the bot's own loop has it. Nothing is called yet."""
    return _Wiring(settings, clock or SystemClock()).reconcilers()


class _Wiring(Base):
    """The parts while they are put together. ``front`` is for handlers, ``back`` for the loop."""

    def bot(self) -> Bot:
        controller = self.controller()
        store = WakingStore(self.front.resources, self.bell.ring)
        secret = self.settings.slack_signing_secret
        # Bolt warns of a token beside ``authorize``
        client = posting_client(None, self.settings.slack_api_url)
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
        register(app, lambda viewer: self.services(store, viewer))
        readiness = Readiness(trials(self.reading, self.aws, self.settings.buckets), self.clock)
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
                end_work=self.workers.close,
                operators=operators,
            )
        )

    def services(self, store: ResourceStore, viewer: Viewer) -> Services:
        """Return what handlers call for a viewer, on the quick client."""
        directory, budget_service = self.directory(store, self.front, viewer), self.budget_service(self.front)
        access, clock, settings, prices = self.access, self.clock, self.job_settings, self.prices
        unmanaged = UnmanagedJobsService(store, directory, access, clock, self.settings.buckets)
        jobs = JobService(store, directory, prices, access, clock, settings, budget_service, unmanaged)
        leases = self.lease_service(store, directory, self.front)
        return Services(
            access=access,
            inbound=self.front.inbound,
            datasets=DatasetService(directory),
            uploads=UploadService(store, directory, clock),
            derivations=DerivationService(store, directory, clock),
            distillations=DistillationService(
                store, directory, prices, access, clock, settings, budget_service
            ),
            jobs=jobs,
            unmanaged=unmanaged,
            followers=FollowService(store, jobs),
            readers=QuietHoursService(self.front.readers, clock),
            digests=DigestService(store, clock, self.settings.operator),
            sweeps=SweepService(store, directory, jobs, prices, access, clock, settings, budget_service),
            leases=leases,
            extensions=ExtensionService(
                store, leases, prices, access, clock, budget_service, self.limits, self.tagging
            ),
            questions=QuestionService(store, directory, clock, self.rate_limiter(self.front), self.lines),
            prices=prices,
            spending=SpendingService(budget_service, directory),
            sharing=SharingService(self.front.shares, directory, access, clock),
            directory=directory,
        )

    def watchdog(self, controller: Controller) -> Watchdog:
        """Return what ends throughput whose time is over while the store is silent: past it, and past its limiter."""
        return Watchdog(
            self.back.resources,
            BedrockEndpoints(self.aws),
            StorelessMessages(SlackMessages(self.posting, self.reading), self.clock),
            self.clock,
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
            kinds=KINDS,
            standing=[each for kind in KINDS.values() for each in kind.standing(self.settings.buckets)],
            heartbeats=self.back.heartbeats,
            bell=self.bell,
        )

    def reconcilers(self) -> dict[str, Reconciler]:
        common = Common.of(self)
        job_parts, uploads = self.job_parts(common), self.upload_parts(common)
        made: dict[str, Reconciler] = {
            "job": JobReconciler(job_parts),
            "unmanaged": UnmanagedJobsReconciler(
                BedrockJobs(self.aws, for_people=True), self.prices, self.job_settings, self.clock
            ),
            "sweep": SweepReconciler(job_parts),
            "poll": PollReconciler(
                common.customization,
                self.back.observations,
                self.resources,
                self.clock,
                self.jitter,
                common.cadence.poll,
            ),
            "lease": LeaseReconciler(self.lease_parts(common)),
            "release": ReleaseReconciler(
                common.endpoints, self.resources, self.clock, common.cadence, self.last_resorts
            ),
            "account": AccountReconciler(self.account_dependencies(common)),
            "digest": DigestReconciler(self.digest_parts(common)),
            "notification": NotificationReconciler(common.outbox, self.quiet_hours, self.clock),
            "upload": UploadReconciler(uploads),
            "distillation": self.distilling(common, job_parts),
            "derivation": DerivationReconciler(DerivationDependencies(uploads, self.datasets(self.back))),
            "question": QuestionReconciler(self.question_parts(common)),
        }
        return {
            name: FailureReporter(KINDS[name], each, common.outbox, self.last_resorts)
            for name, each in made.items()
        }

    def job_parts(self, common: Common) -> JobDependencies:
        return JobDependencies(
            customization=common.customization,
            account=AwsAccountChecks(self.aws, self.settings.buckets),
            models=self.back.models,
            observations=self.back.observations,
            store=self.resources,
            prices=self.prices,
            outbox=common.outbox,
            renderer=common.renderer,
            clock=self.clock,
            settings=self.job_settings,
            cadence=common.cadence,
            after=self.after_parts(),
            overlap=Overlap(self.datasets(self.back), self.scratch.folder, self.workers),
            budget_service=self.budget_service(self.back),
            plans=common.plans,
        )

    def distilling(self, common: Common, jobs: JobDependencies) -> DistillationReconciler:
        inputs = S3DatasetFiles(self.aws.s3, self.settings.buckets)
        results = S3Answers(self.aws)
        shelf, uploads = self.datasets(self.back), self.upload_parts(common)
        parts = DistillationDependencies(
            uploads, common.batches, results, inputs, shelf, jobs, self.jitter, common.plans
        )
        return DistillationReconciler(parts)

    def after_parts(self) -> RecentRunsDependencies:
        return RecentRunsDependencies(
            results=S3JobResults(self.aws),
            runs=RecentRuns(self.back.history, self.clock),
            painter=PillowPainter(),
            files=SlackFiles(self.posting, self.reading, self.settings.slack_api_url),
            pins=SlackPins(self.posting),
            quiet_hours=self.quiet_hours,
            memberships=self.memberships,
            stall_after=timedelta(hours=self.settings.stall_hours),
        )

    def digest_parts(self, common: Common) -> DigestDependencies:
        return DigestDependencies(
            store=self.resources,
            outbox=common.outbox,
            renderer=common.renderer,
            prices=self.prices,
            quiet_hours=self.quiet_hours,
            clock=self.clock,
            memberships=self.memberships,
        )

    def lease_parts(self, common: Common) -> LeaseDependencies:
        return LeaseDependencies(
            endpoints=common.endpoints,
            customization=common.customization,
            store=self.resources,
            prices=self.prices,
            outbox=common.outbox,
            renderer=common.renderer,
            clock=self.clock,
            approval_limit=self.settings.approval_limit_usd,
            approvers=self.approvers,
            cadence=common.cadence,
            budget_service=self.budget_service(self.back),
            plans=common.plans,
            bot=self.settings.redis_prefix,
        )

    def account_dependencies(self, common: Common) -> AccountDependencies:
        return AccountDependencies(
            customization=common.customization,
            endpoints=common.endpoints,
            batches=common.batches,
            models=self.back.models,
            plans=common.plans,
            messages=common.messages,
            store=self.resources,
            prices=self.prices,
            settings=self.job_settings,
            outbox=common.outbox,
            clock=self.clock,
            random=self.jitter,
            hears=self.last_resorts,
        )

    def upload_parts(self, common: Common) -> UploadDependencies:
        return UploadDependencies(
            files=SlackFiles(self.posting, self.reading, self.settings.slack_api_url),
            datasets=self.datasets(self.back),
            outbox=common.outbox,
            renderer=common.renderer,
            clock=self.clock,
            folder=self.scratch.folder,
            cap_bytes=self.settings.max_file_bytes,
            default_profile=self.settings.base_model,
            workers=self.workers,
            places=self.places,
            thinking=SlackStatus(self.posting),
            screening=self.screening(common) if self.settings.guardrails else None,
        )

    def screening(self, common: Common) -> Screening:
        named = {region: each.split(":") for region, each in self.settings.guardrails.items()}
        return Screening(
            guardrails={
                region: BedrockGuardrail(self.aws, region, guardrail, version)
                for region, (guardrail, version) in named.items()
            },
            budget_service=self.budget_service(self.back),
            prices=self.prices,
            store=self.resources,
            approvers=self.approvers,
            outbox=common.outbox,
            renderer=common.renderer,
            clock=self.clock,
        )

    def question_parts(self, common: Common) -> QuestionDependencies:
        answerers = LeaseAnswerers(
            lambda viewer: self.lease_service(
                self.resources, self.directory(self.resources, self.back, viewer), self.back
            )
        )
        return QuestionDependencies(
            asking=Asking(BedrockRuntime(self.aws), self.back.conversations, answerers),
            streams=PacedStreams(
                SlackStreams(self.posting, self.reading, PacedReads(common.rate_limiter)), common.rate_limiter
            ),
            messages=common.messages,
            outbox=common.outbox,
            renderer=common.renderer,
            store=self.resources,
            thinking=SlackStatus(self.posting),
            sessions=SlackStatus(self.posting),
            clock=self.clock,
            rate_limiter=common.rate_limiter,
            purse=Purse(
                self.budget_service(self.back), self.prices, self.resources, self.approvers, self.clock
            ),
        )
