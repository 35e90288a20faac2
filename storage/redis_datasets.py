"""The metadata of datasets on Redis."""

import json
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from redis import Redis

from bot.controller.damage import Damage
from bot.datasets.model import Dataset, Sender
from bot.profiles.model import RecordFormat
from storage.keys import Keys
from storage.redis_documents import RedisDocuments
from storage.redis_errors import translated

_COMPLETE = "complete"
"""Stands among the senders with the time up to which those of all datasets are there: an earlier release kept none."""
_OVERLAP = 86_400.0
"""Seconds before that time which each process looks through once: an earlier release may have worked beside a new one,
or again after it."""


class RedisDatasets:
    """A ``DatasetRepository`` on Redis."""

    def __init__(self, client: Redis, keys: Keys | None = None, damage: Damage | None = None) -> None:
        keys = keys or Keys()
        self._documents = RedisDocuments(client, keys, "datasets", Dataset, damage)
        self._redis = client
        self._senders = keys.dataset_senders()
        self._looked = False

    def save(self, dataset: Dataset) -> None:
        """Add the label, or replace it; every other label stays as it is."""
        # Before the label: a sender without datasets shows nothing, a dataset without its sender would be in no list.
        self._add_senders([dataset])
        tags = [_name(dataset.name), _channel(dataset.source.channel), _content(dataset.id)]
        self._documents.save(dataset.label, dataset, at=dataset.stored_at.timestamp(), tags=tags)

    def rename(self, dataset: Dataset, name: str) -> Dataset:
        """Have the label read otherwise from now on, in one write, and return it; a label that is so already stays."""
        called = replace(dataset, name=name)
        tags = [_name(name), _channel(called.source.channel), _content(called.id)]
        earlier = self._documents.get(called.id)
        unlabelled = [called.id] if earlier and earlier.label == dataset.label else []
        at = called.stored_at.timestamp()
        self._documents.move([dataset.label, *unlabelled], called.label, called, at=at, tags=tags)
        return called

    def labels(self, dataset_id: str) -> list[Dataset]:
        """Return every label of the content with that ID (any case), newest first."""
        wanted = dataset_id.lower()
        # Before there were labels a dataset was kept under its content's ID alone, with one name: that one is a label.
        documents = self._documents
        found, earlier = documents.newest_beside(documents, wanted, _content(wanted))
        every = [*found, *(each for each in earlier if each.id == wanted)]
        return _newest_first(every)

    def labels_of(self, dataset_ids: Collection[str]) -> dict[str, list[Dataset]]:
        """Return the same for each of several IDs (in small letters), in one round trip."""
        labels: dict[str, list[Dataset]] = {each: [] for each in dataset_ids}
        tags = [_content(each) for each in dataset_ids]
        for each in self._documents.newest_of(tags, besides=dataset_ids):
            if each.id in labels:  # what is kept under one ID may say another
                labels[each.id].append(each)
        return {each: _newest_first(found) for each, found in labels.items()}

    def named(self, name: str, limit: int = 20) -> list[Dataset]:
        """Return the datasets with that name (any case), newest first."""
        return _each_label_once(self._documents.newest(_name(name), limit))

    def newest_from(self, channels: Collection[str], limit: int = 20) -> list[Dataset]:
        """Return the datasets that came from any of these conversations, newest first."""
        tags, wanted = [_channel(each) for each in channels], limit
        while True:
            every = self._documents.newest_of(tags, wanted)
            found = _each_label_once(every)
            if len(found) >= limit or len(every) < wanted:
                return found[:limit]
            wanted *= 2

    def senders(self) -> list[Sender]:
        """Return who brought datasets into which conversation, the newest first."""
        found = self._known_senders()
        if _COMPLETE not in found or not self._looked:
            self._complete(found.get(_COMPLETE))
            self._looked = True
            found = self._known_senders()
        return [_sender(word, at) for word, at in found.items() if word != _COMPLETE]

    def _known_senders(self) -> dict[str, float]:
        with translated():
            found: Any = self._redis.zrevrange(self._senders, 0, -1, withscores=True)
        return {str(word): float(at) for word, at in found}

    def _complete(self, complete: float | None) -> None:
        """Add the senders of what may have come without; up to ``complete`` they are there, None: up to no time."""
        since, newest = (float("-inf"), 0.0) if complete is None else (complete - _OVERLAP, complete)
        for page in self._documents.pages():
            self._add_senders(page)
            times = [each.stored_at.timestamp() for each in page]
            newest = max([newest, *times])
            if min(times, default=newest) < since:
                break
        # Last: what was cut off is looked through again.
        self._add_senders([], {_COMPLETE: newest})

    def _add_senders(self, datasets: Collection[Dataset], besides: Mapping[str, float] | None = None) -> None:
        newest = dict(besides or {})
        for each in datasets:
            word = json.dumps([each.source.channel, each.source.user])
            newest[word] = max(newest.get(word, 0.0), each.stored_at.timestamp())
        if newest:
            with translated():
                self._redis.zadd(self._senders, newest, gt=True)


def _sender(word: str, at: float) -> Sender:
    channel, user = json.loads(word)
    return Sender(channel, user, datetime.fromtimestamp(at, UTC))


def _newest_first(labels: list[Dataset]) -> list[Dataset]:
    return _each_label_once(sorted(labels, key=lambda each: each.stored_at, reverse=True))


def _each_label_once(found: list[Dataset]) -> list[Dataset]:
    """Return the labels; what an earlier release wrote gives way to what was written over it since."""
    once: dict[str, Dataset] = {}
    for each in found:
        once.setdefault(each.label, each)
    return [_exact(each) for each in once.values()]


def _content(dataset_id: str) -> str:
    return f"content:{dataset_id}"


def _name(name: str) -> str:
    return f"name:{name.casefold()}"


def _channel(channel: str) -> str:
    return f"channel:{channel}"


def _exact(dataset: Dataset) -> Dataset:
    """Give the format its type back: read from JSON it is a plain word, whether Bedrock takes it or not."""
    with suppress(ValueError):
        return replace(dataset, report=replace(dataset.report, format=RecordFormat(dataset.report.format)))
    return dataset
