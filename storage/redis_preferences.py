"""What readers have said about being told things, on Redis."""

from redis import Redis

from bot.controller.damage import Damage
from bot.notifications.model import Reader
from storage.keys import Keys
from storage.redis_documents import RedisDocuments


class RedisPreferences:
    """A ``Readers`` on Redis."""

    def __init__(self, client: Redis, keys: Keys | None = None, damage: Damage | None = None) -> None:
        self._documents = RedisDocuments(client, keys or Keys(), "readers", Reader, damage)

    def get(self, user: str) -> Reader | None:
        """Return what the person said, or None."""
        return self._documents.get(user)

    def save(self, reader: Reader) -> None:
        """Keep what they said."""
        self._documents.save(reader.user, reader, at=reader.changed.timestamp())
