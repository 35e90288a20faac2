"""What everything is built on: clients, Redis, prices, who may do what."""

import random

from redis import Redis

from bot import tracing
from bot.adapters.bedrock_endpoints import BedrockEndpoints
from bot.adapters.slack_channel_memberships import SlackChannelMemberships
from bot.adapters.slack_clients import Ourselves, posting_client, reading_client
from bot.adapters.slack_errors import slack_call
from bot.adapters.slack_memberships import SlackMemberships
from bot.adapters.slack_people import SlackPeople
from bot.adapters.slack_rosters import SlackRosters
from bot.adapters.worker_processes import WorkerProcesses
from bot.checkup import Doctor
from bot.clock import Clock
from bot.config import Settings
from bot.controller.damage import Damage
from bot.controller.lanes import Lanes
from bot.controller.ports import ResourceStore
from bot.controller.rate_limits import RATE_LIMITS
from bot.controller.schema import Reading
from bot.controller.slots import Slots
from bot.controller.wakeup import Bell, WakingStore
from bot.datasets.service import Datasets
from bot.deployments.service import DeploymentService
from bot.directory.directory import Directory
from bot.jobs.model import JobSettings
from bot.kinds import CALLED, SCHEMAS, SOURCES
from bot.leases.extensions import Limits
from bot.leases.service import LeaseService
from bot.models.ports import ModelStores
from bot.moved_channels import BudgetsHere, KnownHere
from bot.notifications.quiet_hours import QuietHours
from bot.pricing.book import PriceBook
from bot.questions.waiting_line import LineLimits
from bot.scratch import Scratch, default_root
from bot.serving.resolver import Resolver
from bot.serving.ways import Ways
from bot.spending.budget_service import BudgetService
from bot.visibility import Viewer
from bot.wiring.access import access_of, last_resorts, named
from bot.wiring.auditing import stores_of
from bot.wiring.clients import aws_clients
from bot.wiring.clusters import cluster_key
from bot.wiring.doctor import examiner
from bot.wiring.moves import channel_moves
from storage import clients
from storage.keys import Keys
from storage.redis_rate_limits import RedisRateLimiter
from storage.redis_traces import RedisTraces
from storage.s3_datasets import S3DatasetFiles
from storage.s3_plans import S3Marks
from storage.stores import Stores

SPARE_CONNECTIONS = 16
"""For the loop itself, the watchdog, the trials of what is needed, and handlers that ask AWS."""


