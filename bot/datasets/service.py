"""The use cases of datasets: judge a file, keep a good one, find it again, fetch its bytes."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePath

from bot.clock import Clock
from bot.datasets.model import Dataset, Parent, Report, Role, Source, Verdict
from bot.datasets.ports import DatasetFiles, DatasetRepository
from bot.datasets.reading.streams import ByteSource
from bot.datasets.validation import validate
from bot.datasets.workers import InThisProcess, Workers
from bot.errors import NotFound, Refused
from bot.profiles.model import Profile
from bot.wording import is_blank, quoted

ID_DIGITS = 12
"""Hexadecimal digits of a dataset's ID, the beginning of its SHA-256."""


class Datasets:
    """All that handlers, the command line and the worker may do with datasets."""

    def __init__(
        self,
        files: DatasetFiles,
        repository: DatasetRepository,
        clock: Clock,
        workers: Workers | None = None,
    ) -> None:
        """``workers`` judge files that lie on the disk; None: this process does."""
        self._files = files
        self._repository = repository
        self._clock = clock
        self._workers = workers or InThisProcess()

    def validate(
        self,
        path: Path | ByteSource,
        profile: Profile,
        role: Role = Role.TRAINING,
        name: str | None = None,
    ) -> Report:
        """Return the report of a file; ``name`` is what the person called it. Nothing is kept.

        Raises:
            OSError: the file cannot be read.
            Unavailable: whoever judges it was ended.
        """
        if isinstance(path, Path):
            return self._workers.run(validate, path, profile, role, name)
        return validate(path, profile, role, name)

    def check(self, region: str) -> None:
        """Raise what is known to keep anything from being kept in the region: for whoever tries again.

        Raises:
            Misconfigured: no bucket for the region, or the wrong one.
            Unavailable: S3 did not answer.
        """
        self._files.check(region)

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
        """Store the bytes under their digest in the region's bucket, then the metadata, and return the dataset.

        Repeating it is free; keeping a known dataset in another region adds a copy there. Bytes that are known
        already get one label more, and what others called them stays. Those that are known in the same channel keep
        their origin, so that what is converted to and fro does not become its own ancestor; other channels neither
        give theirs away nor show that they have the same bytes.

        Args:
            path: where the bytes lie.
            report: the judgement of just these bytes.
            source: where they came from in Slack.
            region: whose bucket takes them.
            parent: the file that they were made from, None when a person sent them. Its name is kept with this label
                alone: who sees the bytes elsewhere need not see what they came from.
            history: what was done to the parent, one effect each, in words.

        Raises:
            Refused: the report has errors: content with errors is never kept as something that can be started. Or
                other content has its ID, which is a part of its digest alone.
            Misconfigured: no bucket for the region, or the wrong one.
            Unavailable: S3 or the store did not answer; nothing that was there before is gone.
        """
        if report.verdict is not Verdict.READY:
            raise Refused(
                f"{quoted(report.file)} cannot be kept: it has errors.",
                hint=_next_step(report),
            )
        known = self._repository.labels(report.sha256[:ID_DIGITS])
        _check_is_one_content(report, known)
        uri = self._files.put(path, report.sha256, region)
        # Of what others know of these bytes elsewhere nothing is told here, nor that they have them.
        here = [each for each in known if each.source.channel == source.channel]
        made_from = parent or Parent("")
        origin = (here[-1].parent, here[-1].history) if here else (made_from.sha256 or None, tuple(history))
        copies = {place: its_uri for each in here for place, its_uri in each.locations.items()}
        dataset = Dataset(
            id=report.sha256[:ID_DIGITS],
            name=dataset_name(report.file),
            report=report,
            source=source,
            stored_at=self._clock.now(),
            locations={**copies, region: uri},
            parent=origin[0] if origin[0] != report.sha256 else None,
            history=origin[1],
            parent_name=made_from.name if origin[0] == made_from.sha256 != report.sha256 else "",
        )
        self._repository.save(dataset)
        return dataset

    def place(self, dataset: Dataset, ts: str) -> None:
        """Note the message that the dataset was shared in; nothing happens when the dataset is gone.

        Raises:
            Unavailable: the store did not answer.
        """
        for known in self._repository.labels(dataset.id):
            if known.label == dataset.label:
                self._repository.save(replace(known, source=replace(known.source, ts=ts)))

    def find(self, dataset_id: str) -> Dataset | None:
        """Return the newest label of the content with that ID, or None. By name, people find what they may see alone.

        Raises:
            Unavailable: the store did not answer.
        """
        return next(iter(self._repository.labels(dataset_id)), None)

    def labels(self, dataset_id: str) -> list[Dataset]:
        """Return every label of the content with that ID, newest first.

        Raises:
            Unavailable: the store did not answer.
        """
        return self._repository.labels(dataset_id)

    def fetch(self, dataset: Dataset, region: str, destination: Path) -> None:
        """Write the dataset's bytes to ``destination``, from the region or from wherever there is a copy.

        Raises:
            NotFound: no copy is there any more.
            Unavailable: S3 did not answer.
        """
        uri = dataset.locations.get(region) or next(iter(dataset.locations.values()), None)
        if uri is None:
            raise NotFound(
                f"The bytes of dataset {quoted(dataset.name)} are nowhere.", hint="Send the file again."
            )
        self._files.get(uri, destination)


def _check_is_one_content(report: Report, known: Sequence[Dataset]) -> None:
    """Return when all that is known under the ID of these bytes is of these bytes.

    An ID has 48 of the digest's 256 bits. Two files that share them are made in minutes, and one that shares them with
    a given file in a day: whoever sees one would see the other, and what was judged would not be what is trained.

    Raises:
        Refused: it is not. That there is another is not told.
    """
    if any(each.report.sha256 != report.sha256 for each in known):
        raise Refused(
            f"{quoted(report.file)} cannot be kept as it is.", hint="Change a word in it, and send it again."
        )


def dataset_name(file_name: str) -> str:
    """Return the name that a dataset has from its file: no folder, no ending."""
    name = PurePath(file_name.replace("\\", "/")).name
    stem = name[: -len(PurePath(name).suffix)] if PurePath(name).suffix else name
    return next((each for each in (stem, name) if not is_blank(each)), "dataset")


def _next_step(report: Report) -> str:
    if report.verdict is Verdict.REPAIRABLE:
        return "All of them can be repaired: press *Repair all*, then use the file that comes out."
    return "Mend what the report names, then send the file again."
