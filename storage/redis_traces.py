"""What carries spans over the work queue, on Redis: only where spans are sent at all."""

from redis import Redis

from storage.keys import KEEP_TRACE, Keys
from storage.redis_errors import translated


class RedisTraces:
    """``bot.tracing.Notes`` on Redis."""

    def __init__(self, client: Redis, keys: Keys | None = None) -> None:
        self._redis = client
        self._keys = keys or Keys()

    def keep(self, thing: str, traceparent: str) -> None:
        """Keep within which span it was asked for."""
        with translated():
            self._redis.set(self._keys.trace(thing), traceparent, ex=KEEP_TRACE)

    def of(self, thing: str) -> str:
        """Return within which span it was asked for; empty: nobody knows."""
        with translated():
            return str(self._redis.get(self._keys.trace(thing)) or "")
