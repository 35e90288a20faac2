"""To how many the same happened in the same minutes, on Redis."""

from redis import Redis

from storage import scripts
from storage.keys import KEEP_TOGETHER, Keys
from storage.redis_errors import translated


class RedisTogether:
    """A ``Together`` on Redis."""

    def __init__(self, client: Redis, keys: Keys | None = None) -> None:
        self._redis = client
        self._keys = keys or Keys()
        self._join = client.register_script(scripts.text("join_together"))

    def join(self, word: str, member: str) -> int:
        """Count the member, and return its place."""
        with translated():
            return int(self._join(keys=[self._keys.together(word)], args=[member, KEEP_TOGETHER]))

    def members(self, word: str) -> list[str]:
        """Return who was counted, by their places."""
        with translated():
            return [str(each) for each in self._redis.zrange(self._keys.together(word), 0, -1)]
