"""What an upload's reconciler works with."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bot.asking.ports import Thinking
from bot.clock import Clock
from bot.datasets.model import Dataset, Report, Role, Source
from bot.datasets.uploads import SharedFiles
from bot.datasets.workers import InThisProcess, Workers
from bot.following.kinds.places import Places
from bot.following.notices import Notices
from bot.following.ports import Renderer
from bot.profiles.model import Profile

if TYPE_CHECKING:
    from bot.following.kinds.uploads.screened import Screening


class Judge(Protocol):
    """The part of ``bot.datasets.service.Datasets`` that is needed here."""

    def validate(
        self, path: Path, profile: Profile, role: Role = Role.TRAINING, name: str | None = None
    ) -> Report:
        """Return the report of a file."""

    def check(self, region: str) -> None:
        """Raise what is known to keep anything from being kept there."""

    def keep(
        self,
        path: Path,
        report: Report,
        source: Source,
        region: str,
        *,
        parent: str | None = None,
        history: Sequence[str] = (),
    ) -> Dataset:
        """Store a ready file and return the dataset."""


@dataclass(frozen=True, slots=True)
class UploadParts:
    """All that an upload's reconciler works with.

    ``folder`` is where files lie while they are judged, ``cap_bytes`` the largest that is downloaded,
    ``default_profile`` the base model when none was named. ``call`` and ``grace`` are seconds: what one call to Slack
    may take, and how long a shared file may need to show up. ``workers`` do the long work on files, ``places`` bound
    how many are in hand at once (None: any number), ``thinking`` tells those who wait for one, and
    ``screening`` has rows read by a guardrail (None: nobody named one).
    """

    files: SharedFiles
    datasets: Judge
    notices: Notices
    renderer: Renderer
    clock: Clock
    folder: Path
    cap_bytes: int
    default_profile: str
    call: float = 6.0
    grace: float = 30.0
    workers: Workers = field(default_factory=InThisProcess)
    places: Places | None = None
    thinking: Thinking | None = None
    screening: "Screening | None" = None


@dataclass(frozen=True, slots=True)
class WithUploads:
    """The parts of a reconciler that shares ``uploads`` with that of uploads."""

    uploads: UploadParts

    @property
    def files(self) -> SharedFiles:
        """Slack's files."""
        return self.uploads.files

    @property
    def notices(self) -> Notices:
        """How things are told."""
        return self.uploads.notices

    @property
    def renderer(self) -> Renderer:
        """Who draws cards."""
        return self.uploads.renderer

    @property
    def clock(self) -> Clock:
        """What time it is."""
        return self.uploads.clock
