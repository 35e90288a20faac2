"""The contract of where is kept how models answer, held against the twin and Redis."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from redis import Redis

from bot.models.model import AnswerSettings
from bot.models.ports import AnswerSettingsRepository
from storage.keys import Keys
from storage.redis_answer_settings import RedisAnswerSettings
from tests.doubles.answer_settings import InMemoryAnswerSettings

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
SETTINGS = AnswerSettings("arn:x", "U1", NOW, 0.2, 500, ("END", "\n\n"), "You route claims.")


@pytest.fixture(params=["twin", pytest.param("redis", marks=pytest.mark.redis_server)])
def settings(request: pytest.FixtureRequest) -> AnswerSettingsRepository:
    if request.param == "twin":
        return InMemoryAnswerSettings()
    client: Redis = request.getfixturevalue("redis_client")
    keys: Keys = request.getfixturevalue("redis_keys")
    return RedisAnswerSettings(client, keys)


def test_the_last_settings_of_a_model_count(settings: AnswerSettingsRepository) -> None:
    assert settings.of("arn:x") is None
    settings.save(SETTINGS)
    assert settings.of("arn:x") == SETTINGS
    plain = replace(SETTINGS, temperature=None, stop=())
    settings.save(plain)
    settings.save(replace(SETTINGS, arn="arn:y"))
    assert settings.of("arn:x") == plain
