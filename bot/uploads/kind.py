"""The durable kind of uploads."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from bot.access import Access
from bot.clock import Clock
from bot.controller.canvases import Canvases
from bot.controller.context import Reconciler
from bot.controller.kind import Called, Kind, Sources
from bot.controller.outbox.canvases import CANVASES
from bot.controller.outbox.effects import OUTBOX
from bot.controller.outbox.files import FILES
from bot.controller.outbox.messages import Outbox
from bot.controller.ports import Renderer, ResourceStore, Thinking
from bot.controller.shared_files import SharedFiles
from bot.controller.slots import Slots
from bot.datasets.screening import Guardrail
from bot.datasets.service import Datasets
from bot.datasets.workers import Workers
from bot.pricing.book import PriceBook
from bot.spending.budget_service import BudgetService
from bot.spending.reservation import SPENDING, Approvers
from bot.uploads.context import UploadDependencies
from bot.uploads.model import SCHEMA, UploadSpec, UploadStatus
from bot.uploads.reconciler.upload import UploadReconciler
from bot.uploads.screening import SCREEN, Screening
from bot.visibility import Origin


def _sources(spec: UploadSpec) -> Sources:
    return Sources(Origin(spec.channel, spec.user))


class ScreeningPorts(Protocol):
    """What rows are read by a guardrail with, and paid for. ``guardrails`` are those of the operator, by region."""

    guardrails: Mapping[str, Guardrail]
    budget_service: BudgetService
    prices: PriceBook
    access: Access
    store: ResourceStore
    outbox: Outbox
    renderer: Renderer
    clock: Clock


class UploadPorts(ScreeningPorts, Protocol):
    """What uploads are judged with."""

    files: SharedFiles
    canvases: Canvases
    datasets: Datasets
    folder: Path
    cap_bytes: int
    default_profile: str
    workers: Workers
    places: Slots
    thinking: Thinking


def upload_dependencies(ports: UploadPorts) -> UploadDependencies:
    """Return what an upload's reconciler works with, and those that hand something in as an upload."""
    return UploadDependencies(
        files=ports.files,
        datasets=ports.datasets,
        outbox=ports.outbox,
        renderer=ports.renderer,
        clock=ports.clock,
        folder=ports.folder,
        cap_bytes=ports.cap_bytes,
        default_profile=ports.default_profile,
        workers=ports.workers,
        places=ports.places,
        thinking=ports.thinking,
        screening=_screening(ports) if ports.guardrails else None,
        canvases=ports.canvases,
    )


def _screening(ports: ScreeningPorts) -> Screening:
    return Screening(
        guardrails=ports.guardrails,
        budget_service=ports.budget_service,
        prices=ports.prices,
        approvers=Approvers(ports.access, ports.store, ports.renderer),
        outbox=ports.outbox,
        renderer=ports.renderer,
        clock=ports.clock,
    )


def _upload(ports: UploadPorts) -> Reconciler[UploadSpec, UploadStatus]:
    return UploadReconciler(upload_dependencies(ports))


KINDS = (
    Kind(
        schema=SCHEMA,
        build=_upload,
        unaudited="what reading a sample costs stands in the ledger, and what is in a file is nobody's business",
        called=Called("upload", "uploads"),
        wanted="this file judged for that base, or repaired first",
        done="download, (repair, share the corrected copy,) validate, keep on S3, post the verdict",
        effects=(*OUTBOX, *FILES, *CANVASES, SCREEN, *SPENDING),
        when_given_up="Send the file again when that is mended.",
        is_waited_for=True,
        has_own_words=True,
        sources=_sources,
    ),
)
