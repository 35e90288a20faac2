"""What a server says of its history, and that nothing is asserted where it says nothing."""

from types import SimpleNamespace
from typing import Any

import pytest
from redis import exceptions

from bot.errors import Unavailable
from storage.redis_resources import RedisResources

WHOLE = {"server": {"run_id": "r1"}, "replication": {"role": "master", "master_replid": "d1"}}


def era_of(told: dict[str, dict[str, str]] | Exception) -> str:
    def info(section: str) -> dict[str, str]:
        if isinstance(told, Exception):
            raise told
        return told.get(section, {})

    client: Any = SimpleNamespace(register_script=lambda _: None, info=info)
    return RedisResources(client).era(at_once=True)


@pytest.mark.parametrize(
    ("told", "era"),
    [
        (WHOLE, "r1:d1"),
        ({"server": WHOLE["server"]}, "r1"),
        ({}, ""),
        (exceptions.NoPermissionError("User default has no permissions to run the 'info' command"), ""),
        (exceptions.ResponseError("unknown command 'INFO', with args beginning with: 'server'"), ""),
    ],
)
def test_an_era_is_all_that_a_server_tells(told: dict[str, dict[str, str]] | Exception, era: str) -> None:
    assert era_of(told) == era


def test_a_server_that_is_away_is_not_one_that_tells_nothing() -> None:
    with pytest.raises(Unavailable):
        era_of(exceptions.BusyLoadingError("Redis is loading the dataset in memory"))
    with pytest.raises(Unavailable):
        era_of(exceptions.ResponseError("MISCONF Errors writing to the AOF file"))
