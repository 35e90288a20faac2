"""Names that stand for models, on Redis."""

from collections.abc import Callable

from redis import Redis

from bot.controller.damage import Damage
from bot.models.model import Alias
from storage.keys import Keys
from storage.redis_audit import RedisAudit
from storage.redis_documents import RedisDocuments


class RedisAliases:
    """``bot.models.ports.Aliases`` on Redis."""

    def __init__(
        self,
        client: Redis,
        keys: Keys | None = None,
        damage: Damage | None = None,
        audit: RedisAudit | None = None,
    ) -> None:
        self._documents = RedisDocuments(client, keys or Keys(), "aliases", Alias, damage, audit)

    def change(self, channel: str, name: str, make: Callable[[Alias | None], Alias]) -> Alias:
        """Keep what ``make`` returns; starts over while others change it."""
        place = f"{channel} {name.casefold()}"
        made: list[Alias] = []

        def document() -> tuple[str, Alias, float]:
            alias = make(self._documents.get(place))
            made.append(alias)
            return place, alias, alias.now.at.timestamp()

        self._documents.save_sole(f"alias {place}", document)
        return made[-1]

    def all(self) -> list[Alias]:
        """Return every alias, what changed last first."""
        return self._documents.newest()
