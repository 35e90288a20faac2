"""The contract of where settings are kept of models and channels, held against the twins and Redis."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from redis import Redis

from bot.models.model import AnswerSettings
from bot.models.ports import AnswerSettingsRepository
from bot.questions.answerer import ChannelSettings
from bot.questions.ports import ChannelSettingsRepository
from storage import redis_settings
from storage.keys import Keys
from tests.doubles.settings import InMemoryAnswerSettings, InMemoryChannelSettings

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
OF_A_MODEL = AnswerSettings("arn:x", "U1", NOW, 0.2, 500, ("END", "\n\n"), "You route claims.")
OF_A_CHANNEL = ChannelSettings("C1", True, "U1", NOW)


@pytest.fixture(params=["twin", pytest.param("redis", marks=pytest.mark.redis_server)])
def both(request: pytest.FixtureRequest) -> tuple[AnswerSettingsRepository, ChannelSettingsRepository]:
    if request.param == "twin":
        return InMemoryAnswerSettings(), InMemoryChannelSettings()
    client: Redis = request.getfixturevalue("redis_client")
    keys: Keys = request.getfixturevalue("redis_keys")
    return redis_settings.answer_settings(client, keys), redis_settings.channel_settings(client, keys)


def test_the_last_settings_count(both: tuple[AnswerSettingsRepository, ChannelSettingsRepository]) -> None:
    models, channels = both
    assert models.of("arn:x") is None
    models.save(OF_A_MODEL)
    assert models.of("arn:x") == OF_A_MODEL
    plain = replace(OF_A_MODEL, temperature=None, stop=())
    models.save(plain)
    models.save(replace(OF_A_MODEL, arn="arn:y"))
    assert models.of("arn:x") == plain

    assert channels.of("C1") is None
    channels.save(OF_A_CHANNEL)
    channels.save(replace(OF_A_CHANNEL, channel="C2"))
    channels.save(replace(OF_A_CHANNEL, private=False))
    assert channels.of("C1") == replace(OF_A_CHANNEL, private=False)
    assert channels.of("C2") == replace(OF_A_CHANNEL, channel="C2")
