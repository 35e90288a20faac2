"""The contract of where details are kept, held against the twin and Redis."""

from typing import Any

import pytest
from redis import Redis

from bot.controller.damage import Damage
from bot.controller.ports import Details
from storage.keys import Keys
from storage.redis_details import RedisDetails
from tests.doubles.details import InMemoryDetails

BLOCKS: list[dict[str, Any]] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "Ü <@U1> `a`"}},
    {"type": "divider"},
]


@pytest.fixture(params=["twin", pytest.param("redis", marks=pytest.mark.redis_server)])
def details(request: pytest.FixtureRequest) -> Details:
    if request.param == "twin":
        return InMemoryDetails()
    client: Redis = request.getfixturevalue("redis_client")
    keys: Keys = request.getfixturevalue("redis_keys")
    return RedisDetails(client, keys)


def test_what_was_kept_is_read_where_it_was_kept_and_nowhere_else(details: Details) -> None:
    details.keep("C1", "a1", BLOCKS)
    details.keep("U1", "a1", BLOCKS[1:], briefly=True)

    assert details.get("C1", "a1") == BLOCKS
    assert details.get("U1", "a1") == BLOCKS[1:]
    for place, details_id in (("C2", "a1"), ("C1", "a2"), ("", "a1"), ("C1", "")):
        assert details.get(place, details_id) is None


def test_keeping_the_same_again_is_harmless(details: Details) -> None:
    details.keep("C1", "a1", BLOCKS)
    details.keep("C1", "a1", BLOCKS)

    assert details.get("C1", "a1") == BLOCKS


@pytest.mark.redis_server
def test_details_are_forgotten_in_their_time(redis_client: Redis, redis_keys: Keys) -> None:
    details = RedisDetails(redis_client, redis_keys)
    details.keep("C1", "a1", BLOCKS)
    details.keep("U1", "a1", BLOCKS, briefly=True)

    day = 86_400
    assert 399 * day < int(redis_client.ttl(redis_keys.details("C1", "a1"))) <= 400 * day
    assert 6 * day < int(redis_client.ttl(redis_keys.details("U1", "a1"))) <= 7 * day


@pytest.mark.redis_server
@pytest.mark.parametrize("text", ["", "{", '{"v": 2, "blocks": []}', '{"v": 1}', '{"v": 1, "blocks": 3}'])
def test_what_cannot_be_read_is_reported_and_is_none(
    redis_client: Redis, redis_keys: Keys, text: str
) -> None:
    damage = Damage()
    redis_client.set(redis_keys.details("C1", "a1"), text)

    assert RedisDetails(redis_client, redis_keys, damage).get("C1", "a1") is None
    assert damage.take_untold(), "the operator is told"
