"""What is due and waits, on a real server."""

import pytest
from redis import Redis

from bot import metrics
from bot.controller.model import Key, Registration
from bot.pricing.book import PriceBook
from bot.wiring.figures import figures
from storage.keys import Keys
from storage.redis_backlog import RedisBacklog
from storage.redis_inbox import RedisIdentity
from storage.stores import Stores
from tests.fixtures.redis import rewind

pytestmark = pytest.mark.redis_server


def test_what_is_due_is_counted_with_the_age_of_the_oldest(redis_client: Redis, redis_keys: Keys) -> None:
    stores = Stores.on(redis_client, redis_keys)
    for number in range(3):
        stores.resources.register(Registration(Key("job", f"j{number}"), {}))
    stores.resources.register(Registration(Key("job", "later"), {}, due_in=100))
    rewind(redis_client, redis_keys, 7)
    due = RedisBacklog(redis_client, redis_keys).due(["job", "lease"])
    assert (due["job"].count, due["lease"].count, due["lease"].oldest) == (3, 0, 0.0)
    assert 7 <= due["job"].oldest < 60
    stores.resources.claim(10, {"job": 30.0})
    assert RedisBacklog(redis_client, redis_keys).due(["job"])["job"].count == 0, (
        "what is taken does not wait"
    )


def test_every_figure_of_the_store_is_read(redis_client: Redis, redis_keys: Keys) -> None:
    stores = Stores.on(redis_client, redis_keys)
    stores.heartbeats.beat("one")
    found = list(figures(stores, redis_keys, PriceBook({})))
    assert {each.metric for each in found} == {
        each for each in metrics.METRICS if each.source is metrics.Source.STORE
    }
    assert [each.value for each in found if each.metric is metrics.PROCESSES] == [1]


def test_a_redis_is_known_by_a_word_of_its_own_that_stays(redis_client: Redis, redis_keys: Keys) -> None:
    word = RedisIdentity(redis_client, redis_keys).word()
    assert len(word) == 32
    assert RedisIdentity(redis_client, redis_keys).word() == word
    redis_client.delete(redis_keys.identity)
    assert RedisIdentity(redis_client, redis_keys).word() != word
