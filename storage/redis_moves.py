"""Which channels Slack gave another ID: one small hash."""

from collections.abc import Iterable, Mapping

from redis import Redis

from storage.keys import Keys
from storage.redis_errors import translated


class RedisMoves:
    """A ``KeptMoves`` on Redis."""

    def __init__(self, client: Redis, keys: Keys | None = None) -> None:
        self._redis = client
        self._keys = keys or Keys()

    def all(self) -> Mapping[str, str]:
        """Return the former ID by each later one."""
        with translated():
            return {
                str(later): str(former) for later, former in self._redis.hgetall(self._keys.moves).items()
            }

    def keep(self, later: str, former: str) -> None:
        """Keep it, unless something is kept under the later one."""
        with translated():
            self._redis.hsetnx(self._keys.moves, later, former)

    def drop(self, later: Iterable[str]) -> None:
        """Forget what is kept under these."""
        with translated():
            if gone := list(later):
                self._redis.hdel(self._keys.moves, *gone)
