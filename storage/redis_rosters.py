"""Who was in a user group when Slack last said, so that of several processes one asks."""

import json

from redis import Redis

from bot.rosters import Roster
from storage.keys import KEEP_ROSTER, Keys
from storage.redis_errors import translated


class RedisRosters:
    """A ``ToldRosters`` on Redis."""

    def __init__(self, client: Redis, keys: Keys | None = None) -> None:
        self._redis = client
        self._keys = keys or Keys()

    def told(self, principal: str) -> tuple[float, Roster] | None:
        """Return when it was told, in seconds since the epoch, and who; None: not lately, or it cannot be read."""
        with translated():
            text = str(self._redis.get(self._keys.roster(principal)) or "")
        try:
            found = json.loads(text)
            return float(found["at"]), Roster(frozenset(map(str, found["members"])), bool(found["open"]))
        except (ValueError, KeyError, TypeError):
            return None

    def tell(self, principal: str, at: float, roster: Roster) -> None:
        """Keep what was told, for some minutes."""
        text = json.dumps({"at": at, "members": sorted(roster.members), "open": roster.open})
        with translated():
            self._redis.set(self._keys.roster(principal), text, ex=KEEP_ROSTER)

    def forget(self, principal: str) -> None:
        """Forget it: somebody came or went."""
        with translated():
            self._redis.delete(self._keys.roster(principal))
