"""One value with everything that reconcilers are built from: each kind takes of it what it names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Protocol

from bot.access import Access
from bot.adapters.account_checks import AwsAccountChecks
from bot.adapters.bedrock_batches import BedrockBatches
from bot.adapters.bedrock_deployments import BedrockDeployments
from bot.adapters.bedrock_endpoints import BedrockEndpoints
from bot.adapters.bedrock_guardrail import BedrockGuardrail
from bot.adapters.bedrock_jobs import BedrockJobs
from bot.adapters.bedrock_runtime import BedrockRuntime
from bot.adapters.charts import WorkerCharts
from bot.adapters.cloudwatch_invocations import CloudWatchInvocations
from bot.adapters.curve_picture import CurvePictures
from bot.adapters.s3_answers import S3Answers
from bot.adapters.s3_results import S3JobResults
from bot.adapters.service_quotas import ServiceQuotas
from bot.adapters.slack_canvases import SlackCanvases
from bot.adapters.slack_files import SlackFiles
from bot.adapters.slack_messages import SlackMessages
from bot.adapters.slack_pins import SlackPins
from bot.adapters.slack_status import SlackStatus
from bot.adapters.slack_streams import SlackStreams
from bot.audit.ports import Segments, Trail
from bot.charts.ports import Charts
from bot.clock import Clock
from bot.controller.canvases import Canvases
from bot.controller.details import DetailedMessages
from bot.controller.outbox.messages import Outbox
from bot.controller.ports import Messages, RateLimiter, Renderer, ResourceStore, Thinking
from bot.controller.rate_limits import PacedMessages, PacedReads
from bot.controller.shared_files import SharedFiles
from bot.controller.slots import Slots
from bot.datasets.ports import DatasetFiles
from bot.datasets.screening import Guardrail
from bot.datasets.service import Datasets
from bot.datasets.workers import Workers
from bot.deployments.ports import AccountQuotas, Deployments
from bot.distillations.ports import Batches, BatchResults
from bot.jobs.dependencies import Cadence
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
from bot.kinds import RECOVERIES
from bot.leases.ports import Endpoints, Invocations, ThroughputQuotas
from bot.leases.purchase import LeasePurchase
from bot.models.ports import ModelRepository
from bot.notifications.quiet_hours import QuietHours
from bot.pricing.book import PriceBook
from bot.questions.detailed_streams import DetailedStreams
from bot.questions.ports import Answerers, Conversations, DirectReaders, Inference, Sessions, Streams, Wakes
from bot.questions.rate_limits import PacedSessions
from bot.questions.reconciler.dependencies import Meanwhile
from bot.rivals import MarkedNeighbours
from bot.serving.answerers import ServedAnswerers
from bot.serving.resolver import Resolver
from bot.serving.wakes import ServedWakes
from bot.spending.archive import PlanKeeper
from bot.spending.budget_service import BudgetService
from bot.spending.comparing import Neighbours, Recovery
from bot.visibility import ChannelMemberships, Viewer, is_surely_kept_out
from bot.wiring.base import Base
from handlers.direct_messages import OfferedMessages, OfferedStreams, Offering, Readers
from handlers.register import whose_buttons
from handlers.ui.render import BlockKitRenderer
from storage.s3_audit import S3Segments
from storage.s3_datasets import S3DatasetFiles
from storage.s3_plans import S3Plans

QUICKEST_EDIT = 5.0
"""Seconds between two edits of a live card when only the time has changed: Slack takes about fifty a minute in all."""


class Quotas(AccountQuotas, ThroughputQuotas, Protocol):
    """All that Service Quotas are asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Every port, on the patient client. A new one is a line here and one in ``ports_of``."""

    # What nearly all share
    store: ResourceStore
    outbox: Outbox
    renderer: Renderer
    clock: Clock
    random: Random
    settings: JobSettings
    cadence: Cadence
    recoveries: tuple[Recovery[Any], ...] = RECOVERIES
    access: Access
    hears: tuple[str, ...]
    """People or channels who are told what goes wrong: the operator, or the approvers."""
    # Slack
    messages: Messages
    files: SharedFiles
    canvases: Canvases
    pins: Pins
    streams: Streams
    direct_readers: DirectReaders
    thinking: Thinking
    sessions: Sessions
    memberships: ChannelMemberships
    quiet_hours: QuietHours
    rate_limiter: RateLimiter
    # AWS
    customization: Customization
    customization_for_people: Customization
    """With the patience of somebody who waits for it."""
    account: AccountChecks
    endpoints: Endpoints
    deployments: Deployments
    account_quotas: Quotas
    invocations: Invocations
    batches: Batches
    answers: BatchResults
    results: JobResults
    inference: Inference
    guardrails: Mapping[str, Guardrail]
    """Those that the operator named, by region."""
    neighbours: Neighbours
    """The other bots of the account."""
    plans: PlanKeeper
    dataset_files: DatasetFiles
    trail: Trail
    segments: Segments
    """Where the audit is published."""
    # What is kept
    datasets: Datasets
    models: ModelRepository
    observations: Observations
    together: Together
    history: JobHistory
    conversations: Conversations
    answerers: Answerers
    wakes: Wakes
    meanwhile: Meanwhile
    """What becomes of questions to models that are asleep."""
    # Money
    prices: PriceBook
    budget_service: BudgetService
    # Work on files
    folder: Path
    workers: Workers
    places: Slots
    cap_bytes: int
    default_profile: str
    painter: CurvePainter
    charts: Charts
    stall_after: timedelta


def ports_of(base: Base) -> Ports:
    """Return the bot's own ports. Nothing is called yet."""
    limiter, settings, back = base.rate_limiter(base.back), base.settings, base.back
    offering, messages, streams = _offered(base, limiter)
    return Ports(
        store=base.resources,
        outbox=_outbox(base, messages, limiter),
        renderer=BlockKitRenderer(),
        clock=base.clock,
        random=base.jitter,
        settings=base.job_settings,
        cadence=_cadence(settings.poll_seconds, settings.preflight_seconds),
        access=base.access,
        hears=base.last_resorts,
        messages=messages,
        files=SlackFiles(base.posting, base.reading, settings.slack_api_url),
        canvases=SlackCanvases(base.posting, base.reading, base.clock),
        pins=SlackPins(base.posting),
        streams=streams,
        direct_readers=offering.readers,
        thinking=SlackStatus(base.posting),
        sessions=PacedSessions(SlackStatus(base.posting), limiter),
        memberships=base.memberships,
        quiet_hours=base.quiet_hours,
        rate_limiter=limiter,
        customization=BedrockJobs(base.aws, model_keys=settings.model_keys),
        customization_for_people=BedrockJobs(base.aws, for_people=True),
        account=AwsAccountChecks(base.aws, settings.buckets, settings.model_keys),
        endpoints=BedrockEndpoints(base.aws),
        deployments=BedrockDeployments(base.aws),
        account_quotas=ServiceQuotas(base.aws, base.clock),
        invocations=CloudWatchInvocations(base.aws),
        batches=BedrockBatches(base.aws),
        answers=S3Answers(base.aws),
        results=S3JobResults(base.aws),
        inference=BedrockRuntime(base.aws),
        guardrails=_guardrails(base),
        neighbours=MarkedNeighbours(base.marks(), min(settings.buckets), base.clock),
        plans=PlanKeeper(S3Plans(base.aws.s3_interactive, settings.buckets)),
        dataset_files=S3DatasetFiles(base.aws.s3, settings.buckets),
        trail=back.audit,
        segments=S3Segments(base.aws.s3_interactive, settings.buckets, settings.redis_prefix),
        datasets=base.datasets(back),
        models=back.models,
        observations=back.observations,
        together=back.together,
        history=back.history,
        conversations=back.conversations,
        answerers=_answerers(base),
        wakes=ServedWakes(base.resources, LeasePurchase(base.prices, base.limits), base.prices),
        meanwhile=Meanwhile(back.channel_settings, settings.base_meanwhile),
        prices=base.prices,
        budget_service=base.budget_service(back),
        folder=base.scratch.folder,
        workers=base.workers,
        places=base.places,
        cap_bytes=settings.max_file_bytes,
        default_profile=settings.base_model,
        painter=CurvePictures(WorkerCharts(base.drawing)),
        charts=WorkerCharts(base.drawing),
        stall_after=timedelta(hours=settings.stall_hours),
    )


