"""What the last listing of a region said of each thing in it."""

import json
from collections.abc import Mapping

from redis import Redis

from bot.following.model import Document
from storage.keys import KEEP_OBSERVED, SCHEMA, Keys
from storage.redis_errors import translated


class RedisObservations:
    """An ``Observations`` on Redis. Two listings at once may both name a change: whoever reads it looks twice."""

    def __init__(self, client: Redis, keys: Keys | None = None) -> None:
        self._redis = client
        self._keys = keys or Keys()

    def put(self, region: str, seen: Mapping[str, Document]) -> list[str]:
        """Keep what was seen, by name, and return the names whose document changed."""
        if not seen:
            return []
        fresh = {name: _written(document) for name, document in seen.items()}
        places = [self._keys.observed(region, name) for name in fresh]
        with translated():
            known = self._redis.mget(places)
            with self._redis.pipeline(transaction=False) as writes:
                for place, text in zip(places, fresh.values(), strict=True):
                    writes.set(place, text, ex=KEEP_OBSERVED)
                writes.execute()
        return [name for (name, text), old in zip(fresh.items(), known, strict=True) if text != old]

    def get(self, region: str, name: str) -> Document | None:
        """Return what was last seen under that name, or None."""
        with translated():
            text = self._redis.get(self._keys.observed(region, name))
        kept = json.loads(str(text)) if text is not None else {}
        document: Document | None = kept.get("doc") if kept.get("v") == SCHEMA else None
        return document


def _written(document: Document) -> str:
    """Return the document as text, the same for the same content."""
    return json.dumps({"v": SCHEMA, "doc": document}, sort_keys=True, allow_nan=False, separators=(",", ":"))
