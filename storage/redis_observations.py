"""What the last listing of a region said of each job in it."""

import json
from collections.abc import Mapping

from redis import Redis

from bot.controller.model import Document
from bot.controller.schema import UNREADABLE
from storage.keys import KEEP_OBSERVED, SCHEMA, Keys
from storage.redis_documents import document_in
from storage.redis_errors import translated


class RedisObservations:
    """An ``Observations`` on Redis. What is kept expires; then it only counts as changed."""

    def __init__(self, client: Redis, keys: Keys | None = None) -> None:
        self._redis = client
        self._keys = keys or Keys()

    def changed(self, region: str, seen: Mapping[str, Document]) -> list[str]:
        """Return the names whose document is another one than what is kept."""
        if not seen:
            return []
        with translated():
            known = self._redis.mget([self._keys.observed(region, name) for name in seen])
        return [name for name, old in zip(seen, known, strict=True) if old != _written(seen[name])]

    def put(self, region: str, seen: Mapping[str, Document]) -> None:
        """Keep what was seen, by name."""
        # No MULTI: of what was not kept, a later listing says once more that it changed.
        with translated(), self._redis.pipeline(transaction=False) as writes:
            for name, document in seen.items():
                writes.set(self._keys.observed(region, name), _written(document), ex=KEEP_OBSERVED)
            writes.execute()

    def get(self, region: str, *names: str) -> list[Document | None]:
        """Return what was last seen under each name, or None."""
        with translated():
            texts = self._redis.mget([self._keys.observed(region, name) for name in names])
        return [_read(text) for text in texts]


def _read(text: object) -> Document | None:
    """Return what was seen, or None; what cannot be read is as good as never seen: AWS is asked again."""
    try:
        return dict(document_in(str(text))) if text is not None else None
    except UNREADABLE:
        return None


def _written(document: Document) -> str:
    """Return the document as text, the same for the same content."""
    return json.dumps({"v": SCHEMA, "doc": document}, sort_keys=True, allow_nan=False, separators=(",", ":"))