class Base:
    """The clients and stores, made once. ``front`` is for handlers, ``back`` for the loop."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock
        self.keys = Keys(settings.redis_prefix)
        self.scratch = Scratch(default_root())
        url = settings.redis_url.get_secret_value()
        self.damage = Damage(CALLED)
        self.lanes = Lanes(answers=settings.answers_at_once, work=settings.steps_at_once)
        # A connection for each thread, and some for those that are none of the loop's.
        connections = self.lanes.threads + SPARE_CONNECTIONS
        stores_on = stores_of(settings, self.keys, Reading(SCHEMAS, self.damage))
        self.front = stores_on(clients.interactive(url, cluster_key(settings)))
        self.back = stores_on(clients.worker(url, connections, cluster_key(settings)))
        if tracing.is_on():
            tracing.carry_by(RedisTraces(self.front.client, self.keys))
        self.bell = Bell(clock)
        self.resources = WakingStore(self.back.resources, self.bell.ring)
        self.prices = PriceBook(settings.prices)
        self.last_resorts = last_resorts(settings)
        self.aws = aws_clients(settings, connections)
        self.tagging: BedrockEndpoints | None = BedrockEndpoints(self.aws, for_people=True)
        self.limits = Limits(
            settings.approval_limit_usd,
            settings.self_approval_limit_usd,
            settings.max_lease_minutes,
            settings.idle_minutes,
            settings.commitment_terms,
        )
        self._limiters: dict[Redis, RedisRateLimiter] = {}
        self.lines = LineLimits(settings.questions_per_person, settings.questions_per_channel)
        self.workers = WorkerProcesses(settings.files_at_once)
        self.drawing = WorkerProcesses(1)
        """Draws charts: a process of its own, so that no picture waits for a file."""
        self.places = Slots(settings.files_at_once, clock, self.scratch.free)
        self.jitter = random.Random()  # noqa: S311 -- spreads calls, keeps no secret
        token = settings.slack_bot_token.get_secret_value()
        address = settings.slack_api_url
        self.moves = channel_moves(settings, self.front.moves, clock)
        self.posting = posting_client(token, address, self.moves)
        self.reading = reading_client(token, address, self.moves)
        ourselves = Ourselves(self.reading)
        # People wait for these answers: a client that gives up sooner.
        quick = posting_client(token, address, self.moves)
        people = SlackMemberships(quick, ourselves, clock, self.front.memberships)
        self.memberships = SlackChannelMemberships(
            quick, ourselves, clock, people, self.front.members, self.moves.here
        )
        roles = KnownHere(named(settings), self.moves)
        rosters = SlackRosters(quick, clock, self.memberships, self.front.rosters, roles)
        self.access = access_of(settings, people, rosters, self.moves)
        self.doctor = self.examiner()
        self.quiet_hours = QuietHours(self.back.readers, SlackPeople(self.reading), clock)
        self.job_settings = JobSettings(
            role_arn=settings.role_arn,
            buckets=settings.buckets,
            approval_limit=settings.approval_limit_usd,
            self_approval_limit=settings.self_approval_limit_usd,
            bot=settings.redis_prefix,
            terms=settings.commitment_terms,
        )

    def examiner(self, *, listens_only: bool = False) -> Doctor:
        """Return what looks at all that the bot needs; one that only listens has no rights in AWS."""
        return examiner(
            self.settings, self.reading, self.aws, self.front.client, self.clock, listens_only=listens_only
        )

    def marks(self) -> S3Marks:
        """Return where bots leave their marks: in the first of the buckets, by the name of its region."""
        return S3Marks(self.aws.s3_interactive, self.settings.buckets)

    def budget_service(self, stores: Stores) -> BudgetService:
        """Return the keeper of budgets, on one of the two clients."""
        return BudgetService(stores.ledger, BudgetsHere(self.settings.budgets, self.moves), self.clock)

    def datasets(self, stores: Stores) -> Datasets:
        """Return the use cases of datasets, on one of the two clients."""
        files = S3DatasetFiles(self.aws.s3, self.settings.buckets)
        return Datasets(files, stores.datasets, self.clock, self.workers)

    def rate_limiter(self, stores: Stores) -> RedisRateLimiter:
        """Return the limiter that all processes share, with the lines of questions beside Slack's limits."""
        if stores.client not in self._limiters:
            limiter = RedisRateLimiter(stores.client, self.keys, {**RATE_LIMITS, **self.lines.limits})
            self._limiters[stores.client] = limiter
        return self._limiters[stores.client]

    def directory(self, store: ResourceStore, stores: Stores, viewer: Viewer) -> Directory:
        """Return what a viewer may see, looked up on one of the two clients."""
        return Directory(
            viewer,
            self.memberships,
            store,
            stores.datasets,
            ModelStores(stores.models, stores.shares, stores.aliases),
            self.access,
            SOURCES,
        )

    def lease_service(self, store: ResourceStore, directory: Directory, stores: Stores) -> LeaseService:
        """Return the use cases of leases for a viewer, on one of the two clients."""
        budget_service = self.budget_service(stores)
        return LeaseService(
            store, directory, self.prices, self.access, self.clock, budget_service, self.limits
        )

    def deployment_service(self, store: ResourceStore, directory: Directory) -> DeploymentService:
        """Return the use cases of deployments for the viewer of that directory."""
        return DeploymentService(store, directory, self.prices, self.access, self.clock)

    def ways_of_serving(self, store: ResourceStore, directory: Directory, stores: Stores) -> Ways:
        """Return how models are served, for the viewer of that directory."""
        return Ways(self.lease_service(store, directory, stores), self.deployment_service(store, directory))

    def resolver(self, directory: Directory, ways: Ways, stores: Stores) -> Resolver:
        """Return what says which model answers, for the viewer of that directory."""
        longest = self.settings.max_answer_tokens
        return Resolver(directory, self.access, ways.all, longest, stores.answer_settings)

    def say(self, place: str, text: str) -> None:
        """Write to a person or channel at once, past all queues."""
        with slack_call("chat.postMessage", writes=True):
            self.posting.chat_postMessage(channel=place, text=text, unfurl_links=False)
