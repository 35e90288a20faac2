"""What an upload's reconciler works with."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bot.datasets.model import Dataset, Parent, Report, Role, Source
from bot.profiles.model import Profile

if TYPE_CHECKING:
    pass


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
        parent: Parent | None = None,
        history: Sequence[str] = (),
    ) -> Dataset:
        """Store a ready file and return the dataset."""
