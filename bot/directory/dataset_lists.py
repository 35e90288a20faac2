"""Lists of datasets, as one viewer may see them."""

from collections.abc import Collection, Iterable

from bot.datasets.model import Dataset, Sender, Source
from bot.datasets.ports import DatasetRepository
from bot.directory.dataset_labels import origin
from bot.visibility import Provenance, Sight

_AT_ONCE = 20
"""Senders that are looked at in one go: Slack is asked about no more conversations than are needed."""


def newest_seen(
    repository: DatasetRepository, sight: Sight, *, channel: str | None = None, limit: int = 20
) -> list[Dataset]:
    """Return the datasets that the viewer sees, newest first; only those that came from ``channel`` when one is given.

    Only those of conversations that the viewer sees are read: most of what a workspace has kept is none of theirs, and
    it grows for as long as the workspace is there.

    Raises:
        Unavailable: the store does not answer.
    """
    if channel is not None:
        return _newest_from(repository, sight, [channel], limit)
    senders = repository.senders()
    found: list[Dataset] = []
    read: set[str] = set()
    for start in range(0, len(senders), _AT_ONCE):
        some = senders[start : start + _AT_ONCE]
        if len(found) >= limit and (not found or found[-1].stored_at > some[0].newest):
            break
        channels = {each.channel for each in some if _sees(sight, each)} - read
        read |= channels
        both = [*found, *_newest_from(repository, sight, channels, limit)]
        found = sorted(both, key=lambda each: each.stored_at, reverse=True)[:limit]
    return found


def seen(sight: Sight, found: Iterable[Dataset]) -> list[Dataset]:
    """Return those that the viewer sees, in the same order."""
    return [each for each in found if _sees(sight, each.source)]


def _sees(sight: Sight, came_from: Source | Sender) -> bool:
    return sight.sees(Provenance.of(origin(came_from)))


def _newest_from(
    repository: DatasetRepository, sight: Sight, channels: Collection[str], limit: int
) -> list[Dataset]:
    looked = limit
    while channels:
        every = repository.newest_from(channels, looked)
        found = seen(sight, every)
        if len(found) >= limit or len(every) < looked:
            return found[:limit]
        looked *= 4
    return []
