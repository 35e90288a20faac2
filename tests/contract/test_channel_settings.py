"""The contract of where is kept how channels want to be answered, held against the twin and Redis."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from redis import Redis

from bot.questions.answerer import ChannelSettings
from bot.questions.ports import ChannelSettingsRepository
from storage.keys import Keys
from storage.redis_channel_settings import RedisChannelSettings
from tests.doubles.channel_settings import InMemoryChannelSettings

SETTINGS = ChannelSettings("C1", True, "U1", datetime(2026, 11, 22, 9, tzinfo=UTC))


@pytest.fixture(params=["twin", pytest.param("redis", marks=pytest.mark.redis_server)])
def settings(request: pytest.FixtureRequest) -> ChannelSettingsRepository:
    if request.param == "twin":
        return InMemoryChannelSettings()
    client: Redis = request.getfixturevalue("redis_client")
    keys: Keys = request.getfixturevalue("redis_keys")
    return RedisChannelSettings(client, keys)


def test_the_last_settings_of_a_channel_count(settings: ChannelSettingsRepository) -> None:
    assert settings.of("C1") is None
    settings.save(SETTINGS)
    settings.save(replace(SETTINGS, channel="C2"))
    settings.save(replace(SETTINGS, private=False))
    assert settings.of("C1") == replace(SETTINGS, private=False)
    assert settings.of("C2") == replace(SETTINGS, channel="C2")
