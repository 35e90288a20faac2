"""The use cases: all that handlers, the command line and the worker may call.

A desk takes what a person wants, checks what can be checked at once, and writes it down as the ``spec`` of a
durable thing; a reconciler (``bot.following.kinds``) does it and answers in Slack. A desk never waits for Slack or
AWS, so that a handler can call it within Slack's three seconds.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.access import Access
from bot.following.desks.census import CensusDesk
from bot.following.desks.datasets import DatasetDesk
from bot.following.desks.derivations import DeriveDesk
from bot.following.desks.digests import DigestDesk
from bot.following.desks.distillations import DistillDesk
from bot.following.desks.extensions import ExtensionDesk
from bot.following.desks.jobs import JobDesk
from bot.following.desks.leases import LeaseDesk
from bot.following.desks.questions import QuestionDesk
from bot.following.desks.readers import ReaderDesk
from bot.following.desks.series import SeriesDesk
from bot.following.desks.sharing import SharingDesk
from bot.following.desks.spending import SpendingDesk
from bot.following.desks.uploads import UploadDesk
from bot.following.directory import Directory
from bot.following.ports import InboundLog
from bot.pricing.book import PriceBook
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
