"""The in-memory twins of the datasets' two ports."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from bot.datasets.model import Dataset, Sender
from bot.errors import Misconfigured, NotFound


class MemoryDatasetFiles:
    """``DatasetFiles`` in a dictionary. ``buckets`` maps a region to its bucket, as the setting does."""

    def __init__(self, buckets: dict[str, str] | None = None) -> None:
        self.buckets = {"us-west-2": "west", "us-east-1": "east"} if buckets is None else buckets
        self.objects: dict[str, bytes] = {}
        self.uploads = 0

    def check(self, region: str) -> None:
        if region not in self.buckets:
            raise Misconfigured(f"No bucket is set for {region}.", hint=f"Add {region} to TUNESMITH_BUCKETS.")

    def put(self, path: Path, sha256: str, region: str) -> str:
        self.check(region)
        bucket = self.buckets[region]
        uri = f"s3://{bucket}/datasets/{sha256}.jsonl"
        if uri not in self.objects:
            self.objects[uri] = path.read_bytes()
            self.uploads += 1
        return uri

    def get(self, uri: str, destination: Path) -> None:
        if uri not in self.objects:
            raise NotFound(f"There is nothing at {uri}.", hint="Send the file again.")
        destination.write_bytes(self.objects[uri])


class MemoryDatasetRepository:
    """``DatasetRepository`` in a dictionary."""

    def __init__(self, *datasets: Dataset) -> None:
        self.datasets = list(datasets)

    @property
    def datasets(self) -> list[Dataset]:
        """All that are kept, newest first: what a test looks at or replaces, and no part of the port."""
        return sorted(self._datasets.values(), key=lambda each: each.stored_at, reverse=True)

    @datasets.setter
    def datasets(self, datasets: list[Dataset]) -> None:
        self._datasets = {each.label: each for each in datasets}

    def save(self, dataset: Dataset) -> None:
        self._datasets[dataset.label] = dataset

    def rename(self, dataset: Dataset, name: str) -> Dataset:
        called = replace(dataset, name=name)
        self._datasets.pop(dataset.label, None)
        self.save(called)
        return called

    def labels(self, dataset_id: str) -> list[Dataset]:
        return [each for each in self.datasets if each.id == dataset_id.lower()]

    def labels_of(self, dataset_ids: Collection[str]) -> dict[str, list[Dataset]]:
        return {each: self.labels(each) for each in dataset_ids}

    def named(self, name: str, limit: int = 20) -> list[Dataset]:
        return [each for each in self.datasets if each.name.casefold() == name.casefold()][:limit]

    def senders(self) -> list[Sender]:
        found: dict[tuple[str, str], Sender] = {}
        for each in self.datasets:
            source = each.source
            found.setdefault(
                (source.channel, source.user), Sender(source.channel, source.user, each.stored_at)
            )
        return list(found.values())

    def newest_from(self, channels: Collection[str], limit: int = 20) -> list[Dataset]:
        return [each for each in self.datasets if each.source.channel in channels][:limit]
