"""With which channels models were shared, on Redis."""

from redis import Redis

from bot.controller.damage import Damage
from bot.models.model import Share
from storage.keys import Keys
from storage.redis_audit import RedisAudit
from storage.redis_documents import RedisDocuments


class RedisShares:
    """``bot.models.ports.Shares`` on Redis."""

    def __init__(
        self,
        client: Redis,
        keys: Keys | None = None,
        damage: Damage | None = None,
        audit: RedisAudit | None = None,
    ) -> None:
        self._documents = RedisDocuments(client, keys or Keys(), "shares", Share, damage, audit)

    def save(self, share: Share) -> None:
        """Add it, or replace that of the same model and channel."""
        self._documents.save(f"{share.arn} {share.channel}", share, at=share.at.timestamp())

    def all(self) -> list[Share]:
        """Return every share, newest first."""
        return self._documents.newest()
