"""What an upload's reconciler works with."""

from dataclasses import dataclass, field
from pathlib import Path

from bot.clock import Clock
from bot.controller.canvases import Canvases
from bot.controller.outbox.messages import Outbox
from bot.controller.ports import Renderer, Thinking
from bot.controller.shared_files import SharedFiles
from bot.controller.slots import Slots
from bot.datasets.workers import InThisProcess, Workers
from bot.uploads.ports import Judge
from bot.uploads.screening import Screening


@dataclass(frozen=True, slots=True)
class UploadDependencies:
    """All that an upload's reconciler works with.

    ``folder`` is where files lie while they are judged, ``cap_bytes`` the largest that is downloaded,
    ``default_profile`` the base model when none was named. ``workers`` do the long work on files, ``places`` bound
    how many are in hand at once (None: any number), ``thinking`` tells those who wait for one, and
    ``screening`` has rows read by a guardrail (None: nobody named one). ``canvases`` show a report as a page (None:
    it is always a file).
    """

    files: SharedFiles
    datasets: Judge
    outbox: Outbox
    renderer: Renderer
    clock: Clock
    folder: Path
    cap_bytes: int
    default_profile: str
    workers: Workers = field(default_factory=InThisProcess)
    places: Slots | None = None
    thinking: Thinking | None = None
    screening: "Screening | None" = None
    canvases: Canvases | None = None


@dataclass(frozen=True, slots=True)
class WithUploads:
    """What a reconciler works with that shares ``uploads`` with that of uploads."""

    uploads: UploadDependencies

    @property
    def files(self) -> SharedFiles:
        """Slack's files."""
        return self.uploads.files

    @property
    def outbox(self) -> Outbox:
        """How things are told."""
        return self.uploads.outbox

    @property
    def renderer(self) -> Renderer:
        """Who draws cards."""
        return self.uploads.renderer

    @property
    def clock(self) -> Clock:
        """What time it is."""
        return self.uploads.clock
