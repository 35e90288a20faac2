"""How much is due and waits, by kind: a few sorted sets looked at in one go, whatever lies in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from redis import Redis

from storage.keys import Keys
from storage.redis_errors import translated


@dataclass(frozen=True, slots=True)
class Due:
    """How many resources of a kind are due and not taken, and for how many seconds the oldest of them has been."""

    count: int
    oldest: float


class RedisBacklog:
    """The work queue as whoever watches it sees it."""

    def __init__(self, client: Redis, keys: Keys) -> None:
        self._redis = client
        self._keys = keys

    def due(self, kinds: Sequence[str]) -> Mapping[str, Due]:
        """Return what waits of each of these kinds.

        Raises:
            Unavailable: Redis did not answer.
        """
        with translated():
            seconds, micros = self._redis.time()
            now = float(seconds) * 1000 + float(micros) / 1000
            asked = self._redis.pipeline(transaction=False)
            for kind in kinds:
                asked.zcount(self._keys.due(kind), "-inf", now)
                asked.zrange(self._keys.due(kind), 0, 0, withscores=True)
            answers: list[Any] = asked.execute()
        return {
            kind: Due(int(count), max(0.0, now - float(first[0][1])) / 1000 if count else 0.0)
            for kind, count, first in zip(kinds, answers[::2], answers[1::2], strict=True)
        }