def _offered(base: Base, limiter: RateLimiter) -> tuple[Offering, OfferedMessages, OfferedStreams]:
    """Return how is posted and streamed: paced, with details kept beside it, and with the buttons of who reads it."""
    kept, reads = base.back.details, PacedReads(limiter)
    offering = Offering(base.access, whose_buttons(), Readers(_reader_by(base.memberships)))
    paced = PacedMessages(SlackMessages(base.posting, base.reading, reads), limiter)
    streams = DetailedStreams(SlackStreams(base.posting, base.reading, reads), kept)
    messages = OfferedMessages(DetailedMessages(paced, kept), offering)
    return offering, messages, OfferedStreams(streams, offering)


def _outbox(base: Base, messages: Messages, limiter: RateLimiter) -> Outbox:
    return Outbox(
        messages,
        base.clock,
        last_resorts=base.last_resorts,
        rate_limiter=limiter,
        is_kept_out=partial(is_surely_kept_out, base.memberships),
    )


def _reader_by(memberships: ChannelMemberships) -> Callable[[str], str]:
    def ask(channel: str) -> str:
        place = memberships.place(channel)
        return place.person if place else ""

    return ask


def _cadence(poll: float, preflight: float) -> Cadence:
    return Cadence(poll=poll, refresh=max(QUICKEST_EDIT, min(60.0, poll)), preflight=preflight)


def _guardrails(base: Base) -> Mapping[str, Guardrail]:
    named = {region: each.split(":") for region, each in base.settings.guardrails.items()}
    return {
        region: BedrockGuardrail(base.aws, region, guardrail, version)
        for region, (guardrail, version) in named.items()
    }


def _answerers(base: Base) -> Answerers:
    def resolver(viewer: Viewer) -> Resolver:
        directory = base.directory(base.resources, base.back, viewer)
        ways = base.ways_of_serving(base.resources, directory, base.back)
        return base.resolver(directory, ways, base.back)

    return ServedAnswerers(resolver)
