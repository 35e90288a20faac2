"""A Redis that a person named for the demo: used under a prefix of the demo's own, and left as it was found."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from bot.errors import Unavailable


@dataclass(frozen=True, slots=True)
class SharedRedis:
    """Where it is, and what all keys of one demo begin with."""

    url: str
    prefix: str

    @classmethod
    def of(cls, url: str, folder: Path) -> "SharedRedis":
        """Return it for a demo that lives in ``folder``: demos in other folders do not see each other's keys."""
        return cls(url, f"tunesmith-demo-{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:8]}")

    def environment(self) -> dict[str, str]:
        """Return the bot's settings for it."""
        return {"REDIS_URL": self.url, "TUNESMITH_REDIS_PREFIX": self.prefix}

    def forget(self) -> int:
        """Delete the demo's keys, and nobody else's; return how many there were.

        Raises:
            Unavailable: the server did not answer.
        """
        try:
            with Redis.from_url(self.url, socket_timeout=5, socket_connect_timeout=5) as client:
                keys = list(client.scan_iter(match=f"{{{self.prefix}}}:*", count=1000))
                return int(client.unlink(*keys)) if keys else 0
        except RedisError as error:
            raise Unavailable(
                "The Redis at REDIS_URL does not answer.",
                hint="Start it, or unset REDIS_URL: then the demo runs a private one.",
            ) from error
