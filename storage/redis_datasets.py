"""The metadata of datasets on Redis."""

from contextlib import suppress
from dataclasses import replace

from redis import Redis

from bot.datasets.model import Dataset
from bot.profiles.model import RecordFormat
from storage.keys import Keys
from storage.redis_documents import ALL, RedisDocuments


class RedisDatasets:
    """A ``DatasetRepository`` on Redis."""

    def __init__(self, client: Redis, keys: Keys | None = None) -> None:
        self._documents = RedisDocuments(client, keys or Keys(), "datasets", Dataset)

    def save(self, dataset: Dataset) -> None:
        """Add or replace it by its ID."""
        tags = [_name(dataset.name), _channel(dataset.source.channel)]
        self._documents.save(dataset.id, dataset, at=dataset.stored_at.timestamp(), tags=tags)

    def find(self, name_or_id: str) -> Dataset | None:
        """Return the dataset with that ID, or the newest with that name (any case), or None."""
        found = self._documents.get(name_or_id.lower())
        if found is None:
            found = next(iter(self._documents.newest(_name(name_or_id), 1)), None)
        return found and _exact(found)

    def named(self, name: str, limit: int = 20) -> list[Dataset]:
        """Return the datasets with that name (any case), newest first."""
        return [_exact(each) for each in self._documents.newest(_name(name), limit)]

    def newest(self, *, channel: str | None = None, limit: int = 20) -> list[Dataset]:
        """Return datasets, newest first; only those that came from ``channel`` when one is given."""
        tag = ALL if channel is None else _channel(channel)
        return [_exact(each) for each in self._documents.newest(tag, limit)]


def _name(name: str) -> str:
    return f"name:{name.casefold()}"


def _channel(channel: str) -> str:
    return f"channel:{channel}"


def _exact(dataset: Dataset) -> Dataset:
    """Give the format its type back: read from JSON it is a plain word, whether Bedrock takes it or not."""
    with suppress(ValueError):
        return replace(dataset, report=replace(dataset.report, format=RecordFormat(dataset.report.format)))
    return dataset
