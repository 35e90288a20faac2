"""The keys: one slot, one table, no key outside it."""

import re

import pytest
from redis import Redis

from bot.controller.model import Key, Registration
from bot.controller.rate_limits import EDIT, Budget
from bot.questions.answerer import Turn
from storage.keys import ROWS, Keys, table
from storage.redis_conversations import RedisConversations
from storage.redis_details import RedisDetails
from storage.redis_inbox import RedisHeartbeats, RedisInbox
from storage.redis_memberships import RedisMemberships
from storage.redis_models import RedisModels
from storage.redis_observations import RedisObservations
from storage.redis_rate_limits import RedisRateLimiter
from storage.redis_resources import RedisResources
from tests.contract.test_repositories import model


@pytest.mark.parametrize("prefix", ["", "a{b", "a}b"])
def test_a_prefix_must_be_one_hash_tag(prefix: str) -> None:
    with pytest.raises(ValueError, match="prefix"):
        Keys(prefix)


def test_the_table_has_a_line_for_each_row() -> None:
    lines = table().splitlines()
    assert len(lines) == len(ROWS) + 2
    assert all(line.startswith("| `{prefix}:") for line in lines[2:])


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
    rate_limiter = RedisRateLimiter(redis_client, redis_keys, {EDIT: Budget(1, 9)})
    for who in ("a", "b"):
        rate_limiter.ask(EDIT, who)
    rate_limiter.hold(EDIT, 5)
    conversations = RedisConversations(redis_client, redis_keys)
    conversations.bind("C1", "1.1", "m")
    conversations.append("C1", "1.1", "q", Turn("user", "Hello"))

    RedisDetails(redis_client, redis_keys).keep("C1", "a1", [])

    written = [str(key) for key in redis_client.scan_iter() if str(key).startswith(redis_keys.root)]
    assert len(written) == 19
    for key in written:
        [row] = [row for row in ROWS if matches(row.pattern.replace("{prefix}", redis_keys.root), key)]
        assert redis_client.type(key) == {"sorted set": "zset"}.get(row.type, row.type)
        lives = redis_client.ttl(key)
        assert (lives > 0) == (row.ttl[:1].isdigit()), (key, row.ttl, lives)


def matches(pattern: str, key: str) -> bool:
    parts = re.split(r"<\w+>", pattern)
    return re.fullmatch("[^:]+".join(map(re.escape, parts)), key) is not None
