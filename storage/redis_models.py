"""Custom models on Redis."""

from redis import Redis

from bot.controller.damage import Damage
from bot.models.model import CustomModel
from storage.keys import Keys
from storage.redis_documents import RedisDocuments


class RedisModels:
    """A ``ModelRepository`` on Redis."""

    def __init__(self, client: Redis, keys: Keys | None = None, damage: Damage | None = None) -> None:
        self._documents = RedisDocuments(client, keys or Keys(), "models", CustomModel, damage)

    def save(self, model: CustomModel) -> None:
        """Add or replace it by its name."""
        self._documents.save(model.name.casefold(), model, at=model.created.timestamp())

    def find(self, name: str) -> CustomModel | None:
        """Return the model of that name (any case), or None."""
        return self._documents.get(name.casefold())

    def all(self) -> list[CustomModel]:
        """Return every model, newest first."""
        return self._documents.newest()
