"""The contract of where datasets' metadata is kept, held against the twin and every real store."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from redis import Redis

from bot.datasets.model import Bucket, Dataset, Label, LabelTable, Role, Sender, Source, SystemPrompt
from bot.datasets.ports import DatasetRepository
from storage.keys import Keys
from storage.redis_datasets import RedisDatasets
from storage.redis_documents import RedisDocuments
from tests.doubles.dataset_values import dataset
from tests.doubles.datasets import MemoryDatasetRepository


@pytest.fixture(params=["twin", pytest.param("redis", marks=pytest.mark.redis_server)])
def repository(request: pytest.FixtureRequest) -> DatasetRepository:
    """Each store under this contract; a real one joins with its name in ``params`` and a branch here."""
    if request.param == "twin":
        return MemoryDatasetRepository()
    client: Redis = request.getfixturevalue("redis_client")
    keys: Keys = request.getfixturevalue("redis_keys")
    return RedisDatasets(client, keys)


def test_what_was_saved_is_found_whole(repository: DatasetRepository) -> None:
    saved = dataset()
    repository.save(saved)
    assert repository.labels(saved.id) == [saved]
    assert repository.named(saved.name) == [saved]


def test_nothing_is_found_where_nothing_is(repository: DatasetRepository) -> None:
    assert repository.labels(dataset().id) == repository.named("claims") == []
    assert repository.newest_from(["C1"]) == []
    repository.save(dataset())
    assert repository.named("claim") == repository.named("") == repository.labels("") == []


def test_a_name_is_found_in_any_case_and_an_id_too(repository: DatasetRepository) -> None:
    saved = dataset("Prüf-Claims")
    repository.save(saved)
    assert repository.named("prüf-claims") == repository.named("PRÜF-CLAIMS") == [saved]
    assert repository.labels(saved.id.upper()) == [saved]


def test_saving_again_replaces(repository: DatasetRepository) -> None:
    saved = dataset()
    repository.save(saved)
    moved = replace(saved, locations={**saved.locations, "us-east-1": "s3://east/x"})
    repository.save(moved)
    assert repository.labels(saved.id) == repository.newest_from(["C1"]) == [moved]


def test_the_same_content_under_two_names_answers_to_both(repository: DatasetRepository) -> None:
    saved = dataset("drafts")
    repository.save(saved)
    repository.save(renamed := replace(saved, name="claims", stored_at=saved.stored_at + timedelta(hours=1)))
    assert repository.named("claims") == [renamed]
    assert repository.named("drafts") == [saved]
    assert repository.labels(saved.id) == repository.newest_from(["C1"]) == [renamed, saved]


OTHERS = [
    {"name": "payroll"},
    {"source": Source("F2", "C2", "1700000001.000100", "U1")},
    {"source": Source("F2", "C1", "1700000001.000100", "U2")},
]
"""What another upload of the same bytes may differ in: the name, the channel, the sender."""


@pytest.mark.parametrize("other", OTHERS)
def test_no_label_moves_because_of_another_upload(
    repository: DatasetRepository, other: dict[str, Any]
) -> None:
    first = dataset()
    judged = replace(first.report, role=Role.VALIDATION, profile="nova-lite")
    repository.save(first)
    repository.save(replace(first, **other, report=judged, stored_at=first.stored_at + timedelta(hours=1)))
    assert first in repository.labels(first.id)
    assert first in repository.named(first.name)
    assert first in repository.newest_from([first.source.channel])
    assert len(repository.labels(first.id)) == 2


def test_the_same_label_again_is_one_entry(repository: DatasetRepository) -> None:
    first = dataset()
    again = replace(first, name="Claims", stored_at=first.stored_at + timedelta(hours=1))
    repository.save(first)
    repository.save(again)
    assert repository.labels(first.id) == repository.newest_from(["C1"]) == [again]


def test_the_list_is_newest_first_and_limited(repository: DatasetRepository) -> None:
    for seed in (3, 1, 4, 2):
        repository.save(dataset(seed=seed))
    assert repository.newest_from(["C1"], limit=3) == [dataset(seed=4), dataset(seed=3), dataset(seed=2)]
    assert repository.newest_from(["C1"], limit=0) == []


def test_the_list_of_a_channel_is_limited_after_choosing(repository: DatasetRepository) -> None:
    for seed in range(6):
        repository.save(dataset(seed=seed, channel="C1" if seed < 3 else "C2"))
    assert repository.newest_from(["C1"], limit=2) == [dataset(seed=2), dataset(seed=1)]
    assert repository.newest_from(["C3"]) == []


def test_the_list_of_several_channels_is_one_list(repository: DatasetRepository) -> None:
    for seed in range(6):
        repository.save(dataset(seed=seed, channel=f"C{seed % 3}"))
    assert repository.newest_from(["C0", "C2"], limit=3) == [
        dataset(seed=5, channel="C2"),
        dataset(seed=3, channel="C0"),
        dataset(seed=2, channel="C2"),
    ]
    assert len(repository.newest_from({"C0", "C1", "C2", "C9"})) == 6
    assert repository.newest_from([]) == repository.newest_from(["C9"]) == []
    assert repository.newest_from(["C0"], limit=0) == []


def test_the_labels_of_several_contents_are_read_together(repository: DatasetRepository) -> None:
    one, other = dataset(seed=1), dataset(seed=2)
    later = replace(one, name="drafts", stored_at=one.stored_at + timedelta(hours=1))
    for each in (later, other, one):
        repository.save(each)
    assert repository.labels_of([one.id, other.id, "0" * 12]) == {
        one.id: [later, one],
        other.id: [other],
        "0" * 12: [],
    }
    assert repository.labels_of([]) == {}


def test_who_sent_datasets_is_known_by_conversation_and_person_the_newest_first(
    repository: DatasetRepository,
) -> None:
    assert repository.senders() == []
    theirs = replace(dataset(seed=2, channel="C2"), source=Source("F", "C2", "", "U2"))
    for each in (dataset(seed=1), theirs, dataset(seed=3, channel="C2"), dataset(seed=4)):
        repository.save(each)
    assert repository.senders() == [
        Sender("C1", "U1", dataset(seed=4).stored_at),
        Sender("C2", "U1", dataset(seed=3).stored_at),
        Sender("C2", "U2", theirs.stored_at),
    ]
    repository.save(dataset(seed=1))
    repository.rename(theirs, "Triage")
    assert [each.user for each in repository.senders()] == ["U1", "U1", "U2"]


@pytest.mark.redis_server
def test_who_sent_what_an_earlier_release_kept_is_known_too(redis_client: Redis, redis_keys: Keys) -> None:
    for seed in range(3):
        RedisDatasets(redis_client, redis_keys).save(dataset(seed=seed, channel=f"C{seed}"))
    redis_client.delete(redis_keys.dataset_senders())
    repository = RedisDatasets(redis_client, redis_keys)
    repository.save(dataset(seed=5, channel="C5"))
    assert [each.channel for each in repository.senders()] == ["C5", "C2", "C1", "C0"]

    # One of an earlier release that still works beside, or works again.
    documents = RedisDocuments(redis_client, redis_keys, "datasets", Dataset)
    without = dataset(seed=4, channel="C4")
    documents.save(without.label, without, at=without.stored_at.timestamp())
    of_the_next_process = RedisDatasets(redis_client, redis_keys)
    assert [each.channel for each in of_the_next_process.senders()] == ["C5", "C4", "C2", "C1", "C0"]


@pytest.mark.redis_server
def test_a_label_that_was_written_twice_hides_none_that_is_older(
    redis_client: Redis, redis_keys: Keys
) -> None:
    repository, earlier = RedisDatasets(redis_client, redis_keys), dataset(seed=2)
    documents = RedisDocuments(redis_client, redis_keys, "datasets", Dataset)
    documents.save(earlier.id, earlier, at=earlier.stored_at.timestamp(), tags=["channel:C1"])
    for each in (earlier, dataset(seed=1)):
        repository.save(each)
    assert repository.newest_from(["C1"], limit=2) == [earlier, dataset(seed=1)]


@pytest.mark.redis_server
def test_what_says_another_id_than_it_is_kept_under_is_no_label(
    redis_client: Redis, redis_keys: Keys
) -> None:
    repository, other = RedisDatasets(redis_client, redis_keys), dataset(seed=2)
    documents = RedisDocuments(redis_client, redis_keys, "datasets", Dataset)
    documents.save("0" * 12, other, at=other.stored_at.timestamp())
    assert repository.labels_of(["0" * 12]) == {"0" * 12: repository.labels("0" * 12)} == {"0" * 12: []}


@pytest.mark.redis_server
def test_one_that_cannot_be_read_hides_none_of_the_others(redis_client: Redis, redis_keys: Keys) -> None:
    repository = RedisDatasets(redis_client, redis_keys)
    for seed in range(5):
        repository.save(dataset(seed=seed))
    for seed in (4, 3, 1):
        redis_client.set(redis_keys.document("datasets", dataset(seed=seed).label), "{")
    assert repository.newest_from(["C1"], limit=2) == [dataset(seed=2), dataset(seed=0)]


def test_all_versions_of_a_name_are_listed(repository: DatasetRepository) -> None:
    for seed in (2, 1, 3):
        repository.save(dataset(seed=seed))
    repository.save(dataset("other", seed=9))
    assert repository.named("Claims") == [dataset(seed=3), dataset(seed=2), dataset(seed=1)]
    assert repository.named("claims", limit=1) == [dataset(seed=3)]
    assert repository.named("claim") == []


def test_where_a_dataset_came_from_is_kept(repository: DatasetRepository) -> None:
    made = replace(dataset(), parent="a" * 64, history=("Dropped 3 blank lines.", "Ünïcode"))
    repository.save(made)
    assert repository.labels(made.id) == repository.named("claims") == [made]


@pytest.mark.redis_server
def test_what_an_earlier_release_wrote_under_its_id_is_a_label(redis_client: Redis, redis_keys: Keys) -> None:
    earlier, repository = dataset(), RedisDatasets(redis_client, redis_keys)
    tags = ["name:claims", "channel:C1"]
    documents = RedisDocuments(redis_client, redis_keys, "datasets", Dataset)
    documents.save(earlier.id, earlier, at=earlier.stored_at.timestamp(), tags=tags)
    assert repository.labels(earlier.id) == [earlier]
    assert repository.named("claims") == [earlier]
    assert repository.labels_of([earlier.id]) == {earlier.id: [earlier]}
    repository.save(
        renamed := replace(earlier, name="drafts", stored_at=earlier.stored_at + timedelta(hours=1))
    )
    assert {each.name for each in repository.labels(earlier.id)} == {"claims", "drafts"}
    assert repository.labels_of([earlier.id])[earlier.id] == repository.labels(earlier.id)
    repository.save(placed := replace(earlier, source=replace(earlier.source, ts="2.0")))
    assert repository.named("claims") == [placed]
    assert repository.newest_from(["C1"]) == [renamed, placed]


@pytest.mark.redis_server
def test_what_an_earlier_release_wrote_has_no_parent(redis_client: Redis, redis_keys: Keys) -> None:
    RedisDatasets(redis_client, redis_keys).save(dataset())
    place = redis_keys.document("datasets", dataset().label)
    envelope = json.loads(str(redis_client.get(place)))
    del envelope["doc"]["parent"], envelope["doc"]["history"]
    redis_client.set(place, json.dumps(envelope))
    assert RedisDatasets(redis_client, redis_keys).named("claims") == [dataset()]


def test_the_picture_of_a_file_is_kept(repository: DatasetRepository) -> None:
    made = dataset()
    statistics = replace(
        made.report.statistics,
        lengths=(Bucket(1, 3, 60), Bucket(4, 5, 4)),
        labels=(LabelTable("queue", 64, 2, (Label("Ü", 60), Label("b", 4))),),
        prompts=(SystemPrompt("Route claims. 🙂", 60), SystemPrompt("", 4)),
    )
    made = replace(made, report=replace(made.report, statistics=statistics))
    repository.save(made)
    assert repository.labels(made.id) == [made]


@pytest.mark.redis_server
def test_what_an_earlier_release_wrote_has_no_picture(redis_client: Redis, redis_keys: Keys) -> None:
    RedisDatasets(redis_client, redis_keys).save(dataset())
    place = redis_keys.document("datasets", dataset().label)
    envelope = json.loads(str(redis_client.get(place)))
    for name in ("lengths", "labels", "prompts"):
        del envelope["doc"]["report"]["statistics"][name]
    redis_client.set(place, json.dumps(envelope))
    assert RedisDatasets(redis_client, redis_keys).named("claims") == [dataset()]


def test_a_label_that_is_renamed_is_found_by_its_new_name_alone(repository: DatasetRepository) -> None:
    one, version, elsewhere = (
        dataset(seed=1),
        dataset(seed=2),
        replace(dataset(seed=1), source=Source("F", "C9", "", "U9")),
    )
    for each in (one, version, elsewhere):
        repository.save(each)

    renamed = repository.rename(one, "Triage")
    assert repository.rename(one, "Triage") == renamed, "what was cut off is done again"

    assert renamed == replace(one, name="Triage")
    assert repository.named("triage") == [renamed]
    assert repository.named("claims") == [version, elsewhere]
    assert sorted(repository.labels(one.id), key=lambda each: each.name) == [renamed, elsewhere]
    assert repository.newest_from([one.source.channel]) == [version, renamed]
    assert repository.rename(renamed, "Triage") == renamed
    assert repository.named("triage") == [renamed]


@pytest.mark.redis_server
def test_what_an_earlier_release_kept_without_labels_is_renamed_whole(
    redis_client: Redis, redis_keys: Keys
) -> None:
    old = dataset()
    kept = RedisDocuments(redis_client, redis_keys, "datasets", Dataset)
    tags = [f"name:{old.name}", f"channel:{old.source.channel}", f"content:{old.id}"]
    kept.save(old.id, old, at=old.stored_at.timestamp(), tags=tags)
    repository = RedisDatasets(redis_client, redis_keys)

    renamed = repository.rename(old, "triage")

    assert repository.labels(old.id) == repository.named("triage") == [renamed]
    assert repository.newest_from([old.source.channel]) == [renamed]
    assert repository.named(old.name) == []
