"""Which datasets are listed for a viewer, and what is read for it."""

from collections.abc import Collection
from dataclasses import replace

import pytest

from bot.datasets.model import Dataset, Source
from bot.directory.dataset_lists import newest_seen
from bot.visibility import Sight, Viewer
from tests.doubles.dataset_values import dataset
from tests.doubles.datasets import MemoryDatasetRepository
from tests.doubles.visibility import FakeChannelMemberships

MINE, OTHERS = "DMINE", "COTHERS"


class Counting(MemoryDatasetRepository):
    """Counts what is read."""

    def __init__(self) -> None:
        super().__init__()
        self.read = 0

    def newest_from(self, channels: Collection[str], limit: int = 20) -> list[Dataset]:
        found = super().newest_from(channels, limit)
        self.read += len(found)
        return found


def kept(seed: int, channel: str, user: str = "U1") -> Dataset:
    return replace(dataset(seed=seed), source=Source("F", channel, "", user))


def sight_of(user: str, here: str = "") -> Sight:
    memberships = FakeChannelMemberships()
    memberships.private(OTHERS, "UINSIDE")
    return Sight(Viewer(user, here), memberships)


def test_of_what_a_viewer_does_not_see_nothing_is_read() -> None:
    repository = Counting()
    own = [kept(seed, MINE, "UME") for seed in range(3)]
    for each in (*own, *(kept(seed, OTHERS, f"U{seed}") for seed in range(10, 500))):
        repository.save(each)

    assert newest_seen(repository, sight_of("UME"), limit=50) == own[::-1]
    assert repository.read == len(own)


@pytest.mark.parametrize("limit", [1, 5, 20])
def test_the_newest_of_all_conversations_come_first(limit: int) -> None:
    repository = MemoryDatasetRepository()
    every = [kept(seed, f"C{seed % 37}", f"U{seed % 5}") for seed in range(120)]
    for each in every:
        repository.save(each)

    assert newest_seen(repository, sight_of("UME"), limit=limit) == every[::-1][:limit]


def test_no_more_is_asked_and_read_than_the_newest_need() -> None:
    repository = Counting()
    for seed in range(400):
        repository.save(kept(seed, f"C{seed}"))
    sight = sight_of("UME")

    assert [each.source.channel for each in newest_seen(repository, sight, limit=3)] == [
        "C399",
        "C398",
        "C397",
    ]
    assert repository.read <= 20


def test_in_a_direct_message_everybody_sees_their_own() -> None:
    repository = MemoryDatasetRepository()
    own, others = kept(1, MINE, "UME"), [kept(seed, MINE, "UOTHER") for seed in range(2, 90)]
    for each in (own, *others):
        repository.save(each)

    assert newest_seen(repository, sight_of("UME"), limit=20) == [own]
    assert newest_seen(repository, sight_of("UME"), channel=MINE, limit=20) == [own]


def test_where_somebody_is_they_see_what_came_there() -> None:
    repository = MemoryDatasetRepository()
    inside = kept(1, OTHERS)
    repository.save(inside)

    assert newest_seen(repository, sight_of("UME")) == []
    assert newest_seen(repository, sight_of("UME", here=OTHERS)) == [inside]
    assert newest_seen(repository, sight_of("UINSIDE"), channel=OTHERS) == [inside]
    assert newest_seen(repository, sight_of("UINSIDE"), limit=0) == []
