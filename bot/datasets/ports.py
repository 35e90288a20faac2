"""What the datasets feature needs from the outside. Each docstring is the contract that its twin is tested by."""

from collections.abc import Collection
from pathlib import Path
from typing import Protocol

from bot.datasets.model import Dataset, Sender


class DatasetFiles(Protocol):
    """The bytes of datasets, content-addressed, one bucket a region."""

    def put(self, path: Path, sha256: str, region: str) -> str:
        """Store the file under its digest in the region's bucket and return its S3 URI. Repeating it is free.

        Raises:
            Misconfigured: no bucket is set for the region, it is in another region (named), or access is refused.
            Unavailable: S3 did not answer.
        """

    def check(self, region: str) -> None:
        """Raise what keeps ``put`` from working there. Cheap: for whoever would fetch a file to find out.

        Raises:
            Misconfigured, Unavailable: as ``put``.
        """

    def get(self, uri: str, destination: Path) -> None:
        """Download what ``put`` stored.

        Raises:
            NotFound: nothing is there.
            Unavailable: S3 did not answer.
        """


class DatasetLabels(Protocol):
    """What datasets are called."""

    def rename(self, dataset: Dataset, name: str) -> Dataset:
        """Have the label read otherwise from now on, in one write, and return it as it is then.

        Every other label stays as it is. Repeating it changes nothing.

        Raises:
            Unavailable: the store did not answer.
        """


class DatasetRepository(DatasetLabels, Protocol):
    """The metadata of datasets: one entry a label of a content, newest first."""

    def save(self, dataset: Dataset) -> None:
        """Add the label, or replace it; every other label stays as it is.

        Raises:
            Unavailable: the store did not answer.
        """

    def labels(self, dataset_id: str) -> list[Dataset]:
        """Return every label of the content with that ID (any case), newest first."""

    def labels_of(self, dataset_ids: Collection[str]) -> dict[str, list[Dataset]]:
        """Return the same for each of several IDs (in small letters), in one round trip."""

    def named(self, name: str, limit: int = 20) -> list[Dataset]:
        """Return the datasets with that name (any case), newest first."""

    def senders(self) -> list[Sender]:
        """Return who brought datasets into which conversation, the newest first.

        One whose datasets are gone, or have other labels by now, may still be among them.
        """

    def newest_from(self, channels: Collection[str], limit: int = 20) -> list[Dataset]:
        """Return the datasets that came from any of these conversations, newest first."""
