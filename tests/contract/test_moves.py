"""The contract of where it is kept that a channel got another ID, held against the twin and Redis."""

import pytest
from redis import Redis

from bot.moved_channels import KeptMoves
from storage.keys import Keys
from storage.redis_moves import RedisMoves
from tests.doubles.moves import InMemoryMoves


@pytest.fixture(params=["twin", pytest.param("redis", marks=pytest.mark.redis_server)])
def kept(request: pytest.FixtureRequest) -> KeptMoves:
    if request.param == "twin":
        return InMemoryMoves()
    client: Redis = request.getfixturevalue("redis_client")
    keys: Keys = request.getfixturevalue("redis_keys")
    return RedisMoves(client, keys)


def test_nothing_is_kept_at_first(kept: KeptMoves) -> None:
    assert kept.all() == {}


def test_the_former_id_is_kept_by_the_later_one_and_the_first_word_counts(kept: KeptMoves) -> None:
    kept.keep("C1", "G1")
    kept.keep("C2", "G2")
    kept.keep("C1", "G3")
    assert kept.all() == {"C1": "G1", "C2": "G2"}


def test_what_is_dropped_is_gone_and_may_be_kept_anew(kept: KeptMoves) -> None:
    kept.keep("C1", "G1")
    kept.keep("C2", "C1")
    kept.drop(["C1", "C9"])
    kept.drop([])
    assert kept.all() == {"C2": "C1"}
    kept.keep("C1", "G3")
    assert kept.all() == {"C1": "G3", "C2": "C1"}
