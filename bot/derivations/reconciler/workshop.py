"""What work on stored datasets is done with, and what comes of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ParamSpec, Protocol, TypeVar

from bot.controller.keep_alive import KeepAlive
from bot.controller.outbox.files import ThreadFiles
from bot.controller.retry_limits import kept, passes
from bot.datasets.model import Dataset, Parent, Report, Role, Source
from bot.derivations.model import DerivationContext, DerivationSpec
from bot.errors import Misconfigured, NotFound, Refused, TunesmithError, Unavailable
from bot.profiles import registry
from bot.profiles.model import Profile
from bot.uploads.context import WithUploads
from bot.uploads.ports import Judge

P = ParamSpec("P")
T = TypeVar("T")


class StoredDatasets(Judge, Protocol):
    """The part of ``bot.datasets.service.Datasets`` that is needed here; each method is described there."""

    def labels(self, dataset_id: str) -> list[Dataset]:
        """Return every label of the content with that ID, newest first."""

    def fetch(self, dataset: Dataset, region: str, destination: Path) -> None:
        """Write the dataset's bytes to ``destination``."""

    def place(self, dataset: Dataset, ts: str) -> None:
        """Note the message that the dataset was shared in."""


@dataclass(frozen=True, slots=True)
class DerivationDependencies(WithUploads):
    """All that the reconciler works with."""

    stored: StoredDatasets


@dataclass(frozen=True, slots=True)
class MadeFile:
    """A file that was made: its name, the report on it, and the dataset it was kept as, if it was.

    ``slot`` is where in the step's status its sharing is written down.
    """

    slot: str
    name: str
    report: Report
    dataset: Dataset | None


@dataclass(frozen=True, slots=True)
class Made:
    """What came of a request: the card that tells it, the files to share, and what went wrong beside it."""

    card: object
    files: tuple[MadeFile, ...] = ()
    troubles: tuple[TunesmithError, ...] = ()


class Workshop:
    """What all operations do with one request: fetch datasets, send and keep the files that they make."""

    def __init__(
        self,
        dependencies: DerivationDependencies,
        context: DerivationContext,
        hold: KeepAlive,
        folder: Path,
    ) -> None:
        self.spec = context.spec
        self.folder = folder
        self._dependencies = dependencies
        self._context = context
        self._hold = hold
        # These are sent here alone, and shared by the reconciler, which knows whom else they may go to.
        self._files = ThreadFiles(dependencies.files)
        self._troubles: list[TunesmithError] = []

    @property
    def troubles(self) -> tuple[TunesmithError, ...]:
        """What went wrong with single files."""
        return tuple(self._troubles)

    def breathe(self) -> None:
        """Renew the claim, between two long pieces of work."""
        self._hold.keep()

    def fetch(self, dataset: Dataset, name: str) -> Path:
        """Return where the dataset's bytes lie now.

        Raises:
            NotFound: no copy is there any more.
            Unavailable: S3 did not answer.
        """
        path = self.folder / name
        self._dependencies.stored.fetch(dataset, registry.get(dataset.report.profile).region, path)
        self.breathe()
        return path

    def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what the function gives, which works on files for long."""
        made = self._dependencies.uploads.workers.run(function, *args, **kwargs)
        self.breathe()
        return made

    def judge(self, path: Path, profile: Profile, role: Role, name: str) -> Report:
        """Return the report of a file that was made."""
        report = self._dependencies.stored.validate(path, profile, role, name)
        self.breathe()
        return report

    def hand_in(self, path: Path, report: Report, parent: Dataset, history: Sequence[str]) -> MadeFile:
        """Send the file to Slack, where nobody sees it before it is shared, and keep it if a job can start from it.

        Trouble with either is noted, and the other is done all the same.

        Raises:
            Throttled, Unavailable: not now, and the loop should try again.
        """
        slot = f"made:{report.sha256[:12]}"
        sent = self._guarded(lambda: self._send(slot, path, report.file)) or ""
        dataset = None
        if not report.errors:
            source = Source(sent, self.spec.channel, self.spec.thread_ts or "", self.spec.user)
            region = registry.get(report.profile).region
            keep = partial(
                self._dependencies.stored.keep,
                path,
                report,
                source,
                region,
                parent=Parent(parent.report.sha256, parent.name),
                history=history,
            )
            dataset = self._guarded(lambda: kept(self._context, keep))
        self._screen(path, report)
        self.breathe()
        return MadeFile(slot if sent else "", report.file, report, dataset)

    def _screen(self, path: Path, report: Report) -> None:
        """Have the operator's guardrail read what is to be trained on, as it reads a file that was dropped."""
        uploads = self._dependencies.uploads
        if uploads.screening and report.role is Role.TRAINING and not report.errors:
            profile = registry.get(report.profile)
            uploads.screening.look(self._context, self.spec, path, report, profile, uploads.workers)

    def _send(self, slot: str, path: Path, name: str) -> str:
        return self._files.send(self._context, slot, lambda: self._dependencies.files.upload(name, path))

    def _guarded(self, work: Callable[[], T]) -> T | None:
        """Return what the work gives; None when it was refused, which is noted."""
        try:
            return work()
        except (Refused, Misconfigured, Unavailable) as trouble:
            if passes(self._context, trouble):
                raise
            self._troubles.append(trouble)
            return None


def visible_to(dependencies: DerivationDependencies, spec: DerivationSpec, dataset: Dataset) -> bool:
    """Return whether the person may see the dataset's content under this label.

    They may when they sent it, when they ask in the channel that it came from, or when they could open the file.
    """
    source = dataset.source
    if spec.user == source.user or spec.channel == source.channel:
        return True
    try:
        return dependencies.files.may_see(spec.user, dependencies.files.info(source.file_id))
    except NotFound:
        return False
