"""A Redis that somebody else runs: the demo's keys are its own, and it leaves nothing else changed."""

from pathlib import Path

import pytest
from redis import Redis

from bot.errors import Unavailable
from bot.playground.shared_redis import SharedRedis
from storage.keys import Keys

pytestmark = pytest.mark.redis_server


def test_demos_in_two_folders_do_not_see_each_other(tmp_path: Path, redis_url: str) -> None:
    one, other = (SharedRedis.of(redis_url, tmp_path / name) for name in ("one", "other"))

    assert one.prefix != other.prefix
    assert SharedRedis.of(redis_url, tmp_path / "one") == one
    assert one.environment() == {"REDIS_URL": redis_url, "TUNESMITH_REDIS_PREFIX": one.prefix}


def test_only_the_demos_own_keys_are_forgotten(tmp_path: Path, redis_url: str, redis_client: Redis) -> None:
    one, other = (SharedRedis.of(redis_url, tmp_path / name) for name in ("one", "other"))
    redis_client.mset(
        {Keys(one.prefix).kinds: "mine", Keys(other.prefix).kinds: "theirs", one.prefix: "also"}
    )

    assert one.forget() == 1

    assert redis_client.mget(Keys(one.prefix).kinds, Keys(other.prefix).kinds, one.prefix) == [
        None,
        "theirs",
        "also",
    ]
    assert one.forget() == 0


def test_a_redis_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="REDIS_URL"):
        SharedRedis.of("redis://127.0.0.1:1/0", tmp_path).forget()
