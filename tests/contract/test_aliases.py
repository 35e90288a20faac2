"""The contract of where aliases are kept, held against the twin and Redis."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from redis import Redis

from bot.errors import Refused
from bot.models.model import Alias, Pointing
from bot.models.ports import Aliases
from storage.keys import Keys
from storage.redis_aliases import RedisAliases
from tests.doubles.aliases import InMemoryAliases

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
ALIAS = Alias("support", "C1", (Pointing("arn:v3", "U1", NOW),), 1)


@pytest.fixture(params=["twin", pytest.param("redis", marks=pytest.mark.redis_server)])
def aliases(request: pytest.FixtureRequest) -> Aliases:
    if request.param == "twin":
        return InMemoryAliases()
    client: Redis = request.getfixturevalue("redis_client")
    keys: Keys = request.getfixturevalue("redis_keys")
    return RedisAliases(client, keys)


def test_each_change_is_given_what_the_last_one_left(aliases: Aliases) -> None:
    seen: list[Alias | None] = []

    def make(before: Alias | None) -> Alias:
        seen.append(before)
        if before is None:
            return ALIAS
        newer = Pointing("arn:v4", "U2", NOW + timedelta(hours=1))
        return replace(before, pointings=(*before.pointings, newer), edition=2)

    assert aliases.change("C1", "support", make) == ALIAS
    second = aliases.change("C1", "SUPPORT", make)
    assert [each.arn for each in second.pointings] == ["arn:v3", "arn:v4"]
    assert seen == [None, ALIAS]
    assert aliases.all() == [second]


def test_a_name_in_another_channel_is_another_alias(aliases: Aliases) -> None:
    other = replace(ALIAS, channel="C2", pointings=(replace(ALIAS.now, at=NOW + timedelta(hours=1)),))
    aliases.change("C1", "support", lambda _: ALIAS)
    aliases.change("C2", "support", lambda _: other)
    assert aliases.all() == [other, ALIAS]


def test_what_is_refused_changes_nothing(aliases: Aliases) -> None:
    def refuse(_: Alias | None) -> Alias:
        raise Refused("No.")

    aliases.change("C1", "support", lambda _: ALIAS)
    with pytest.raises(Refused):
        aliases.change("C1", "support", refuse)
    assert aliases.all() == [ALIAS]
