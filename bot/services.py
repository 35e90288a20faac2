"""The use cases: all that handlers, the command line and the worker may call.

A service takes what a person wants, checks what can be checked at once, and writes it down as the ``spec`` of a
durable resource; a reconciler (``bot/<feature>/reconciler``) does it and answers in Slack. A service never waits for
Slack or AWS, so that a handler can call it within Slack's three seconds.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.access import Access
from bot.audit.ports import Refusals
from bot.checkup import Doctor
from bot.controller.model import Key
from bot.controller.ports import Details, Inbox
from bot.deletions.service import DeletionService
from bot.deployments.service import DeploymentService
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
from bot.distillations.service import DistillationService
from bot.jobs.follow_service import FollowService
from bot.jobs.service import JobService
from bot.leases.extension_service import ExtensionService
from bot.leases.model import EXTENSION
from bot.leases.service import LeaseService
from bot.leases.swap_service import SwapService
from bot.leases.waking_service import WakingService
from bot.moved_channels import ChannelMoves
from bot.notifications.service import QuietHoursService
from bot.pictures.service import PictureService
from bot.pricing.book import PriceBook
from bot.questions.channel_service import ChannelService
from bot.questions.feedback_service import FeedbackService
from bot.questions.kept_service import KeptService
from bot.questions.service import QuestionService
from bot.schedules.service import ScheduleService
from bot.serving.handover_service import HandoverService
from bot.serving.service import ServingService
from bot.spending.offers import Shown
from bot.spending.votes import Choice
from bot.strays.service import StrayService
from bot.sweeps.service import SweepService
from bot.trials.service import TrialService
from bot.unmanaged.service import UnmanagedJobsService
from bot.uploads.service import UploadService
from bot.visibility import MembershipNews, Viewer


@dataclass(frozen=True, slots=True)
class Services:
    """What there is to call for one viewer, put together by ``bot.wiring`` for each request.

    Nothing looks anything up without a viewer: every service that reads was built with this viewer's ``directory``.
    """

    access: Access
    inbound: Inbox
    presence: MembershipNews
    """Hears of who comes to a conversation and who leaves it."""
    moves: ChannelMoves
    """Hears which channels got another ID, and exchanges IDs in what is delivered."""
    details: Details
    refusals: Refusals
    """Where they are written; what is decided is written with what it changes."""
    datasets: DatasetService
    uploads: UploadService
    derivations: DerivationService
    distillations: DistillationService
    jobs: JobService
    followers: FollowService
    readers: QuietHoursService
    digests: DigestService
    sweeps: SweepService
    unmanaged: UnmanagedJobsService
    strays: StrayService
    leases: LeaseService
    extensions: ExtensionService
    swaps: SwapService
    schedules: ScheduleService
    serving: ServingService
    deployments: DeploymentService
    votes: VotingService
    questions: QuestionService
    kept: KeptService
    waking: WakingService
    feedback: FeedbackService
    channels: ChannelService
    prices: PriceBook
    spending: SpendingService
    pictures: PictureService
    trials: TrialService
    raising: RaisingService
    aliases: AliasService
    answering: AnsweringService
    sharing: SharingService
    renaming: RenamingService
    deletions: DeletionService
    handovers: HandoverService
    doctor: Doctor
    directory: Directory

    def vote(
        self,
        plan: Key,
        choice: Choice,
        by: str,
        shown: Shown | None = None,
        reason: str = "",
    ) -> None:
        """Count a vote on a plan of any kind, or on more time for a lease, which is decided within it."""
        if plan.kind == EXTENSION:
            self.extensions.press(plan.id, choice, by, shown, reason)
        else:
            self.votes.vote(plan, choice, by, shown, reason)


ServicesFor = Callable[[Viewer], Services]
"""Puts the services together for whoever asks."""
