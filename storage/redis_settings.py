"""Settings of which the last that somebody set count, on Redis: how a model answers, how a channel is answered."""

from collections.abc import Callable
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from redis import Redis

from bot.controller.damage import Damage
from bot.models.model import AnswerSettings
from bot.questions.answerer import ChannelSettings
from storage.keys import Keys
from storage.redis_audit import RedisAudit
from storage.redis_documents import RedisDocuments


class _Settings(Protocol):
    @property
    def at(self) -> datetime:
        """When they were set."""


S = TypeVar("S", bound=_Settings)


class RedisSettings(Generic[S]):
    """``AnswerSettingsRepository`` and ``ChannelSettingsRepository`` on Redis; ``about`` says whose settings are."""

    def __init__(self, documents: RedisDocuments[S], about: Callable[[S], str]) -> None:
        self._documents = documents
        self._about = about

    def save(self, settings: S) -> None:
        """Add them, or replace those of the same model or channel."""
        self._documents.save(self._about(settings), settings, at=settings.at.timestamp())

    def of(self, about: str) -> S | None:
        """Return the settings of that model, by its ARN, or of that channel; None while nobody has set any."""
        return self._documents.get(about)


def answer_settings(
    client: Redis, keys: Keys, damage: Damage | None = None, audit: RedisAudit | None = None
) -> RedisSettings[AnswerSettings]:
    """Return how models answer."""
    documents = RedisDocuments(client, keys, "answer-settings", AnswerSettings, damage, audit)
    return RedisSettings(documents, lambda settings: settings.arn)


def channel_settings(
    client: Redis, keys: Keys, damage: Damage | None = None, audit: RedisAudit | None = None
) -> RedisSettings[ChannelSettings]:
    """Return how channels want to be answered."""
    documents = RedisDocuments(client, keys, "channel-settings", ChannelSettings, damage, audit)
    return RedisSettings(documents, lambda settings: settings.channel)
