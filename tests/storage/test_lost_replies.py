"""The client's own retry after a lost reply: the server did it, and is asked again."""

from collections.abc import Iterator
from typing import Any

import pytest
from redis import Connection, Redis, exceptions
from redis.backoff import NoBackoff
from redis.retry import Retry

from bot.controller.model import Key, Registration
from storage.keys import Keys
from storage.redis_inbox import RedisInbox
from storage.redis_resources import RedisResources

pytestmark = pytest.mark.redis_server

LEASE = Key("lease", "a1b2")


class Lossy(Connection):
    """A connection that loses the next reply after ``losing`` was set: the server has done what it was asked."""

    losing = False

    def read_response(self, *args: Any, **kwargs: Any) -> Any:
        reply = super().read_response(*args, **kwargs)
        if Lossy.losing:
            Lossy.losing = False
            self.disconnect()  # type: ignore[no-untyped-call]
            raise exceptions.ConnectionError("Connection reset by peer")
        return reply


@pytest.fixture
def lossy(redis_url: str) -> Iterator[Redis]:
    client = Redis.from_url(
        redis_url, connection_class=Lossy, decode_responses=True, retry=Retry(NoBackoff(), 1)
    )
    client.ping()
    yield client
    Lossy.losing = False
    client.close()


def test_a_press_whose_record_lost_its_reply_is_still_the_first(lossy: Redis, redis_keys: Keys) -> None:
    log = RedisInbox(lossy, redis_keys)
    Lossy.losing = True
    assert log.first_time("press:1")
    assert not Lossy.losing
    assert not log.first_time("press:1")


def test_a_change_whose_reply_was_lost_is_made_once(lossy: Redis, redis_keys: Keys) -> None:
    resources = RedisResources(lossy, redis_keys)
    resources.register(Registration(LEASE, {"minutes": 60}))
    resources.amend(LEASE, lambda _: {"minutes": 60})

    def longer(spec: dict[str, Any]) -> dict[str, Any]:
        Lossy.losing = True
        return {"minutes": spec["minutes"] + 60}

    changed = resources.amend(LEASE, longer)
    assert not Lossy.losing
    assert changed is not None
    assert (changed.spec, changed.generation) == ({"minutes": 120}, 3)
