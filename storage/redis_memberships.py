"""What Slack last said of people, so that of several processes one asks."""

from redis import Redis

from storage.keys import KEEP_PERSON, Keys
from storage.redis_errors import translated


class RedisMemberships:
    """A ``ToldMemberships`` on Redis."""

    def __init__(self, client: Redis, keys: Keys | None = None) -> None:
        self._redis = client
        self._keys = keys or Keys()

    def told(self, user: str) -> tuple[float, str] | None:
        """Return when it was told, in seconds since the epoch, and what; None: not lately, or it cannot be read."""
        with translated():
            at, _, what = str(self._redis.get(self._keys.person(user)) or "").partition(" ")
        try:
            return float(at), what
        except ValueError:
            return None

    def tell(self, user: str, at: float, what: str) -> None:
        """Keep what was told for an hour."""
        with translated():
            self._redis.set(self._keys.person(user), f"{at} {what}", ex=KEEP_PERSON)
