"""The contract of where shares are kept, held against the twin and Redis."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from redis import Redis

from bot.models.model import Share
from bot.models.ports import Shares
from storage.keys import Keys
from storage.redis_shares import RedisShares
from tests.doubles.visibility import InMemoryShares

SHARE = Share("claims-router", "arn:aws:bedrock:x", "C1", "U1", datetime(2026, 11, 22, 9, tzinfo=UTC))


@pytest.fixture(params=["twin", pytest.param("redis", marks=pytest.mark.redis_server)])
def shares(request: pytest.FixtureRequest) -> Shares:
    if request.param == "twin":
        return InMemoryShares()
    client: Redis = request.getfixturevalue("redis_client")
    keys: Keys = request.getfixturevalue("redis_keys")
    return RedisShares(client, keys)


def test_shares_are_found_newest_first(shares: Shares) -> None:
    later = replace(SHARE, channel="C2", at=SHARE.at + timedelta(hours=1))
    shares.save(SHARE)
    shares.save(later)
    assert shares.all() == [later, SHARE]


def test_the_last_word_on_a_model_and_a_channel_counts(shares: Shares) -> None:
    shares.save(SHARE)
    taken_back = replace(SHARE, on=False, at=SHARE.at + timedelta(hours=1))
    shares.save(taken_back)
    assert shares.all() == [taken_back]


def test_another_model_of_the_same_name_has_shares_of_its_own(shares: Shares) -> None:
    other = replace(SHARE, arn="arn:aws:bedrock:y", at=SHARE.at + timedelta(hours=1))
    shares.save(SHARE)
    shares.save(other)
    assert shares.all() == [other, SHARE]
