"""How models answer, on Redis."""

from redis import Redis

from bot.controller.damage import Damage
from bot.models.model import AnswerSettings
from storage.keys import Keys
from storage.redis_audit import RedisAudit
from storage.redis_documents import RedisDocuments


class RedisAnswerSettings:
    """``bot.models.ports.AnswerSettingsRepository`` on Redis."""

    def __init__(
        self,
        client: Redis,
        keys: Keys | None = None,
        damage: Damage | None = None,
        audit: RedisAudit | None = None,
    ) -> None:
        self._documents = RedisDocuments(
            client, keys or Keys(), "answer-settings", AnswerSettings, damage, audit
        )

    def save(self, settings: AnswerSettings) -> None:
        """Add them, or replace those of the same model."""
        self._documents.save(settings.arn, settings, at=settings.at.timestamp())

    def of(self, arn: str) -> AnswerSettings | None:
        """Return the settings of that model, or None."""
        return self._documents.get(arn)
