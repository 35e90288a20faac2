"""The keys: one slot, one table, no key outside it."""

from datetime import UTC, datetime, timedelta

import pytest
from redis import Redis

from bot.controller.model import Key, Registration
from bot.controller.rate_limits import EDIT, RateLimit
from bot.jobs.history import Run
from bot.questions.answerer import AnswerVote, Turn
from storage.key_families import ROWS, Ends, family_of, without_end
from storage.keys import KEEP_JUDGED, Keys
from storage.redis_conversations import RedisConversations
from storage.redis_details import RedisDetails
from storage.redis_feedback import RedisFeedback
from storage.redis_history import RedisHistory
from storage.redis_inbox import RedisHeartbeats, RedisInbox
from storage.redis_memberships import RedisMemberships
from storage.redis_models import RedisModels
from storage.redis_observations import RedisObservations
from storage.redis_rate_limits import RedisRateLimiter
from storage.redis_resources import RedisResources
from storage.redis_together import RedisTogether
from tests.contract.test_repositories import model


@pytest.mark.parametrize("prefix", ["", "a{b", "a}b"])
def test_a_prefix_must_be_one_hash_tag(prefix: str) -> None:
    with pytest.raises(ValueError, match="prefix"):
        Keys(prefix)


def test_every_row_is_under_the_prefix() -> None:
    assert [row.pattern for row in ROWS if not row.pattern.startswith("{prefix}:")] == []


@pytest.mark.redis_server
def test_every_key_that_is_written_is_in_the_table(redis_client: Redis, redis_keys: Keys) -> None:
    RedisResources(redis_client, redis_keys).register(Registration(Key("job", "a1"), {}))
    RedisObservations(redis_client, redis_keys).put("us-west-2", {"a": {}})
    RedisInbox(redis_client, redis_keys).first_time("Ev1")
    RedisMemberships(redis_client, redis_keys).tell("U1", 1.0, "a member")
    RedisInbox(redis_client, redis_keys).first_time("event:message:Ev2")
    redis_client.delete(redis_keys.seen("event:message:Ev2"))
    RedisHeartbeats(redis_client, redis_keys).beat("me")
    RedisModels(redis_client, redis_keys).save(model("m"))
    rate_limiter = RedisRateLimiter(redis_client, redis_keys, {EDIT: RateLimit(1, 9)})
    for who in ("a", "b"):
        rate_limiter.ask(EDIT, who)
    rate_limiter.hold(EDIT, 5)
    conversations = RedisConversations(redis_client, redis_keys)
    conversations.bind("C1", "1.1", "m")
    conversations.append("C1", "1.1", "q", Turn("user", "Hello"))

    RedisDetails(redis_client, redis_keys).keep("C1", "a1", [])
    RedisTogether(redis_client, redis_keys).join("C1:U1:9", "claims")

    written = [str(key) for key in redis_client.scan_iter() if str(key).startswith(redis_keys.root)]
    assert len(written) == 21
    for key in written:
        row = family_of(key, redis_keys)
        assert row, key
        assert redis_client.type(key) == {"sorted set": "zset"}.get(row.type, row.type)
        lives = redis_client.ttl(key)
        assert (lives > 0) == (row.ends is Ends.BY_ITSELF) == (row.ttl[:1].isdigit()), (key, row.ttl, lives)
    assert list(without_end(redis_client, redis_keys)) == []


@pytest.mark.redis_server
def test_a_key_that_lost_its_end_is_found_whatever_its_family(redis_client: Redis, redis_keys: Keys) -> None:
    resources = RedisResources(redis_client, redis_keys)
    for job in ("followed", "lost"):
        resources.register(Registration(Key("job", job), {}))
    redis_client.zrem(redis_keys.due("job"), "lost")
    models = RedisModels(redis_client, redis_keys)
    for name in ("listed", "unlisted"):
        models.save(model(name))
    index = redis_keys.documents("models", "all")
    unlisted = str(redis_client.zrange(index, 0, 0)[0])
    redis_client.zrem(index, unlisted)
    redis_client.set(redis_keys.seen("Ev1"), "1")
    redis_client.set(f"{redis_keys.root}:new-thing:7", "1")
    redis_client.set(f"{redis_keys.root}:new-thing:8", "1", ex=60)

    found = {
        (each.family, each.key.removeprefix(redis_keys.root))
        for each in without_end(redis_client, redis_keys)
    }

    assert found == {
        ("resource", ":resource:job:lost"),
        ("models", f":models:doc:{unlisted}"),
        ("seen", ":seen:Ev1"),
        ("", ":new-thing:7"),
        ("", ":new-thing:8"),
    }


def test_each_key_is_of_one_family() -> None:
    keys = Keys("a")
    names = {
        row.name: row.pattern.replace("{prefix}", keys.root).replace("<", "x").replace(">", ":y")
        for row in ROWS
    }
    assert {name: row.name for name, key in names.items() if (row := family_of(key, keys))} == dict(
        zip(names, names, strict=True)
    )


@pytest.mark.redis_server
def test_what_nobody_deletes_ends_by_itself_and_leaves_its_index(
    redis_client: Redis, redis_keys: Keys
) -> None:
    history, now = RedisHistory(redis_client, redis_keys), datetime.now(UTC)
    for job, ended in (("old", now - timedelta(seconds=KEEP_JUDGED + 60)), ("new", now)):
        history.save(Run(job, "nova-micro", 100, 1, (), 60.0, ended))
    RedisFeedback(redis_client, redis_keys).save(AnswerVote("C1 1.1", "U1", True, "v1", "C1", "U2", now))

    assert redis_client.zrange(redis_keys.documents("runs", "all"), 0, -1) == ["new"]
    ends = {
        str(each): redis_client.ttl(each) for each in redis_client.scan_iter(match=f"{redis_keys.root}:*")
    }
    assert len(ends) == 7
    assert {each for each in ends.values() if not KEEP_JUDGED - 60 < each <= KEEP_JUDGED} == set()
    assert RedisFeedback(redis_client, redis_keys).of_version("v1")
