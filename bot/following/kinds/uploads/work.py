"""What an upload's reconciler works with."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.clock import Clock
from bot.datasets.model import Dataset, Report, Role, Source
from bot.datasets.uploads import SharedFiles
from bot.errors import Throttled, TunesmithError, Unavailable
from bot.following.notices import Notices
from bot.following.ports import Renderer
from bot.following.step import Step
from bot.profiles.model import Profile

TRIES = 7
"""Failures in a row, spread over some two minutes, after which the person is told instead."""


class Judge(Protocol):
    """The part of ``bot.datasets.service.Datasets`` that is needed here."""

    def validate(
        self, path: Path, profile: Profile, role: Role = Role.TRAINING, name: str | None = None
    ) -> Report:
        """Return the report of a file."""

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
    may take, and how long a shared file may need to show up.
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


def passes(step: Step, trouble: TunesmithError) -> bool:
    """Return whether the loop should try again by itself. It counts the failures in a row."""
    if isinstance(trouble, Throttled):
        return True
    return isinstance(trouble, Unavailable) and int(step.status.get("tries", 0)) < TRIES
