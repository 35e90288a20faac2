"""Which deliveries from Slack were taken in, and which processes are at work: two small logs."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from redis import Redis

from storage.keys import KEEP_ARRIVED, KEEP_HEARTBEAT, KEEP_SEEN, Keys
from storage.redis_errors import translated

AHEAD = 5.0
"""Seconds: a beat further ahead than this was written before the server's clock was set back, and proves nothing: its
process would be taken to be at work for as long as that was."""
_OF_EVENTS = "event:"
"""How the keys of events begin; the event's name follows."""


class RedisInbox:
    """An ``Inbox`` on Redis."""

    def __init__(self, client: Redis, keys: Keys | None = None) -> None:
        self._redis = client
        self._keys = keys or Keys()

    def first_time(self, key: str) -> bool:
        """Record the key for a day; False when it is recorded already. That an event arrived at all is noted, too."""
        place, ours = self._keys.seen(key), uuid.uuid4().hex
        with translated():
            if self._record(key, place, ours):
                return True
            return self._redis.get(place) == ours  # the client repeats a command whose reply was lost

    def has(self, key: str) -> bool:
        """Return whether the key is recorded."""
        with translated():
            return bool(self._redis.exists(self._keys.seen(key)))

    def _record(self, key: str, place: str, ours: str) -> bool:
        if not key.startswith(_OF_EVENTS):
            return bool(self._redis.set(place, ours, nx=True, ex=KEEP_SEEN))
        with self._redis.pipeline(transaction=False) as both:
            # Whether they arrive is asked by `tunesmith doctor`; when, by how much is left of the key's time.
            both.set(self._keys.arrived(key.split(":")[1]), 1, ex=KEEP_ARRIVED)
            both.set(place, ours, nx=True, ex=KEEP_SEEN)
            # What keeps the note alone from being written keeps no delivery: raised for it, Slack would deliver again
            # what is recorded by then, and so would be lost.
            recorded = both.execute(raise_on_error=False)[-1]
        if isinstance(recorded, Exception):
            raise recorded
        return bool(recorded)

    def arrived(self, events: Sequence[str]) -> Mapping[str, float]:
        """Return for each of these events that arrived lately how many seconds ago the last one did."""
        with translated(), self._redis.pipeline(transaction=False) as asked:
            for each in events:
                asked.ttl(self._keys.arrived(each))
            left: list[int] = asked.execute()
        return {
            name: float(KEEP_ARRIVED - each) for name, each in zip(events, left, strict=True) if each >= 0
        }

    def forget(self, key: str) -> None:
        """Take the key back."""
        with translated():
            self._redis.delete(self._keys.seen(key))


class RedisIdentity:
    """What this store is known by: another Redis under the same prefix has another."""

    def __init__(self, client: Redis, keys: Keys) -> None:
        self._redis = client
        self._keys = keys

    def word(self) -> str:
        """Return it; it is made up when it is first asked for.

        Raises:
            Unavailable: Redis did not answer.
        """
        with translated():
            self._redis.set(self._keys.identity, uuid.uuid4().hex, nx=True)
            return str(self._redis.get(self._keys.identity))


class RedisHeartbeats:
    """A ``Heartbeats`` on Redis."""

    def __init__(self, client: Redis, keys: Keys | None = None) -> None:
        self._redis = client
        self._keys = keys or Keys()

    def beat(self, process: str) -> None:
        """Say that this process is at work now."""
        now = self._now()
        # Old beats go with each new one: every restart has a name of its own, and the set must not grow with them.
        with translated(), self._redis.pipeline(transaction=True) as both:
            both.zadd(self._keys.heartbeats, {process: now})
            both.zremrangebyscore(self._keys.heartbeats, "-inf", now - KEEP_HEARTBEAT)
            both.zremrangebyscore(self._keys.heartbeats, f"({now + AHEAD}", "+inf")
            both.execute()

    def last(self) -> Mapping[str, float]:
        """Return seconds since each process's last beat."""
        now = self._now()
        with translated():
            beats: Any = self._redis.zrangebyscore(
                self._keys.heartbeats, now - KEEP_HEARTBEAT, now + AHEAD, withscores=True
            )
        return {str(process): max(0.0, now - float(at)) for process, at in beats}

    def _now(self) -> float:
        with translated():
            seconds, micros = self._redis.time()
        return float(seconds) + float(micros) / 1e6
