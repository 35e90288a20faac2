"""What only the real store can show: what it does with what it can't read, and how little it leaves behind."""

import logging
from collections.abc import Callable

import pytest
from redis import Redis

from bot.controller.model import Done, Key, Registration
from storage.keys import Keys
from storage.redis_datasets import RedisDatasets
from storage.redis_models import RedisModels
from storage.redis_resources import THOROUGH, RedisResources
from storage.redis_shares import RedisShares
from tests.contract.test_repositories import model
from tests.doubles.clock import FakeClock
from tests.fixtures.redis import rewind
from tests.unit.jobs.samples import dataset

pytestmark = pytest.mark.redis_server

JOB, OTHER = Key("job", "a1b2"), Key("job", "c3d4")


@pytest.fixture
def resources(redis_client: Redis, redis_keys: Keys) -> RedisResources:
    return RedisResources(redis_client, redis_keys)


def test_what_a_newer_release_wrote_is_left_to_it(
    resources: RedisResources, redis_client: Redis, redis_keys: Keys
) -> None:
    resources.register(Registration(JOB, {}))
    redis_client.hset(redis_keys.resource(JOB), "v", "2")
    assert resources.claim(10, 30) == []
    assert redis_client.hget(redis_keys.resource(JOB), "resource_version") == "0"
    assert redis_client.zscore(redis_keys.due("job"), JOB.id) is not None


def test_an_unreadable_document_keeps_nobody_else_waiting(
    resources: RedisResources, redis_client: Redis, redis_keys: Keys, caplog: pytest.LogCaptureFixture
) -> None:
    resources.register(Registration(JOB, {}))
    resources.register(Registration(OTHER, {}))
    redis_client.hset(redis_keys.resource(JOB), "status", "{broken")
    with caplog.at_level(logging.ERROR):
        assert [claim.resource.key for claim in resources.claim(10, 30)] == [OTHER]
    assert "job:a1b2" in caplog.text


def test_a_due_entry_without_its_thing_goes(
    resources: RedisResources, redis_client: Redis, redis_keys: Keys
) -> None:
    resources.register(Registration(JOB, {}))
    redis_client.delete(redis_keys.resource(JOB))
    assert resources.claim(10, 30) == []
    assert redis_client.zcard(redis_keys.due("job")) == 0


@pytest.mark.slow
def test_the_index_does_not_grow_for_ever(
    resources: RedisResources, redis_client: Redis, redis_keys: Keys
) -> None:
    """A thousand questions, each done and gone a week later, and nobody ever lists them."""
    for week in range(50):
        for number in range(20):
            resources.register(Registration(Key("question", f"{week}-{number}"), {}))
        for claim in resources.claim(20, 30):
            resources.commit(claim, {}, Done())
        rewind(redis_client, redis_keys, 8 * 86400)
    assert redis_client.zcard(redis_keys.index("question")) < 100


@pytest.mark.slow
def test_over_several_pages_of_which_some_have_expired_none_is_passed_over(
    resources: RedisResources, redis_client: Redis, redis_keys: Keys
) -> None:
    names = [f"{number:03}" for number in range(650)]
    for name in names:
        resources.register(Registration(Key("job", name), {}))
    since = float(redis_client.zscore(redis_keys.index("job"), names[100]) or 0) / 1_000_000
    for name in names[100::3]:
        redis_client.delete(redis_keys.resource(Key("job", name)))
    late = [name for place, name in enumerate(names[100:]) if place % 3]

    assert [each.key.id for each in resources.of_kind("job", since=since)] == late[::-1]
    assert [each.key.id for each in resources.of_kind("job")] == [*names[:100], *late][::-1]
    assert redis_client.zcard(redis_keys.index("job")) == 100 + len(late)


def test_scripts_come_back_after_the_server_forgot_them(
    resources: RedisResources, redis_client: Redis
) -> None:
    resources.register(Registration(JOB, {}))
    redis_client.script_flush()
    assert len(resources.claim(10, 30)) == 1


def test_what_the_hint_has_lost_is_found_a_little_later(
    redis_client: Redis, redis_keys: Keys, resources: RedisResources
) -> None:
    """Written by an older release, or by hand: in its due set, and nowhere in ``next``."""
    clock = FakeClock()
    looking = RedisResources(redis_client, redis_keys, clock)
    resources.register(Registration(OTHER, {}, due_in=200))
    assert looking.claim(10, {"job": 30.0}) == []
    resources.register(Registration(JOB, {}, due_in=100))
    redis_client.zadd(redis_keys.due("job"), {JOB.id: 0})
    assert looking.claim(10, {"job": 30.0}) == [], "nothing promises it"
    clock.advance(THOROUGH + 1)
    assert [claim.resource.key for claim in looking.claim(10, {"job": 30.0})] == [JOB]


def test_a_store_without_the_hint_is_looked_through(
    resources: RedisResources, redis_client: Redis, redis_keys: Keys
) -> None:
    resources.register(Registration(JOB, {}))
    assert len(resources.claim(10, {"job": 30.0, "release": 30.0})) == 1
    resources.register(Registration(OTHER, {}))
    redis_client.delete(redis_keys.next)
    assert [claim.resource.key for claim in resources.claim(10, {"job": 30.0, "release": 30.0})] == [OTHER]


def test_a_look_at_nothing_costs_little(resources: RedisResources, redis_client: Redis) -> None:
    kinds = dict.fromkeys(
        ["job", "release", "poll", "lease", "account", "upload", "question", "notification"], 30.0
    )
    resources.register(Registration(JOB, {}, due_in=100))
    resources.claim(10, kinds)
    before = redis_client.info("stats")["total_commands_processed"]
    for _ in range(10):
        assert resources.claim(10, kinds) == []
    spent = redis_client.info("stats")["total_commands_processed"] - before
    assert spent <= 10 * 4 + 1


def test_what_a_list_reads_is_one_round_trip(
    resources: RedisResources, redis_client: Redis, redis_keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    models, datasets = RedisModels(redis_client, redis_keys), RedisDatasets(redis_client, redis_keys)
    shares = RedisShares(redis_client, redis_keys)
    models.save(model("claims-router"))
    datasets.save(dataset())
    reads: dict[str, Callable[[], object]] = {
        "five kinds": lambda: resources.of_kinds(["lease", "deployment", "schedule", "job", "distillation"]),
        "a model by its name": lambda: models.find("claims-router"),
        "the labels of a dataset": lambda: datasets.labels(dataset().id),
        "all shares": shares.all,
    }
    for read in reads.values():
        read()  # the scripts are known to the server from then on
    asked: list[object] = []
    execute: Callable[..., object] = redis_client.execute_command

    def counted(*arguments: object, **options: object) -> object:
        asked.append(arguments)
        return execute(*arguments, **options)

    monkeypatch.setattr(redis_client, "execute_command", counted)
    for name, read in reads.items():
        asked.clear()
        assert read() or name == "all shares", name
        assert len(asked) == 1, name
