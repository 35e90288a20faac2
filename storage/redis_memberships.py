"""What Slack last said of people and of who is where, so that of several processes one asks."""

import json
import secrets
from collections.abc import Set as AbstractSet

from redis import Redis

from storage.keys import KEEP_EDITION, KEEP_MEMBERS, KEEP_PERSON, Keys
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


class RedisMembers:
    """A ``ToldMembers`` on Redis."""

    def __init__(self, client: Redis, keys: Keys | None = None) -> None:
        self._redis = client
        self._keys = keys or Keys()

    def told(self, channel: str) -> tuple[str, float, frozenset[str]]:
        """Return edition, when it was told, and who is in there; nobody where that is not known, or not any more."""
        with translated():
            kept, edition = self._redis.mget(self._keys.members(channel), self._keys.members_edition(channel))
        current = str(edition or "")
        try:
            was, at, *members = json.loads(kept or "[]")
            told = float(at), frozenset(str(each) for each in members)
        except (ValueError, TypeError):
            return current, 0.0, frozenset()
        return (current, *told) if was == current else (current, 0.0, frozenset())

    def tell(self, channel: str, edition: str, at: float, members: AbstractSet[str]) -> None:
        """Keep who is in there, under the edition that was current before Slack was asked."""
        kept = json.dumps([edition, at, *sorted(members)])
        with translated():
            self._redis.set(self._keys.members(channel), kept, ex=KEEP_MEMBERS)

    def forget(self, channel: str) -> None:
        """Begin a new edition: what was kept, or is being asked for just now, is of an old one."""
        with translated():
            self._redis.set(self._keys.members_edition(channel), secrets.token_hex(8), ex=KEEP_EDITION)
