"""What only the real store can show: what it does with what it can't read, and how little it leaves behind."""

import logging

import pytest
from redis import Redis

from bot.controller.model import Done, Key, Registration
from storage.keys import Keys
from storage.redis_resources import THOROUGH, RedisThings
from tests.doubles.clock import FakeClock
from tests.fixtures.redis import rewind

pytestmark = pytest.mark.redis_server

JOB, OTHER = Key("job", "a1b2"), Key("job", "c3d4")


@pytest.fixture
def things(redis_client: Redis, redis_keys: Keys) -> RedisThings:
    return RedisThings(redis_client, redis_keys)


def test_what_a_newer_release_wrote_is_left_to_it(
    things: RedisThings, redis_client: Redis, redis_keys: Keys
) -> None:
    things.register(Registration(JOB, {}))
    redis_client.hset(redis_keys.thing(JOB), "v", "2")
    assert things.claim(10, 30) == []
    assert redis_client.hget(redis_keys.thing(JOB), "rev") == "0"
    assert redis_client.zscore(redis_keys.due("job"), JOB.id) is not None


def test_an_unreadable_document_keeps_nobody_else_waiting(
    things: RedisThings, redis_client: Redis, redis_keys: Keys, caplog: pytest.LogCaptureFixture
) -> None:
    things.register(Registration(JOB, {}))
    things.register(Registration(OTHER, {}))
    redis_client.hset(redis_keys.thing(JOB), "status", "{broken")
    with caplog.at_level(logging.ERROR):
        assert [claim.thing.key for claim in things.claim(10, 30)] == [OTHER]
    assert "job:a1b2" in caplog.text


def test_a_due_entry_without_its_thing_goes(
    things: RedisThings, redis_client: Redis, redis_keys: Keys
) -> None:
    things.register(Registration(JOB, {}))
    redis_client.delete(redis_keys.thing(JOB))
    assert things.claim(10, 30) == []
    assert redis_client.zcard(redis_keys.due("job")) == 0


@pytest.mark.slow
def test_the_index_does_not_grow_for_ever(things: RedisThings, redis_client: Redis, redis_keys: Keys) -> None:
    """A thousand questions, each done and gone a week later, and nobody ever lists them."""
    for week in range(50):
        for number in range(20):
            things.register(Registration(Key("question", f"{week}-{number}"), {}))
        for claim in things.claim(20, 30):
            things.commit(claim, {}, Done())
        rewind(redis_client, redis_keys, 8 * 86400)
    assert redis_client.zcard(redis_keys.index("question")) < 100


def test_scripts_come_back_after_the_server_forgot_them(things: RedisThings, redis_client: Redis) -> None:
    things.register(Registration(JOB, {}))
    redis_client.script_flush()
    assert len(things.claim(10, 30)) == 1


def test_what_the_hint_has_lost_is_found_a_little_later(
    redis_client: Redis, redis_keys: Keys, things: RedisThings
) -> None:
    """Written by an older release, or by hand: in its due set, and nowhere in ``next``."""
    clock = FakeClock()
    looking = RedisThings(redis_client, redis_keys, clock)
    things.register(Registration(OTHER, {}, due_in=200))
    assert looking.claim(10, {"job": 30.0}) == []
    things.register(Registration(JOB, {}, due_in=100))
    redis_client.zadd(redis_keys.due("job"), {JOB.id: 0})
    assert looking.claim(10, {"job": 30.0}) == [], "nothing promises it"
    clock.advance(THOROUGH + 1)
    assert [claim.thing.key for claim in looking.claim(10, {"job": 30.0})] == [JOB]


def test_a_store_without_the_hint_is_looked_through(
    things: RedisThings, redis_client: Redis, redis_keys: Keys
) -> None:
    things.register(Registration(JOB, {}))
    assert len(things.claim(10, {"job": 30.0, "release": 30.0})) == 1
    things.register(Registration(OTHER, {}))
    redis_client.delete(redis_keys.next)
    assert [claim.thing.key for claim in things.claim(10, {"job": 30.0, "release": 30.0})] == [OTHER]


def test_a_look_at_nothing_costs_little(things: RedisThings, redis_client: Redis) -> None:
    kinds = dict.fromkeys(["job", "release", "poll", "lease", "sweep", "upload", "question", "telling"], 30.0)
    things.register(Registration(JOB, {}, due_in=100))
    things.claim(10, kinds)
    before = redis_client.info("stats")["total_commands_processed"]
    for _ in range(10):
        assert things.claim(10, kinds) == []
    spent = redis_client.info("stats")["total_commands_processed"] - before
    assert spent <= 10 * 4 + 1
