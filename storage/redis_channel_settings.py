"""How channels want to be answered, on Redis."""

from redis import Redis

from bot.controller.damage import Damage
from bot.questions.answerer import ChannelSettings
from storage.keys import Keys
from storage.redis_audit import RedisAudit
from storage.redis_documents import RedisDocuments


class RedisChannelSettings:
    """``bot.questions.ports.ChannelSettingsRepository`` on Redis."""

    def __init__(
        self,
        client: Redis,
        keys: Keys | None = None,
        damage: Damage | None = None,
        audit: RedisAudit | None = None,
    ) -> None:
        self._documents = RedisDocuments(
            client, keys or Keys(), "channel-settings", ChannelSettings, damage, audit
        )

    def save(self, settings: ChannelSettings) -> None:
        """Add them, or replace those of the same channel."""
        self._documents.save(settings.channel, settings, at=settings.at.timestamp())

    def of(self, channel: str) -> ChannelSettings | None:
        """Return the settings of that channel, or None."""
        return self._documents.get(channel)
