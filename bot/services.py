"""The use cases: all that handlers, the command line and the worker may call.

A desk takes what a person wants, checks what can be checked at once, and writes it down as the ``spec`` of a
durable thing; a reconciler (``bot.following.kinds``) does it and answers in Slack. A desk never waits for Slack or
AWS, so that a handler can call it within Slack's three seconds.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.access import Access
from bot.controller.ports import InboundLog
from bot.derivations.service import DeriveDesk
from bot.digests.service import DigestDesk
from bot.directory.datasets import DatasetDesk
from bot.directory.directory import Directory
from bot.directory.sharing import SharingDesk
from bot.directory.spending import SpendingDesk
from bot.distillations.service import DistillDesk
from bot.jobs.follow_service import FollowDesk
from bot.jobs.service import JobDesk
from bot.leases.extension_service import ExtensionDesk
from bot.leases.service import LeaseDesk
from bot.notifications.service import ReaderDesk
from bot.pricing.book import PriceBook
from bot.questions.service import QuestionDesk
from bot.sweeps.service import SeriesDesk
from bot.unmanaged.service import CensusDesk
from bot.uploads.service import UploadDesk
from bot.visibility import Viewer


@dataclass(frozen=True, slots=True)
class Services:
    """What there is to call for one viewer, put together by ``bot.wiring`` for each request.

    Nothing looks anything up without a viewer: every desk that reads was built with this viewer's ``directory``.
    """

    access: Access
    inbound: InboundLog
    datasets: DatasetDesk
    uploads: UploadDesk
    derivations: DeriveDesk
    distillations: DistillDesk
    jobs: JobDesk
    followers: FollowDesk
    readers: ReaderDesk
    digests: DigestDesk
    series: SeriesDesk
    census: CensusDesk
    leases: LeaseDesk
    extensions: ExtensionDesk
    questions: QuestionDesk
    prices: PriceBook
    spending: SpendingDesk
    sharing: SharingDesk
    directory: Directory


ServicesFor = Callable[[Viewer], Services]
"""Puts the services together for whoever asks."""
