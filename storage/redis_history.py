"""How long finished jobs took, on Redis."""

from redis import Redis

from bot.controller.damage import Damage
from bot.jobs.history import Run
from storage.keys import Keys
from storage.redis_documents import RedisDocuments


class RedisHistory:
    """A ``JobHistory`` on Redis."""

    def __init__(self, client: Redis, keys: Keys | None = None, damage: Damage | None = None) -> None:
        self._documents = RedisDocuments(client, keys or Keys(), "runs", Run, damage)

    def save(self, run: Run) -> None:
        """Add it, once for each job."""
        self._documents.save(run.job_id, run, at=run.ended.timestamp(), tags=[run.profile])

    def newest(self, profile: str, limit: int = 100) -> list[Run]:
        """Return the runs of a base model, the latest first."""
        return self._documents.newest(profile, limit)
